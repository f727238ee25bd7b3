"""The employer's pages of its inspections."""

from django.urls import path

from inspections import views

app_name = "inspections"
urlpatterns = [
    path("<str:reference>/", views.detail, name="detail"),
    path("<str:reference>/documents/<int:pk>/", views.document, name="document"),
    path("<str:reference>/attach/", views.attach, name="attach"),
    path("<str:reference>/files/<int:pk>/", views.download, name="file"),
]
