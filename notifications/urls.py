"""The employer's pages."""

from django.urls import path

from notifications.views import drafting, files, following, home, sign_off

app_name = "notifications"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", drafting.start, name="start"),
    path("draft/<int:pk>/", drafting.draft, name="draft"),
    path("draft/<int:pk>/check/", drafting.check, name="check"),
    path("draft/<int:pk>/discard/", drafting.discard, name="discard"),
    path("draft/<int:pk>/sign-off/", sign_off.ask, name="sign-off"),
    path("draft/<int:pk>/sign-off/<int:sign_off>/cancel/", sign_off.cancel, name="sign-off-cancel"),
    path("sign-off-rule/<slug:key>/", sign_off.rule, name="sign-off-rule"),
    path("draft/<int:pk>/<slug:slug>/", drafting.edit, name="edit"),
    path("<str:reference>/", following.detail, name="detail"),
    path("<str:reference>/attach/", files.attach, name="attach"),
    path("<str:reference>/attachments/<int:pk>/", files.download, name="attachment"),
    path("<str:reference>/receipt.pdf", following.receipt, name="receipt"),
    path("<str:reference>/report/", following.report, name="report"),
    path("<str:reference>/requests/<int:pk>/", following.answer, name="answer"),
    path("<str:reference>/withdraw/", following.withdraw, name="withdraw"),
]
