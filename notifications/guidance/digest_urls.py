"""The routes of the monthly digest. ``settings.SECRET_PATHS`` keeps the secret in its link out of logs."""

from django.urls import path

from notifications.guidance.views import digest

app_name = "digest"
urlpatterns = [
    path("", digest.setting, name="setting"),
    path("stop/<str:token>/", digest.stop, name="stop"),
]
