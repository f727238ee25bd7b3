"""The routes by which readers say whether a page was useful."""

from django.urls import path

from notifications.guidance.views import feedback

app_name = "feedback"
urlpatterns = [
    path("thanks/", feedback.thanks, name="thanks"),
    path("<slug:kind>/<slug:key>/", feedback.give, name="give"),
]
