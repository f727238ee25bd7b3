"""Drafting a notice on the desk, and reading it as a draft."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from enforcement.models import Notice
from enforcement.papers import views
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Notice)
class NoticeAdmin(DeskModelAdmin):
    """Neither a list nor a page of a notice: those are the queue's and the case's."""

    read_permission = "casework.read"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It stands in no menu: there is no list to lead to."""
        return False

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        draft = self.admin_site.admin_view(views.draft)
        page = path("<int:pk>/draft.pdf", draft, name="enforcement_notice_draft")
        return declare_all(needs(self.read_permission), [page])
