"""Corrective actions: adding one, marking it done, moving its day, cancelling it.

Each needs the permission to file the report, which actions belong to. They are added until the case is
closed; one that is still open is kept up to date after that too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from notifications import lifecycle
from notifications.content import ActionContent
from notifications.models import CorrectiveAction, Notification
from notifications.services.action_rules import action_faults, day_faults, reason_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing, refuse_identifiers
from regulator.deadlines.services import meet_deadline, open_deadline, resume_deadline, stop_deadline
from regulator.organisations.policies import NotPermitted, permit

ACTION: Final = "action"
"""The kind of deadline that each action runs."""
_NEVER: Final = frozenset({lifecycle.DRAFT, lifecycle.DISCARDED, *lifecycle.NO_INCIDENT_OF_ITS_OWN})


def keeping_refusal(case: Case) -> str:
    """Why no action of a case can be changed now, in plain English; ``""`` where one can. No query."""
    return "Actions are kept only while CQC holds the notification." if case.status in _NEVER else ""


def add_action(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    action: ActionContent,
    identifies_nobody: str = "",
) -> CorrectiveAction:
    """Plan an action, and start its clock. ``ValidationError`` names each field at fault."""
    with _keeping(notification, by=by, version=version) as (held, person):
        if held.status == lifecycle.CLOSED:
            raise NotAllowedNow("This notification is closed, so no action can be added.")
        faults = action_faults(action)
        if faults or action.planned_for is None:
            raise ValidationError(faults)
        texts = {name: getattr(action, name) for name in ("what", "owner_role", "effect_check")}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        planned = action.planned_for
        kept = CorrectiveAction.objects.create(
            notification=notification,
            what=action.what.strip(),
            strength=action.strength,
            owner_role=action.owner_role.strip(),
            effect_check=action.effect_check.strip(),
            planned_for=planned,
            added_by=person,
        )
        digests = {
            "owner_sha256": text_digest(kept.owner_role),
            "check_sha256": text_digest(kept.effect_check),
        }
        days = {"planned_for": planned.isoformat()}
        _record("action_added", kept, held, by, kept.what, **days, **digests)
        start = clock.today()
        open_deadline(case=held, kind=ACTION, start_on=start, due_on=planned, subject_id=kept.pk, by=by)
    return kept


def finish_action(
    *, notification: Notification, by: Actor, version: int | None, action: CorrectiveAction, done_on: date
) -> CorrectiveAction:
    """Mark an open action as done on a day that is not in the future; its clock stops."""
    with _keeping(notification, by=by, version=version) as (held, _):
        kept = _open_one(notification, action)
        if done_on > clock.today():
            raise ValidationError({"done_on": "The day it was done must be today or in the past."})
        if done_on < _first_day(notification):
            raise ValidationError({"done_on": "The day it was done must not be before the incident."})
        kept.done_on = done_on
        kept.save(update_fields=["done_on"])
        _record("action_done", kept, held, by, done_on=done_on.isoformat())
        meet_deadline(case=held, kind=ACTION, on=done_on, subject_id=kept.pk, by=by)
    return kept


def move_action(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    action: CorrectiveAction,
    planned_for: date,
    reason: str,
    identifies_nobody: str = "",
) -> CorrectiveAction:
    """Plan an open action for another day, sooner or later, with a reason; its clock runs to that day."""
    with _keeping(notification, by=by, version=version) as (held, _):
        kept = _open_one(notification, action)
        former = kept.planned_for
        faults = day_faults(planned_for) | reason_faults(reason)
        if planned_for == former:
            faults["planned_for"] = "Give a date other than the present one."
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept.planned_for = planned_for
        kept.save(update_fields=["planned_for"])
        days = {"from": former.isoformat(), "to": planned_for.isoformat()}
        _record("action_moved", kept, held, by, reason.strip(), **days)
        resume_deadline(case=held, kind=ACTION, due_on=planned_for, subject_id=kept.pk, by=by)
    return kept


def cancel_action(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    action: CorrectiveAction,
    reason: str,
    identifies_nobody: str = "",
) -> CorrectiveAction:
    """Give an open action up, for a reason that stays with it; its clock stops."""
    with _keeping(notification, by=by, version=version) as (held, _):
        kept = _open_one(notification, action)
        faults = reason_faults(reason)
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept.cancelled_at, kept.cancelled_reason = clock.now(), reason.strip()
        kept.save(update_fields=["cancelled_at", "cancelled_reason"])
        _record("action_cancelled", kept, held, by, kept.cancelled_reason)
        stop_deadline(case=held, kind=ACTION, subject_id=kept.pk, by=by)
    return kept


def resume_actions(notification: Notification, held: Case, by: Actor) -> None:
    """Let the clocks of the open actions of a reopened case run again (one query, and one for each)."""
    for action in notification.actions.filter(done_on__isnull=True, cancelled_at__isnull=True):
        resume_deadline(case=held, kind=ACTION, subject_id=action.pk, by=by)


def _first_day(notification: Notification) -> date:
    """The earliest day on which anything can have been done about the incident."""
    return notification.occurred_on or notification.discovered_on or date.min


@contextmanager
def _keeping(notification: Notification, *, by: Actor, version: int | None) -> Iterator[tuple[Case, User]]:
    with changing(notification.case, version=version) as held:
        permit(by, "notifications.file_report", employer=held.employer_id)
        if not isinstance(by, User):
            raise NotPermitted("Actions are kept by a person.")
        if refusal := keeping_refusal(held):
            raise NotAllowedNow(refusal)
        yield held, by


def _open_one(notification: Notification, action: CorrectiveAction) -> CorrectiveAction:
    """The action as it stands now, read while the case is held (one query)."""
    kept = CorrectiveAction.objects.filter(notification=notification, pk=action.pk).first()
    if kept is None:
        raise ValidationError({"action": "This action belongs to another case."})
    if not kept.is_open:
        raise NotAllowedNow("This action is done or cancelled, so it cannot be changed.")
    return kept


def _record(
    event: str, action: CorrectiveAction, held: Case, by: Actor, text: str = "", **values: Any
) -> None:
    payload = {"action": action.pk, "strength": action.strength, **values}
    append(f"notifications.{event}", case=held, by=by, payload=payload, text=text)
