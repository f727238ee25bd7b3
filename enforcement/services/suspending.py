"""The tribunal's direction that a prohibition notice does not bind while an appeal is pending."""

from datetime import date

from django.core.exceptions import ValidationError

from enforcement import letters
from enforcement.conditions import not_suspendable
from enforcement.deadlines import MORE_TIME_ANSWER
from enforcement.models import Appeal, Notice
from enforcement.services.holding import holding
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import BEYOND_REACH, end_deadlines, open_deadline, within_reach


def record_suspension(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    suspended_from: date,
    suspended_until: date | None = None,
) -> Appeal:
    """Record the tribunal's direction: from which day, and until which, where it named one. Without one it
    ends with the appeal, as every suspension does. Recorded again, it takes the former's place; the employer
    is told. The day on which a deferred prohibition takes effect stands; no clock runs to one that falls into
    the suspension (``enforcement.legal_life``).

    Raises ``NotAllowedNow`` for an improvement notice, which its appeal suspends of itself, and where no
    appeal is pending (HSWA 1974 s24(3)); ``ValidationError`` by field.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.record_appeal", by)
        if refusal := not_suspendable(held, by):
            raise NotAllowedNow(refusal)
        appeal = notice.appeals.get(disposed_on=None)
        _check(appeal, suspended_from, suspended_until)
        appeal.suspended_from, appeal.suspended_until = suspended_from, suspended_until
        appeal.save(update_fields=["suspended_from", "suspended_until"])
        payload = {
            "from": suspended_from.isoformat(),
            "until": suspended_until.isoformat() if suspended_until else None,
        }
        append("enforcement.suspended", case=held, by=by, payload=payload)
        _keep_clock(held, notice, appeal, by=by)
        letters.tell_suspended(held, notice, appeal)
    return appeal


def _keep_clock(held: Case, notice: Notice, appeal: Appeal, *, by: Actor) -> None:
    """The clock to the day on which a deferred prohibition takes effect ends where it would not bind on that
    day, and CQC's to answer a request for more time with it; it runs where it would bind."""
    day = notice.compliance_on
    if day is None or notice.served_on is None or notice.complied_on is not None or not appeal.was_owed:
        return
    if appeal.suspends_on(day):
        end_deadlines(case=held, by=by, kinds=["comply", MORE_TIME_ANSWER])
    elif not Deadline.objects.open().filter(case=held, kind="comply").exists():
        open_deadline(case=held, kind="comply", start_on=notice.served_on, due_on=day, by=by)


def _check(appeal: Appeal, suspended_from: date, suspended_until: date | None) -> None:
    errors: dict[str, str] = {}
    if suspended_from < appeal.lodged_on:
        errors["suspended_from"] = "The tribunal cannot suspend a notice before the appeal was lodged."
    elif not within_reach(suspended_from):
        errors["suspended_from"] = BEYOND_REACH
    if suspended_until is not None:
        if suspended_until < suspended_from:
            errors["suspended_until"] = "The last day cannot be before the first."
        elif not within_reach(suspended_until):
            errors["suspended_until"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)
