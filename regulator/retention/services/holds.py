"""Placing a legal hold, and releasing it.

A hold changes nothing on a case, so no version can be too old for one. It is written under the chain's lock,
as everything is that removes: what was placed before a case's turn came keeps the case.
"""

from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Event
from regulator.casework.reasons import checked_reason
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.models import Employer
from regulator.organisations.policies import permit
from regulator.retention.models import LegalHold
from regulator.retention.permissions import HOLD, MANAGE_HOLDS, permit_now

PLACED: Final = "retention.hold_placed"
RELEASED: Final = "retention.hold_released"
OWN: Final = "You placed this hold. Somebody else releases it."


def place_hold(
    *,
    by: User,
    reason: str,
    case: Case | None = None,
    employer: Employer | None = None,
    identifies_nobody: str = "",
) -> LegalHold:
    """Let nothing of ``case``, or of any case of ``employer``, be removed until the hold is released.

    Exactly one of the two is given (else ``ValueError``). Raises ``NotPermitted``, ``NotAllowedNow`` for a
    case that was redacted, ``ValidationError`` for no reason, ``IdentifiersFound`` for one that seems to
    identify somebody; about an employer, where no case could keep it, such a reason is refused outright.
    """
    if (case is None) == (employer is None):
        raise ValueError("a hold is on a case or on an employer")
    with writing():
        if case is not None:
            event = _on_case(case, by, reason, identifies_nobody)
        else:
            event = _on_employer(employer, by, reason)  # type: ignore[arg-type]
        return LegalHold.objects.create(
            case=case, employer=employer, event=event, placed_by=by, placed_at=clock.now()
        )


def _on_case(case: Case, by: User, reason: str, identifies_nobody: str) -> Event:
    held = Case.objects.select_for_update().get(pk=case.pk)
    permit_on(held, HOLD, permit_now(by, HOLD))
    if held.redacted_at is not None:
        raise NotAllowedNow(held.why_empty)
    _need(reason)
    refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
    return append(PLACED, case=held, by=by, text=reason.strip())


def _on_employer(employer: Employer, by: User, reason: str) -> Event:
    permit(permit_now(by, MANAGE_HOLDS), MANAGE_HOLDS, employer=employer)
    why = checked_reason(reason)
    return append(PLACED, case=None, by=by, payload={"employer": employer.pk}, text=why)


def release_hold(*, hold: LegalHold, by: User, reason: str, identifies_nobody: str = "") -> LegalHold:
    """Let go of what a hold kept: the deed of somebody who did not place it.

    Raises ``NotPermitted``, ``NotAllowedNow`` for whoever placed it and where it was released already, and as
    ``place_hold`` for the reason.
    """
    with writing():
        held = LegalHold.objects.select_for_update().get(pk=hold.pk)
        case = Case.objects.filter(pk=held.case_id).first() if held.case_id else None
        person = permit_now(by, MANAGE_HOLDS)
        if case is not None:
            permit_on(case, MANAGE_HOLDS, person)
        else:
            permit(person, MANAGE_HOLDS, employer=held.employer_id)
        if held.released_at is not None:
            raise NotAllowedNow("This hold was released already.")
        if held.placed_by_id == by.pk:
            raise NotAllowedNow(OWN)
        if case is not None:
            _need(reason)
            refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
        else:
            checked_reason(reason)
        payload = {"hold": held.event_id} | ({} if case else {"employer": held.employer_id})
        held.release_event = append(RELEASED, case=case, by=by, payload=payload, text=reason.strip())
        held.released_by, held.released_at = by, clock.now()
        held.save(update_fields=["release_event", "released_by", "released_at"])
    return held


def _need(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
