"""Another day for a visit that has not taken place: because the day went by, or because it does not suit."""

from datetime import date

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.lifecycle import BEFORE_THE_VISIT, CONDUCT, PLANNED
from inspections.models import Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import BEYOND_REACH, within_reach


def not_replannable(case: Case) -> str:
    """Why the visit can have no other day; ``""`` where it can (no query)."""
    return "" if case.status in BEFORE_THE_VISIT else "Another day can be planned only before the visit."


def replan(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    planned_on: date,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Plan the visit for another day, and why. Where the employer knows of the visit it is told of the new
    day at once, but not why.

    Raises ``NotPermitted``, ``NotAllowedNow`` after the visit, ``ValidationError`` by field for a day gone
    by, out of reach or the same as before, or for no reason; ``IdentifiersFound`` for a reason that seems to
    identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        if refusal := not_replannable(held):
            raise NotAllowedNow(refusal)
        _check(inspection, planned_on, reason)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        former, inspection.planned_on = inspection.planned_on, planned_on
        inspection.save(update_fields=["planned_on"])
        payload = {"from": former.isoformat(), "planned_on": planned_on.isoformat()}
        append("inspections.replanned", case=held, by=by, payload=payload, text=reason.strip())
        if held.status != PLANNED:
            letters.tell_replanned(held, inspection, former=former)


def _check(inspection: Inspection, planned_on: date, reason: str) -> None:
    errors: dict[str, str] = {}
    if planned_on < clock.today():
        errors["planned_on"] = "The day planned for cannot be in the past."
    elif not within_reach(planned_on):
        errors["planned_on"] = BEYOND_REACH
    elif planned_on == inspection.planned_on:
        errors["planned_on"] = "The visit is planned for this day already."
    if not reason.strip():
        errors["reason"] = "Give a reason."
    if errors:
        raise ValidationError(errors)
