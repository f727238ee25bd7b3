"""Where the notifications API lies, below ``/api/v1/``."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from notifications.api import NotificationViewSet
from notifications.api_checker import CriteriaCheckView

router = SimpleRouter()
router.register("notifications", NotificationViewSet, basename="api-notification")
urlpatterns = [
    *router.urls,
    path("criteria/check", CriteriaCheckView.as_view(), name="api-criteria-check"),
]
