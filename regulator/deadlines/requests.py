"""Asking for more time: the request, its refusal, its grant on record, and its lapsing of itself.

Always on a case held by ``casework.changing``. Moving the date itself is ``services.extend_deadline``.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.wording import as_text
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline, Extension, ExtensionRequest

MOST_ASKED: Final = timedelta(days=366)
"""How far ahead, from today, more time can be asked for: a year. The portal's own bound."""
GONE_BY: Final = "The new date must be today or in the future."


def open_request(case: Case | int) -> ExtensionRequest | None:
    """The request of a case that waits for a decision, with its deadline. One query."""
    key = case.pk if isinstance(case, Case) else case
    waiting = ExtensionRequest.objects.filter(deadline__case=key, decision="")
    return waiting.select_related("deadline").first()


def ask(
    *, case: Case, deadline: Deadline, until: date, reason: str, by: User, identifies_nobody: str = ""
) -> ExtensionRequest:
    """Ask for ``deadline`` of a held case to be moved to ``until``. The caller has asked the policy.

    Raises ``NotAllowedNow`` for a deadline that is over or where a request is open; ``ValidationError`` for a
    day that is not later than the present one, gone by, or more than a year ahead, and for no reason;
    ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says why not.
    """
    if not deadline.is_open or not DEADLINES.get(deadline.kind).extendable:
        raise NotAllowedNow("There is no date here that could be moved.")
    if ExtensionRequest.objects.filter(deadline=deadline, decision="").exists():
        raise NotAllowedNow("More time has been asked for already. CQC will decide on that request first.")
    _check(deadline, until, reason)
    refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
    asked = ExtensionRequest.objects.create(
        deadline=deadline, asked_by=by, asked_at=clock.now(), asked_until=until, reason=reason.strip()
    )
    payload = {
        "request": asked.pk,
        "kind": deadline.kind,
        "subject": deadline.subject_id,
        "until": until.isoformat(),
        "sha256": text_digest(asked.reason),
    }
    append("deadlines.more_time_asked", case=case, by=by, payload=payload)
    return asked


def _check(deadline: Deadline, until: date, reason: str) -> None:
    faults = {}
    if until <= deadline.due_on:
        faults["asked_until"] = f"The new date must be after {as_text(deadline.due_on)}, when it is due now."
    elif until < clock.today():
        faults["asked_until"] = GONE_BY
    elif until - clock.today() > MOST_ASKED:
        faults["asked_until"] = "The new date must be no more than one year from today."
    if not reason.strip():
        faults["reason"] = "Give a reason."
    if faults:
        raise ValidationError(faults)


def refuse(
    *, case: Case, request: ExtensionRequest, reason: str, by: User, identifies_nobody: str = ""
) -> ExtensionRequest:
    """Decide that the date stands. Raises ``ValidationError`` for no reason; it is checked as ``ask``'s."""
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
    _decide(request, ExtensionRequest.Decision.REFUSED, by=by, reason=reason.strip())
    payload = {
        "request": request.pk,
        "kind": request.deadline.kind,
        "due_on": request.deadline.due_on.isoformat(),
        "sha256": text_digest(request.decision_reason),
    }
    append("deadlines.more_time_refused", case=case, by=by, payload=payload)
    return request


def record_grant(*, case: Case, request: ExtensionRequest, extension: Extension, by: User) -> None:
    """Record that ``extension`` is the answer to ``request``, to the day asked for or another."""
    request.granted_until = extension.due_on
    _decide(request, ExtensionRequest.Decision.GRANTED, by=by, reason=extension.reason)
    payload = {
        "request": request.pk,
        "extension": extension.pk,
        "asked_until": request.asked_until.isoformat(),
        "granted_until": extension.due_on.isoformat(),
    }
    append("deadlines.more_time_granted", case=case, by=by, payload=payload)


def lapse(deadlines: Collection[Deadline], *, case: Case, by: Actor, reached: bool = False) -> int:
    """Close the open requests about ``deadlines`` as no longer needed; answers how many there were.

    With ``reached`` only those whose day the deadline has reached by now. One query where nothing is open;
    none where no kind among them can be extended.
    """
    asked_about = [each.pk for each in deadlines if DEADLINES.get(each.kind).extendable]
    if not asked_about:
        return 0
    lapsed = 0
    waiting = ExtensionRequest.objects.filter(deadline__in=asked_about, decision="")
    for request in waiting.select_related("deadline"):
        if reached and request.deadline.due_on < request.asked_until:
            continue
        _decide(request, ExtensionRequest.Decision.LAPSED, by=None, reason="")
        payload = {"request": request.pk, "kind": request.deadline.kind}
        append("deadlines.more_time_lapsed", case=case, by=by, payload=payload)
        lapsed += 1
    return lapsed


def _decide(
    request: ExtensionRequest, decision: ExtensionRequest.Decision, *, by: User | None, reason: str
) -> None:
    request.decision, request.decided_by, request.decided_at = decision, by, clock.now()
    request.decision_reason = reason
    request.save()
