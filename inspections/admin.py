"""Opening an inspection on the desk that neither a notification nor a programme gave rise to."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from inspections.desk import opening
from inspections.models import Inspection
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Inspection)
class InspectionAdmin(DeskModelAdmin):
    """Neither a list nor a page of an inspection: those are the queue's and the case's."""

    read_permission = opening.OPEN

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        chosen = path("", view(opening.choose_page), name="inspections_inspection_changelist")
        opened = path("<int:employer>/open/", view(opening.open_page), name="inspections_inspection_open")
        return declare_all(needs(self.read_permission), [chosen, opened])
