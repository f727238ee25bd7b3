"""The routes of the public pages of guidance."""

from django.urls import path

from notifications.guidance.views import feed, public

app_name = "guidance"
urlpatterns = [
    path("", public.guidance_list, name="list"),
    path("feed.atom", feed.feed, name="feed"),
    path("<slug:slug>/", public.topic_page, name="topic"),
    path("<slug:slug>/versions/<int:number>/", public.version_page, name="version"),
    path("<slug:slug>/changes/<int:number>/", public.changes_page, name="changes"),
]
