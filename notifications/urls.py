"""The employer's pages."""

from django.urls import path

from notifications import views, views_attachments

app_name = "notifications"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.start, name="start"),
    path("draft/<int:pk>/", views.draft, name="draft"),
    path("draft/<int:pk>/check/", views.check, name="check"),
    path("draft/<int:pk>/discard/", views.discard, name="discard"),
    path("draft/<int:pk>/<slug:slug>/", views.edit, name="edit"),
    path("<str:reference>/", views.detail, name="detail"),
    path("<str:reference>/attach/", views_attachments.attach, name="attach"),
    path("<str:reference>/attachments/<int:pk>/", views_attachments.download, name="attachment"),
    path("<str:reference>/report/", views.report, name="report"),
    path("<str:reference>/requests/<int:pk>/", views.answer, name="answer"),
    path("<str:reference>/withdraw/", views.withdraw, name="withdraw"),
]
