"""The employer's pages."""

from django.urls import path

from notifications.views import (
    actions,
    amending,
    checking,
    drafting,
    editing,
    files,
    following,
    home,
    more_time,
    reporting,
    sign_off,
)

app_name = "notifications"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", drafting.start, name="start"),
    path("draft/<int:pk>/", drafting.draft, name="draft"),
    path("draft/<int:pk>/check/", checking.check, name="check"),
    path("draft/<int:pk>/discard/", drafting.discard, name="discard"),
    path("draft/<int:pk>/attach/", files.attach_to_draft, name="attach_to_draft"),
    path("draft/<int:pk>/files/<int:attachment>/", files.download_of_draft, name="draft_attachment"),
    path("draft/<int:pk>/files/<int:attachment>/remove/", files.remove, name="remove_attachment"),
    path("draft/<int:pk>/sign-off/", sign_off.ask, name="sign-off"),
    path("draft/<int:pk>/sign-off/<int:sign_off>/cancel/", sign_off.cancel, name="sign-off-cancel"),
    path("sign-off-rule/<slug:key>/", sign_off.rule, name="sign-off-rule"),
    path("draft/<int:pk>/kind/", drafting.kind, name="kind"),
    path("draft/<int:pk>/<slug:slug>/", editing.edit, name="edit"),
    path("<str:reference>/", following.detail, name="detail"),
    path("<str:reference>/attach/", files.attach, name="attach"),
    path("<str:reference>/attachments/<int:pk>/", files.download, name="attachment"),
    path("<str:reference>/receipt.pdf", following.receipt, name="receipt"),
    path("<str:reference>/report/", reporting.report, name="report"),
    path("<str:reference>/report/check/", reporting.check, name="report_check"),
    path("<str:reference>/report/<slug:slug>/", reporting.section, name="report_section"),
    path("<str:reference>/actions/new/", actions.add, name="action_add"),
    path("<str:reference>/actions/<int:pk>/", actions.action, name="action"),
    path("<str:reference>/actions/<int:pk>/<slug:deed>/", actions.change, name="action_change"),
    path("<str:reference>/requests/<int:pk>/", following.answer, name="answer"),
    path("<str:reference>/more-time/", more_time.ask, name="more_time"),
    path("<str:reference>/amend/", amending.amend, name="amend"),
    path("<str:reference>/amend/drop/", amending.drop, name="amend_drop"),
    path("<str:reference>/amend/<slug:slug>/", amending.edit, name="amend_section"),
    path("<str:reference>/versions/<int:number>/", amending.version, name="version"),
    path("<str:reference>/submitted/", checking.submitted, name="submitted"),
    path("<str:reference>/withdraw/", following.withdraw, name="withdraw"),
]
