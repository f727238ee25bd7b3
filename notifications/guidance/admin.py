"""Guidance and feedback on the desk. Nothing is written but by the services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from notifications.guidance.desk import feedback, showing, writing
from notifications.guidance.desk_home import ME, OTHERS, own
from notifications.guidance.models import Feedback, Theme, Version
from notifications.guidance.services import APPROVE, READ, WRITE
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs, signed_in
from regulator.casework.admin.filters import Choices, ClosedFilter


class WhoseFilter(ClosedFilter):
    title = "who wrote it"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(ME, "I wrote some of it"), (OTHERS, "Others alone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wrote = own(signed_in(request))
        found = {ME: queryset.filter(wrote), OTHERS: queryset.exclude(wrote)}
        return found.get(self.value() or "", queryset)


class ThemeFilter(ClosedFilter):
    title = "theme"
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(value, label) for value, label in Theme.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(theme=self.value()) if self.value() else queryset


@admin.register(Version)
class VersionAdmin(DeskModelAdmin):
    """Every version of guidance that was ever begun. At most 8 SQL queries at any size."""

    read_permission = READ
    list_display = ("title", "number", "state", "valid_from", "theme", "drafted_by", "drafted_at")
    list_filter = ("state", WhoseFilter, ThemeFilter)
    list_select_related = ("drafted_by",)
    search_fields = ("title", "topic__slug")
    search_help_text = "Words of the title"
    sortable_by = ("title", "state", "valid_from", "drafted_at")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view, write = self.admin_site.admin_view, declare(needs(WRITE))
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="guidance_version_changelist"),
                path("add/", write(view(writing.new_topic)), name="guidance_version_add"),
                path(
                    "topics/<slug:slug>/next/", write(view(writing.new_version)), name="guidance_version_next"
                ),
                path(
                    "topics/<slug:slug>/withdraw/",
                    write(view(writing.withdraw)),
                    name="guidance_version_withdraw",
                ),
                path("<int:pk>/change/", view(showing.version_page), name="guidance_version_change"),
                path("<int:pk>/write/", write(view(writing.change)), name="guidance_version_write"),
                path(
                    "<int:pk>/do/<slug:name>/",
                    write(view(writing.deed_page)),
                    {"permission": WRITE},
                    name="guidance_version_do",
                ),
                path(
                    "<int:pk>/decide/<slug:name>/",
                    declare(needs(APPROVE))(view(writing.deed_page)),
                    {"permission": APPROVE},
                    name="guidance_version_decide",
                ),
            ],
        )


@admin.register(Feedback)
class FeedbackAdmin(DeskModelAdmin):
    """What readers said. At most 8 SQL queries at any size."""

    read_permission = READ

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(feedback.counts_page), name="guidance_feedback_changelist"),
                path("said/", view(feedback.list_page), name="guidance_feedback_said"),
                path("said.csv", view(feedback.export), name="guidance_feedback_export"),
            ],
        )
