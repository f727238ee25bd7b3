"""Annual reports on the desk. Staff read them; analysts write and freeze; others sign and publish."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs, signed_in
from regulator.statistics.reports.desk_pages import doing, reading, writing
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.permissions import PUBLISH, READ, SIGN, WRITE


@admin.register(Report)
class ReportAdmin(DeskModelAdmin):
    """Every edition of every year. At most 8 SQL queries at any size."""

    read_permission = READ
    list_display = ("label", "edition", "state", "started_by", "published_at")
    list_filter = ("state",)
    list_select_related = ("started_by",)
    sortable_by = ()
    change_list_template = "admin/reports/reports.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view

        def page(route: str, found: Any, name: str, permission: str = READ) -> URLPattern:
            policy = declare(needs(permission))
            made: URLPattern = path(route, policy(view(found)), name=f"reports_report_{name}")
            return made

        return declare_all(
            needs(READ),
            [
                path("", view(self.changelist_view), name="reports_report_changelist"),
                page("start/", doing.start_page, "start", WRITE),
                page("<int:pk>/", reading.report_page, "change"),
                page("<int:pk>/text/<slug:place>/", writing.block_page, "block", WRITE),
                page("<int:pk>/freeze/", doing.freeze_page, "freeze", WRITE),
                page("<int:pk>/freezes/<int:number>/", reading.freeze_page, "frozen"),
                page("<int:pk>/freezes/<int:number>/report.pdf", reading.freeze_pdf, "pdf"),
                page("<int:pk>/freezes/<int:number>/again/", doing.set_again_page, "again", WRITE),
                page("<int:pk>/sign/", doing.sign_page, "sign", SIGN),
                page("<int:pk>/publish/", doing.publish_page, "publish", PUBLISH),
                page("<int:pk>/correct/", doing.correct_page, "correct", WRITE),
            ],
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may_start = WRITE in signed_in(request).staff_grants
        return super().changelist_view(request, {**(extra_context or {}), "may_start": may_start})

    @admin.display(description="Year")
    def label(self, report: Report) -> str:
        return report.label
