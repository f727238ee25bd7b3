"""Checklists on the desk: staff who read cases read them, inspectors answer them."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from inspections.checklists.models import Checklist
from inspections.checklists.views import answering, finding, listing, noting, worker
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs


@admin.register(Checklist)
class ChecklistAdmin(DeskModelAdmin):
    """The ready lists to read, and each inspection's own. Every page asks whose the case is to read."""

    read_permission = "casework.read"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        finds = declare(needs("inspections.record_finding"))
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(listing.ready_page), name="checklists_checklist_changelist"),
                path("worker.js", desk(worker.worker, cacheable=True), name="checklists_worker"),
                path("of/<int:case>/", desk(listing.case_page), name="checklists_of_case"),
                path("of/<int:case>/notes/", desk(noting.notes_page), name="checklists_notes"),
                path("<int:pk>/", desk(answering.checklist_page), name="checklists_checklist_change"),
                path("<int:pk>/sync/", desk(answering.sync), name="checklists_sync"),
                path(
                    "<int:pk>/items/<slug:item>/finding/",
                    finds(desk(finding.finding_page)),
                    name="checklists_item_finding",
                ),
            ],
        )
