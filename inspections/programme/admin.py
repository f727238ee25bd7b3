"""The programme on the desk. Staff read it; inspectors and enforcement managers draw and change it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from inspections.programme.models import Programme
from inspections.programme.services.holding import APPROVE, PLAN
from inspections.programme.views import covering, doing, reading
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs, signed_in


@admin.register(Programme)
class ProgrammeAdmin(DeskModelAdmin):
    """Every year's programme. At most 8 SQL queries at any size."""

    read_permission = "risk.read"
    list_display = ("label", "state", "drawn_by", "drawn_at", "approved_by")
    list_filter = ("state",)
    list_select_related = ("drawn_by", "approved_by")
    sortable_by = ()
    change_list_template = "admin/programme/programmes.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view

        def page(route: str, found: Any, name: str, permission: str = self.read_permission) -> URLPattern:
            policy = declare(needs(permission))
            made: URLPattern = path(route, policy(view(found)), name=f"programme_programme_{name}")
            return made

        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="programme_programme_changelist"),
                page("coverage/", covering.coverage_page, "coverage"),
                page("coverage.csv", covering.coverage_file, "coverage_file"),
                page("draw/", doing.draw_page, "draw", PLAN),
                page("<int:pk>/", reading.programme_page, "change"),
                page("<int:pk>/selection-log.csv", reading.selection_log, "log"),
                page("<int:pk>/draw-again/", doing.again_page, "again", PLAN),
                page("<int:pk>/approve/", doing.approve_page, "approve", APPROVE),
                page("<int:pk>/add/", doing.add_page, "add", PLAN),
                page("<int:pk>/places/<int:place>/move/", doing.move_page, "move", PLAN),
                page("<int:pk>/places/<int:place>/take-off/", doing.drop_page, "drop", PLAN),
                page("<int:pk>/places/<int:place>/open/", doing.open_page, "open", "inspections.open"),
            ],
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may_draw = PLAN in signed_in(request).staff_grants
        return super().changelist_view(request, {**(extra_context or {}), "may_draw": may_draw})

    @admin.display(description="Year")
    def label(self, programme: Programme) -> str:
        return programme.label
