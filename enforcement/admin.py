"""Drafting a notice on the desk that rests on no inspection, and reading any notice as a draft."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from enforcement import desk_drafting
from enforcement.models import Notice
from enforcement.papers import views
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Notice)
class NoticeAdmin(DeskModelAdmin):
    """Neither a list nor a page of a notice: those are the queue's and the case's."""

    read_permission = desk_drafting.DRAFT

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        chosen = path("", desk(desk_drafting.choose_page), name="enforcement_notice_changelist")
        begun = path("<int:employer>/draft/", desk(desk_drafting.draft_page), name="enforcement_notice_begin")
        read = path("<int:pk>/draft.pdf", desk(views.draft), name="enforcement_notice_draft")
        drafting = declare_all(needs(self.read_permission), [chosen, begun])
        return [*drafting, *declare_all(needs("casework.read"), [read])]
