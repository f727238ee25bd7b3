"""Where the documents of a notice are read: those that were served, by the employer's people and by staff;
the draft by staff alone."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from enforcement.models import Notice
from enforcement.papers.models import Paper
from enforcement.papers.queries import paper_to_read
from enforcement.papers.setting import as_served, set_draft
from inspections.queries import in_reach
from regulator.accounts.policies import Policy, declare, signed_in
from regulator.accounts.roles import roles_with
from regulator.casework.admin.page import readable_case
from regulator.casework.services import record_view

READERS: Final = Policy(
    "who follows notices", roles=roles_with("enforcement.follow") | roles_with("casework.read")
)


@declare(READERS)
@require_safe
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """The notice as it was served, as a tagged PDF. Staff who read that of a restricted case are recorded."""
    return _served(request, reference, Paper.Kind.NOTICE, "notice")


@declare(READERS)
@require_safe
def leaflet(request: HttpRequest, reference: str) -> HttpResponse:
    """The leaflet on appeals that went with the notice."""
    return _served(request, reference, Paper.Kind.LEAFLET, "appeal-leaflet")


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice as it stands, marked as a draft, whatever its state: for staff who may see its case (at most
    six queries). 404 for any other, and for one that was redacted."""
    case = readable_case(request, in_reach(pk))
    found = Notice.objects.select_related("legal_power").filter(case__redacted_at=None)
    notice = get_object_or_404(found, pk=case.pk)
    return _pdf(set_draft(case, notice), f"{case.reference or f'draft-{case.pk}'}-draft.pdf")


def _served(request: HttpRequest, reference: str, kind: Paper.Kind, name: str) -> HttpResponse:
    by = signed_in(request)
    paper = paper_to_read(reference, kind, by)
    case = paper.attempt.notice.case
    if by.role:
        record_view(case=case, by=by, what=str(kind.label).lower(), path=request.path)
    return _pdf(as_served(paper), f"{case.reference}-{name}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
