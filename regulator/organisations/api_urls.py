"""Where the API of an employer's own house lies, below ``/api/v1/``."""

from django.urls import path

from regulator.organisations.api import ActivityView, ReturnView

urlpatterns = [
    path("activity/", ActivityView.as_view(), name="api-activity"),
    path("activity/<slug:year>/<slug:modality>/", ReturnView.as_view(), name="api-activity-return"),
]
