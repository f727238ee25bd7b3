"""The page of an employer's own figures, beside the others of its house, and its tables as files."""

from django.urls import path

from notifications.own_figures import views

app_name = "own_figures"
urlpatterns = [
    path("<slug:key>/figures/", views.own_figures, name="year"),
    path("<slug:key>/figures/<slug:table>/csv/", views.as_file, name="file"),
]
