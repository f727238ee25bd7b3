"""The public criteria checker."""

from django.urls import path

from notifications.views import checker

app_name = "criteria"
urlpatterns = [
    path("", checker.start, name="start"),
    path("answer/", checker.answer, name="answer"),
    path("draft/", checker.begin_draft, name="draft"),
    path("<slug:slug>/", checker.questions, name="questions"),
]
