"""The routes of the public register's pages."""

from django.urls import path

from enforcement.register import views

app_name = "register"
urlpatterns = [
    path("", views.register_list, name="list"),
    path("<slug:slug>/", views.register_entry, name="entry"),
]
