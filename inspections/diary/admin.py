"""The diary on the desk: one page for whoever reads cases."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from inspections.diary.models import FeedKey
from inspections.diary.views import diary_page
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(FeedKey)
class DiaryAdmin(DeskModelAdmin):
    """No list and no page of a key: only the diary."""

    read_permission = "casework.read"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        page = self.admin_site.admin_view(diary_page)
        return declare_all(needs(self.read_permission), [path("", page, name="diary_feedkey_changelist")])
