"""The pages on which an employer answers a notice: evidence, more time, an appeal that it lodged, a
claim that the register would tell a trade secret."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from enforcement.compliance import queries, services
from enforcement.compliance.forms import (
    AppealForm,
    EvidenceForm,
    MoreTimeForm,
    SubmitEvidenceForm,
    TradeSecretForm,
)
from enforcement.compliance.models import EvidenceSet
from enforcement.compliance.queries import Part
from enforcement.compliance.services.holding import ANSWER
from enforcement.compliance.views.reading import can, cannot_claim
from enforcement.gate.clocks import claim_closes
from enforcement.gate.services import claim_trade_secret
from enforcement.gate.services.claiming import CLAIM
from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.models import Notice
from notifications.forms.filing import VersionForm
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.accounts.typed import keeps_typed

ANSWERS = needs(ANSWER, among=EMPLOYER_ROLES)
CLAIMS = needs(CLAIM, among=EMPLOYER_ROLES)


@keeps_typed
@declare(ANSWERS)
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """What is gathered to each part of the notice, what is missing, the declaration, and the button."""
    notice = queries.detail(reference, signed_in(request))
    gathered, parts = _gathered(notice)
    if request.method != "POST" and _closed(request, notice, gathered):
        return redirect("notices:detail", reference=reference)
    about = gathered.about if gathered else ""
    form = SubmitEvidenceForm(sent(request), initial={"version": notice.case.version, "about": about})

    def deed() -> EvidenceSet:
        typed = form.cleaned_data
        return services.submit_evidence(
            notice=notice,
            by=signed_in(request),
            version=typed["version"],
            about=typed["about"],
            identifies_nobody=typed["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notice)
    if outcome.done:
        messages.success(request, "Your evidence was sent. CQC will email you when it has decided.")
        return redirect("notices:detail", reference=reference)
    if outcome.status == HTTPStatus.CONFLICT:  # a colleague may have added to it meanwhile
        gathered, parts = _gathered(notice)
    context: dict[str, Any] = {"notice": notice, "parts": parts, "missing": queries.missing(parts)}
    context |= queries.said_of_last(notice)
    return page(request, "notices/evidence.html", form, outcome, **context)


@keeps_typed
@declare(ANSWERS)
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, reference: str, part: int) -> HttpResponse:
    """What was done about one part of the notice, and a file that shows it."""
    notice = queries.detail(reference, signed_in(request))
    gathered, parts = _gathered(notice)
    about = next((each for each in parts if each.key == part), None)
    if about is None:
        raise Http404("The notice names no such provision.")
    if request.method != "POST" and _closed(request, notice, gathered):
        return redirect("notices:detail", reference=reference)
    initial = {"version": notice.case.version, "text": about.item.text if about.item else ""}
    form = EvidenceForm(sent(request), request.FILES or None, initial=initial)
    return _do(
        request,
        notice,
        form,
        services.write_evidence,
        said="What you wrote was kept.",
        back="notices:evidence",
        template="notices/part.html",
        given={"part": part},
        context={"about": about, **queries.said_of_last(notice)},
    )


@keeps_typed
@declare(ANSWERS)
@require_http_methods(["GET", "POST"])
def more_time(request: HttpRequest, reference: str) -> HttpResponse:
    """Until which day more time is needed, and why."""
    notice = queries.detail(reference, signed_in(request))
    asked = queries.requests_of(notice)
    refused = can(notice, signed_in(request))["cannot_ask"]
    if request.method != "POST" and (refused or any(each.is_open for each in asked)):
        return redirect("notices:detail", reference=reference)
    form = MoreTimeForm(sent(request), initial={"version": notice.case.version})
    return _do(
        request,
        notice,
        form,
        services.ask_more_time,
        said="CQC was asked for more time. The date stands until CQC decides.",
        template="notices/more_time.html",
    )


@keeps_typed
@declare(ANSWERS)
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """That an appeal was lodged, when, and the tribunal's copy of it."""
    notice = queries.detail(reference, signed_in(request))
    refused = can(notice, signed_in(request))["cannot_tell"]
    claims = queries.claims_of(notice)
    if request.method != "POST" and (refused or any(each.is_open for each in claims)):
        return redirect("notices:detail", reference=reference)
    form = AppealForm(sent(request), request.FILES or None, initial={"version": notice.case.version})
    appeal_by = last_day_to_appeal_cautious(notice.served_on) if notice.served_on else None
    return _do(
        request,
        notice,
        form,
        services.tell_of_appeal,
        said="CQC was told of your appeal, and will confirm that it is on record.",
        template="notices/appeal.html",
        context={"appeal_by": appeal_by},
    )


@keeps_typed
@declare(CLAIMS)
@require_http_methods(["GET", "POST"])
def trade_secret(request: HttpRequest, reference: str) -> HttpResponse:
    """What the entry of the register would tell, why it is a trade secret, and a file. Claimed today."""
    notice = queries.detail(reference, signed_in(request))
    if request.method != "POST" and cannot_claim(notice, signed_in(request)):
        return redirect("notices:detail", reference=reference)
    form = TradeSecretForm(sent(request), request.FILES or None, initial={"version": notice.case.version})
    return _do(
        request,
        notice,
        form,
        claim_trade_secret,
        said="Your claim was made, and we emailed a receipt. Until it is settled the register shows the "
        "short entry only.",
        template="notices/trade_secret.html",
        given={"claimed_on": clock.today()},
        context={"claim_by": claim_closes(notice.served_on) if notice.served_on else None},
    )


def _do(
    request: HttpRequest,
    notice: Notice,
    form: VersionForm,
    service: Callable[..., object],
    *,
    said: str,
    template: str,
    back: str = "notices:detail",
    given: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Do one deed with what was typed, or show its page."""

    def deed() -> object:
        typed = {key: value for key, value in form.cleaned_data.items() if value is not None}
        return service(notice=notice, by=signed_in(request), **typed, **(given or {}))

    outcome = posted(request, form, deed, notice)
    if outcome.done:
        messages.success(request, said)
        return redirect(back, reference=notice.case.reference)
    return page(request, template, form, outcome, notice=notice, **(context or {}))


def _gathered(notice: Notice) -> tuple[EvidenceSet | None, list[Part]]:
    """The set in hand, and what is said to each part; where there is none, what the last returned one said,
    with which the next begins (at most five queries)."""
    gathered = queries.in_hand(notice) or notice.evidence_sets.filter(returned_at__isnull=False).last()
    return gathered, queries.parts_of(notice, gathered)


def _closed(request: HttpRequest, notice: Notice, gathered: EvidenceSet | None) -> bool:
    """Whether no evidence can be gathered now: none may be filed, or CQC has some."""
    waiting = gathered is not None and gathered.is_waiting
    return waiting or bool(can(notice, signed_in(request))["cannot_file"])
