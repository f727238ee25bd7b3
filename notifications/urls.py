"""The employer's pages."""

from django.urls import path

from notifications.views import checking, drafting, editing, files, following, home

app_name = "notifications"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", drafting.start, name="start"),
    path("draft/<int:pk>/", drafting.draft, name="draft"),
    path("draft/<int:pk>/check/", checking.check, name="check"),
    path("draft/<int:pk>/discard/", drafting.discard, name="discard"),
    path("draft/<int:pk>/kind/", drafting.kind, name="kind"),
    path("draft/<int:pk>/<slug:slug>/", editing.edit, name="edit"),
    path("<str:reference>/", following.detail, name="detail"),
    path("<str:reference>/attach/", files.attach, name="attach"),
    path("<str:reference>/attachments/<int:pk>/", files.download, name="attachment"),
    path("<str:reference>/report/", following.report, name="report"),
    path("<str:reference>/requests/<int:pk>/", following.answer, name="answer"),
    path("<str:reference>/submitted/", checking.submitted, name="submitted"),
    path("<str:reference>/withdraw/", following.withdraw, name="withdraw"),
]
