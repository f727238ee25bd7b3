"""The routes of the public library of learning."""

from django.urls import path

from notifications.learning.views import public

app_name = "learning"
urlpatterns = [
    path("", public.library, name="list"),
    path("feed.atom", public.feed, name="feed"),
    path("<int:number>/<slug:slug>/", public.one, name="one"),
]
