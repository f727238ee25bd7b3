"""A notice as the people of the employer on which it was served read it. One that is not theirs, or of which
they do not know yet, is not found (404)."""

from http import HTTPStatus
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from enforcement.binding import is_suspended
from enforcement.compliance import history, queries
from enforcement.compliance.services.appealing import not_tellable
from enforcement.compliance.services.holding import ANSWER, not_fileable
from enforcement.compliance.services.more_time import not_askable
from enforcement.gate.clocks import claim_closes, secretary_appeal_closes
from enforcement.gate.drawing import claim_of
from enforcement.gate.services.claiming import CLAIM, claim_ended, not_claimable
from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.models import Notice
from enforcement.register.wording import appeal_means, seen_on
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework.files import handed_over, why_unreadable
from regulator.organisations.policies import may

FOLLOWS: Final = needs("enforcement.follow", among=EMPLOYER_ROLES)
A_PAGE: Final = 25


@declare(FOLLOWS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The notices served on their employers, those that still run first (at most six queries)."""
    page = Paginator(queries.notices_for(signed_in(request)), A_PAGE).get_page(request.GET.get("page"))
    employers = {each.case.employer_id for each in page.object_list}
    suspended = {each.pk for each in page.object_list if is_suspended(each)}
    context = {"page": page, "several": len(employers) > 1, "suspended": suspended}
    return render(request, "notices/list.html", context)


@declare(FOLLOWS)
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """What a notice says, what to do by when, how each date was found, and what became of it (at most
    seventeen queries, whatever hangs on it)."""
    reader = signed_in(request)
    notice = queries.detail(reference, reader)
    sets = queries.sets_of(notice)
    asked, claims = queries.requests_of(notice), queries.claims_of(notice)
    appeals, told = queries.appeals_of(notice), history.told_of(notice)
    context: dict[str, Any] = {
        "notice": notice,
        "case": notice.case,
        "inspection": _known(notice.inspection),
        "provisions": [each.provision for each in notice.breaches.select_related("provision")],
        "seen_on": seen_on(notice.type),
        "papers": queries.papers_of(notice),
        "appeal_means": appeal_means(notice.type),
        "appeal_by": last_day_to_appeal_cautious(notice.served_on) if notice.served_on else None,
        "claim_by": claim_closes(notice.served_on) if notice.served_on else None,
        "changed_since": history.changed_since_service(notice, told),
        "clocks": history.clocks_of(notice, told, appeals),
        "history": history.in_words(told),
        "sets": [each for each in sets if not each.is_draft],
        "in_hand": next((each for each in sets if not each.returned_at and not each.accepted_at), None),
        "asked": asked[0] if asked else None,
        "claims": claims,
        "claim": next((each for each in claims if each.is_open), None),
        "appeals": appeals,
        **_secret(notice),
        "by_appeal": is_suspended(notice),
        "suspended": any(each.suspends_on(clock.today()) for each in appeals),
        "files": list(queries.files(notice)),
        "cannot_claim": cannot_claim(notice, reader),
        **can(notice, reader),
    }
    return render(request, "notices/detail.html", context)


@declare(FOLLOWS)
@require_safe
def evidence_set(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One set of evidence as it was submitted, and what CQC said to it (at most seven queries)."""
    notice = queries.detail(reference, signed_in(request))
    found = queries.sent_set(notice, number)
    context = {"notice": notice, "case": notice.case, "set": found, "items": queries.items_of(found)}
    return render(request, "notices/set.html", context)


@declare(FOLLOWS)
@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file that their employer's people sent, to be saved. 409 until it was found clean, with why."""
    notice = queries.detail(reference, signed_in(request))
    kept = queries.file(notice, pk)
    refusal = why_unreadable(kept)
    if not refusal:
        return handed_over(kept)
    back = reverse("notices:detail", args=[notice.case.reference])
    context = {"notice": notice, "refusal": refusal, "back": back}
    return render(request, "notices/unreadable.html", context, status=HTTPStatus.CONFLICT)


def _known(inspection: Inspection | None) -> Inspection | None:
    """The inspection, where its employer knows of it. No query."""
    if inspection is None or inspection.case.status in inspection.case.spec.hidden_from_employer:
        return None
    return inspection


def can(notice: Notice, reader: User) -> dict[str, object]:
    """What ``reader`` may do about a notice as it stands: each the reason why not, empty where they may (at
    most three queries)."""
    case = notice.case
    if not may(reader, ANSWER, employer=case.employer_id):
        refused = "Your lead answers notices."
        return {"cannot_file": refused, "cannot_ask": refused, "cannot_tell": refused}
    return {
        "cannot_file": not_fileable(case, notice),
        "cannot_ask": not_askable(case, notice, reader),
        "cannot_tell": not_tellable(case),
    }


def cannot_claim(notice: Notice, reader: User) -> str:
    """Why ``reader`` cannot claim now that the entry would tell a trade secret; ``""`` where they can (two
    queries at most)."""
    if not may(reader, CLAIM, employer=notice.case.employer_id):
        return "Your lead answers notices."
    return claim_ended(notice) or not_claimable(notice.case)


def _secret(notice: Notice) -> dict[str, object]:
    """The claim of a trade secret, and until when the employer may appeal against the drafted entry (one
    query)."""
    found = claim_of(notice)
    served = found.entry_served_on if found else None
    return {"secret": found, "secretary_by": secretary_appeal_closes(served) if served else None}
