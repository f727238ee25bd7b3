"""The feed. The secret is part of the address; ``settings.SECRET_PATHS`` keeps it out of logs."""

from django.urls import path

from inspections.diary.views import feed

urlpatterns = [path("<str:secret>/inspections.ics", feed, name="diary_feed")]
