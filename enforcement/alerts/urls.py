"""The routes of alerts. ``settings.SECRET_PATHS`` keeps the secrets in their addresses out of logs."""

from django.urls import path

from enforcement.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("asked/", views.asked, name="asked"),
    path("confirm/<str:secret>/", views.confirm, name="confirm"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
