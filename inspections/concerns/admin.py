"""Recording a concern on the desk. Lists and pages of concerns are the queue's and the case's."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from inspections.concerns.desk import recording
from inspections.concerns.lifecycle import RECORD
from inspections.concerns.models import Concern
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Concern)
class ConcernAdmin(DeskModelAdmin):
    """Neither a list nor a page of a concern: those are the queue's and the case's."""

    read_permission = RECORD

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        chosen = path("", view(recording.choose_page), name="concerns_concern_changelist")
        record = path("<int:employer>/record/", view(recording.record_page), name="concerns_concern_record")
        return declare_all(needs(self.read_permission), [chosen, record])
