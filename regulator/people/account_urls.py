"""Where one is signed in oneself."""

from django.urls import path

from regulator.people.views import own_sessions

urlpatterns = [
    path("", own_sessions.sessions, name="own_sessions"),
    path("others/end/", own_sessions.end_others, name="own_sessions_end_others"),
    path("<slug:key>/end/", own_sessions.end_session, name="own_session_end"),
]
