"""Proposed entries on the desk: what each would say beside what stands, and the correction of entries that no
notice stands behind."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from enforcement.gate.conditions import PREPARE, PUBLISH
from enforcement.gate.models import Proposal
from enforcement.gate.views import imported, reading
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs


@admin.register(Proposal)
class ProposalAdmin(DeskModelAdmin):
    """The list leads to the entries without a notice; those of notices are found on their cases."""

    read_permission = "casework.read"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view

        def page(route: str, found: Any, name: str, permission: str = self.read_permission) -> URLPattern:
            policy = declare(needs(permission))
            made: URLPattern = path(route, policy(view(found)), name=f"gate_proposal_{name}")
            return made

        return declare_all(
            needs(self.read_permission),
            [
                page("", imported.overview, "changelist"),
                page("<int:pk>/", reading.proposal_page, "change"),
                page("<int:pk>/entry.pdf", reading.proposal_pdf, "pdf"),
                page("<int:pk>/approve/", imported.approve_page, "approve", PUBLISH),
                page("<int:pk>/return/", imported.return_page, "return", PUBLISH),
                page("entries/<slug:slug>/correct/", imported.correct_page, "correct", PREPARE),
                page("entries/<slug:slug>/remove/", imported.remove_page, "remove", PREPARE),
            ],
        )
