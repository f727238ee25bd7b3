"""A proposed entry as staff read it: every field beside what stands, its clocks, and its PDF."""

from typing import Final

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from enforcement.gate.comparing import compared
from enforcement.gate.content import snapshot_from
from enforcement.gate.models import Paper, Proposal
from enforcement.gate.queries import readable_by
from enforcement.register.services import EntrySnapshot, shown
from regulator.accounts.policies import signed_in
from regulator.casework.services import record_view
from regulator.casework.wording import as_text
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import NotPermitted

UNREADABLE: Final = "There is no such proposal, or it is not for you to read."
_CLOCKS: Final = ("publish", "register_update", "safe_entry", "secretary_appeal")


@require_safe
def proposal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the entry would say, beside what stands now; of one that ended, beside what it replaced. At most 9
    queries."""
    proposal = proposal_for(request, pk)
    said = snapshot_from(proposal.content)
    before = _before(proposal)
    lines = compared(before, said) if proposal.kind != Proposal.Kind.REMOVE else compared(before, said)[:0]
    context = {
        **admin.site.each_context(request),
        "title": f"{proposal.get_kind_display()}, version {proposal.number}",
        "opts": Proposal._meta,
        "proposal": proposal,
        "case": proposal.notice.case if proposal.notice is not None else None,
        "entry": said,
        "stands": before is not None,
        "lines": lines,
        "changed": [each for each in lines if each.changes],
        "facts": _facts(proposal),
        "clocks": _clocks(proposal),
    }
    return TemplateResponse(request, "admin/gate/proposal.html", context)


@require_safe
def proposal_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as the public would get it. 3 queries."""
    proposal = proposal_for(request, pk)
    paper = Paper.objects.filter(proposal=proposal).first()
    if paper is None:
        raise Http404(UNREADABLE)
    answer = HttpResponse(bytes(paper.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{proposal.slug}-{proposal.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def proposal_for(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, if this person may read it; else, and for one that was redacted, ``Http404``. That they
    look at one of a restricted case is recorded."""
    by = signed_in(request)
    people = ("proposed_by", "edited_by", "approved_by", "returned_by", "notice__case")
    found = readable_by(by).select_related(*people).exclude(content={}).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise Http404(UNREADABLE)
    if found.notice is not None:
        try:
            record_view(case=found.notice.case, by=by, what="proposal", path=request.path)
        except NotPermitted as refused:
            raise Http404(UNREADABLE) from refused
    return found


def _before(proposal: Proposal) -> EntrySnapshot | None:
    """What the proposal is read beside: what stands while it is open, else what was released before it."""
    if proposal.is_open:
        return shown(proposal.slug)
    earlier = Proposal.objects.filter(
        slug=proposal.slug, number__lt=proposal.number, state=Proposal.State.RELEASED
    )
    content = earlier.exclude(content={}).order_by("-number").values_list("content", flat=True).first()
    return snapshot_from(content) if content else None


def _facts(proposal: Proposal) -> list[tuple[str, object]]:
    """Where it stands, and who had to do with it."""
    rows: list[tuple[str, object]] = [
        ("State", proposal.get_state_display()),
        ("Why", proposal.get_cause_display()),
        ("In whose words", proposal.why),
        ("Proposed by", proposal.proposed_by or "The portal"),
        ("Proposed on", proposal.proposed_at),
        ("Edited by", proposal.edited_by or "Nobody"),
        ("Not before", proposal.embargo_until or "At once"),
        ("Why it must wait", proposal.embargo_why),
        ("Approved by", proposal.approved_by or ""),
        ("Approved on", proposal.approved_at),
        ("On the register since", proposal.released_at),
        ("As version", proposal.version or ""),
        ("Given back by", proposal.returned_by or ""),
        ("Why it was given back", proposal.returned_why),
        ("SHA-256 of the content", proposal.sha256),
        ("SHA-256 of the PDF", proposal.document_sha256),
    ]
    return [row for row in rows if row[1] not in ("", None)]


def _clocks(proposal: Proposal) -> list[tuple[str, str]]:
    """The clocks of the entry that run, and by which rule (one query)."""
    if proposal.notice is None:
        return []
    running = Deadline.objects.open().filter(case=proposal.notice.case, kind__in=_CLOCKS).order_by("due_on")
    return [
        (str(each.label), f"{as_text(each.due_on)} ({DEADLINES.get(each.kind).source})") for each in running
    ]
