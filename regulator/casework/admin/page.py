"""The page of one case, and its whole timeline. At most 15 SQL queries, however much hangs on the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import (
    DEEDS_OF_ANY_KIND,
    DESK_PANELS,
    EVERYDAY,
    DeskAction,
    FactSection,
    actions_for,
    facts_for,
)
from regulator.casework.linking_desk import deeds_for as linking_deeds
from regulator.casework.mentions import told_to
from regulator.casework.models import Case, CaseLink, Referral
from regulator.casework.reading import listed, read_lists
from regulator.casework.referral_desk import deeds_for as referral_deeds
from regulator.casework.restriction_desk import deeds_for as restriction_deeds
from regulator.casework.services import record_view
from regulator.casework.services.opening import Opening
from regulator.casework.standing import banners
from regulator.casework.telling import events_of, timeline
from regulator.casework.visibility import remember_interest
from regulator.casework.wording import as_text, days
from regulator.organisations.models import Interest
from regulator.organisations.policies import NotPermitted

NEWEST: Final = 50
UNREADABLE: Final = "There is no such case, or it is not for you to read."


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed on the page, and why it may not be done now (``""`` where it may)."""

    action: DeskAction
    refusal: str


def readable_case(request: HttpRequest, pk: int) -> Case:
    """The case, if this person may read it (one query). Else ``Http404``: a stranger learns nothing.

    That they look at a restricted case, on which page and under which right, is recorded before anything of
    it is shown (two queries more). The case knows that right, and what interests were declared in its
    employer.
    """
    by = signed_in(request)
    linked = CaseLink.objects.standing().filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    referred = Referral.objects.filter(case=OuterRef("pk"))
    declared = Interest.objects.current().filter(employer=OuterRef("employer"))
    cases = Case.objects.for_user(by).select_related("employer", "site", "assignee")
    told = cases.annotate(
        has_links=Exists(linked),
        has_referrals=Exists(referred),
        has_standing_referrals=Exists(referred.standing()),
        reader_interest=Exists(declared.filter(person=by.pk)),
        holder_interest=Exists(declared.filter(person=OuterRef("assignee"))),
    )
    try:
        case = told.get(pk=pk)
    except Case.DoesNotExist:
        raise Http404(UNREADABLE) from None
    remember_interest(case, by, vars(case)["reader_interest"])
    vars(case)["opening"] = look(request, case)
    return case


def look(request: HttpRequest, case: Case) -> Opening | None:
    """Record that this person looks at a restricted case on this page, and answer under which right.

    ``Http404`` where they have none any more; nothing is recorded of a case that is open to all.
    """
    match = request.resolver_match
    what = match.url_name if match is not None and match.url_name else "page"
    try:
        return record_view(case=case, by=signed_in(request), what=what, path=request.path)
    except NotPermitted as refused:
        raise Http404(UNREADABLE) from refused


def offers(actions: Iterable[DeskAction], case: Case, by: User) -> list[Offer]:
    """Each deed with its refusal: those that may be done first, what ends a case last among them; of
    several refused under one label only the first."""
    made = [Offer(action, action.refusal(case, by)) for action in actions]
    made.sort(key=lambda offer: (bool(offer.refusal), not offer.refusal and offer.action.warning))
    shown: dict[str, Offer] = {}
    for offer in made:
        shown.setdefault(offer.action.label, offer)
    return list(shown.values())


@require_safe
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one case that staff need at a glance, and what they may do next."""
    by = signed_in(request)
    case = readable_case(request, pk)
    read_lists(case)
    events = list(events_of(case)[: NEWEST + 1])
    facts, panels = told_to(by, facts_for(case), [panel(case) for panel in DESK_PANELS.values()])
    offered = offers(_deeds_on(case), case, by)
    context = {
        **admin.site.each_context(request),
        "title": str(case),
        "case": case,
        "opts": Case._meta,
        "banners": banners(
            case,
            opening=vars(case)["opening"],
            reader_interest=vars(case)["reader_interest"],
            holder_interest=vars(case)["holder_interest"],
        ),
        "facts": [about(case), *facts],
        "panels": panels,
        "possible": [each for each in offered if not each.refusal],
        "refused": [each for each in offered if each.refusal],
        "everyday": {each.action.name: each for each in offers(EVERYDAY.values(), case, by)},
        "notes": listed(case, "casework.notes"),
        "requests": listed(case, "casework.requests"),
        "confirmations": listed(case, "casework.confirmations"),
        "attachments": listed(case, "casework.files"),
        "timeline": timeline(case, events[:NEWEST]),
        "has_more": len(events) > NEWEST,
    }
    return TemplateResponse(request, "admin/casework/case/page.html", context)


def _deeds_on(case: Case) -> Iterable[DeskAction]:
    """The deeds that its page offers, allowed at the moment or not; none on a redacted case."""
    if case.redacted_at is not None:
        return ()
    return (*actions_for(case.kind), EVERYDAY.get("assign"), *_of_any_kind(case))


def _of_any_kind(case: Case) -> Iterable[DeskAction]:
    """The deeds that fit any case as it stands (no query)."""
    contributed = (each for deeds in DEEDS_OF_ANY_KIND.values() for each in deeds(case))
    return (*restriction_deeds(case), *linking_deeds(case), *referral_deeds(case), *contributed)


def about(case: Case) -> FactSection:
    """What every kind of case has (no query)."""
    late = (clock.today() - case.next_due_on).days if case.next_due_on else 0
    rows: list[tuple[str, object]] = [
        ("Kind", case.kind_label),
        ("Employer", case.employer),
        ("Site", case.site),
        ("Modality", case.get_modality_display()),
        ("Summary", case.summary),
        ("Assigned to", case.assignee or "Nobody"),
        ("Opened", case.opened_at or "Not opened yet"),
        ("Next due", case.next_due_on or "No deadline"),
    ]
    if late > 0:
        rows[-1] = ("Next due", f"{as_text(case.next_due_on)}: overdue by {days(late)}")
    if case.closed_at:
        rows.append(("Closed", case.closed_at))
    if case.origin != Case.Origin.LIVE:
        rows.append(("Origin", case.get_origin_display()))
    return FactSection("The case", tuple(rows))


@require_safe
def timeline_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole timeline, newest first, a hundred events a page."""
    case = readable_case(request, pk)
    shown = Paginator(events_of(case), 100).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": f"Timeline of {case}",
        "case": case,
        "opts": Case._meta,
        "page": shown,
        "timeline": timeline(case, shown.object_list),
    }
    return TemplateResponse(request, "admin/casework/case/timeline.html", context)
