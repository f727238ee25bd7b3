"""What CQC says to an action of an accepted plan, also after the inspection was closed: confirming or
reopening it, another day or not, cancelled or not."""

from datetime import date

from django.core.exceptions import ValidationError

from inspections.models import Inspection
from inspections.plans import letters
from inspections.plans.deadlines import PLAN_ACTION
from inspections.plans.models import PlanAction
from inspections.plans.services.holding import begun_action, clock_of, judging, open_action
from notifications.services.action_rules import day_faults, reason_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.deadlines import requests
from regulator.deadlines.models import Deadline, Extension, ExtensionRequest
from regulator.deadlines.services import extend_deadline, resume_deadline, stop_deadline


def confirm_action(
    *, inspection: Inspection, by: Actor, version: int | None, action: PlanAction
) -> PlanAction:
    """Confirm that an action was done; the employer is told.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that is not done or was confirmed already.
    """
    with judging(inspection, by=by, version=version) as (held, person):
        kept = _done(inspection, action)
        if kept.confirmed_at is not None:
            raise NotAllowedNow("This action was confirmed already.")
        kept.confirmed_at, kept.confirmed_by = clock.now(), person
        kept.save(update_fields=["confirmed_at", "confirmed_by"])
        append("plans.action_confirmed", case=held, by=by, payload={"action": kept.pk})
        letters.tell_decided(held, what=letters.CONFIRMED, action=kept.pk)
    return kept


def reopen_action(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    reason: str,
    planned_for: date | None = None,
    identifies_nobody: str = "",
) -> PlanAction:
    """Say that an action is not done after all, confirmed or not, for a reason that the employer reads. Its
    clock runs again: to the former day, or where that has gone by or another is given to ``planned_for``.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that is not done, ``ValidationError`` by field,
    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with judging(inspection, by=by, version=version) as (held, _):
        kept = _done(inspection, action)
        faults = reason_faults(reason)
        if planned_for is not None:
            faults |= day_faults(planned_for)
        elif kept.planned_for < clock.today():
            faults["planned_for"] = "Its day has gone by. Give the day by which it is to be done now."
        if faults:
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept.planned_for = planned_for or kept.planned_for
        kept.done_on = kept.confirmed_at = kept.confirmed_by = None
        kept.done_what = ""
        changed = ["planned_for", "done_on", "done_what", "confirmed_at", "confirmed_by"]
        _say(kept, reason, *changed)
        payload = {"action": kept.pk, "due_on": kept.planned_for.isoformat()}
        append("plans.action_reopened", case=held, by=by, payload=payload, text=kept.cqc_says)
        resume_deadline(case=held, kind=PLAN_ACTION, due_on=kept.planned_for, subject_id=kept.pk, by=by)
        letters.tell_decided(held, what=letters.REOPENED, action=kept.pk, due_on=kept.planned_for)
    return kept


def grant_more_time(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    due_on: date,
    reason: str,
    identifies_nobody: str = "",
) -> Extension:
    """Move the day of an open action, for which more time was asked, to a later one; the employer is told.

    Raises as ``reopen_action`` does, and ``NotAllowedNow`` where nobody asked.
    """
    with judging(inspection, by=by, version=version) as (held, person):
        kept = open_action(inspection, action)
        running = clock_of(held, kept)
        asked = _asked(running)
        made = extend_deadline(
            case=held,
            deadline=running,
            due_on=due_on,
            reason=reason,
            by=person,
            identifies_nobody=identifies_nobody,
        )
        kept.planned_for = due_on
        kept.save(update_fields=["planned_for"])
        append("plans.action_moved", case=held, by=by, payload={"action": kept.pk, "to": due_on.isoformat()})
        requests.record_grant(case=held, request=asked, extension=made, by=person)
        letters.tell_decided(held, what=letters.MORE_TIME, action=kept.pk, due_on=due_on)
    return made


def refuse_more_time(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    reason: str,
    identifies_nobody: str = "",
) -> ExtensionRequest:
    """Let the day of an action stand, for a reason that the employer reads. Raises as ``grant_more_time``."""
    with judging(inspection, by=by, version=version) as (held, person):
        kept = open_action(inspection, action)
        asked = _asked(clock_of(held, kept))
        requests.refuse(
            case=held, request=asked, reason=reason, by=person, identifies_nobody=identifies_nobody
        )
        letters.tell_decided(held, what=letters.NO_MORE_TIME, action=kept.pk, due_on=kept.planned_for)
    return asked


def agree_cancel(*, inspection: Inspection, by: Actor, version: int | None, action: PlanAction) -> PlanAction:
    """Agree that an action is given up, for the employer's reason; its clock stops, and the employer is told.

    Raises ``NotPermitted``, ``NotAllowedNow`` where the employer did not ask.
    """
    with judging(inspection, by=by, version=version) as (held, person):
        kept = _to_cancel(inspection, action)
        kept.cancelled_at, kept.cancelled_by = clock.now(), person
        kept.save(update_fields=["cancelled_at", "cancelled_by"])
        append("plans.cancel_agreed", case=held, by=by, payload={"action": kept.pk})
        stop_deadline(case=held, kind=PLAN_ACTION, subject_id=kept.pk, by=by)
        letters.tell_decided(held, what=letters.CANCELLED, action=kept.pk)
    return kept


def refuse_cancel(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    reason: str,
    identifies_nobody: str = "",
) -> PlanAction:
    """Say that an action is still to be done, for a reason that the employer reads.

    Raises as ``reopen_action`` does, and ``NotAllowedNow`` where the employer did not ask to cancel it.
    """
    with judging(inspection, by=by, version=version) as (held, _):
        kept = _to_cancel(inspection, action)
        if faults := reason_faults(reason):
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept.cancel_asked_at = kept.cancel_asked_by = None
        kept.cancelled_reason = ""
        _say(kept, reason, "cancel_asked_at", "cancel_asked_by", "cancelled_reason")
        append("plans.cancel_refused", case=held, by=by, payload={"action": kept.pk}, text=kept.cqc_says)
        letters.tell_decided(held, what=letters.NOT_CANCELLED, action=kept.pk, due_on=kept.planned_for)
    return kept


def asking_for_more_time(case: Case) -> dict[int, ExtensionRequest]:
    """The requests for more time that were not decided on, by the key of the action (one query)."""
    waiting = ExtensionRequest.objects.filter(deadline__case=case.pk, deadline__kind=PLAN_ACTION, decision="")
    return {each.deadline.subject_id: each for each in waiting.select_related("deadline")}


def _say(action: PlanAction, reason: str, *changed: str) -> None:
    action.cqc_says, action.cqc_said_at = reason.strip(), clock.now()
    action.save(update_fields=[*changed, "cqc_says", "cqc_said_at"])


def _done(inspection: Inspection, action: PlanAction) -> PlanAction:
    kept = begun_action(inspection, action)
    if kept.done_on is None:
        raise NotAllowedNow("The employer has not said that this action is done.")
    return kept


def _to_cancel(inspection: Inspection, action: PlanAction) -> PlanAction:
    kept = open_action(inspection, action)
    if kept.cancel_asked_at is None:
        raise NotAllowedNow("The employer has not asked to cancel this action.")
    return kept


def _asked(running: Deadline) -> ExtensionRequest:
    found = ExtensionRequest.objects.filter(deadline=running, decision="").select_related("deadline").first()
    if found is None:
        raise NotAllowedNow("No request for more time is open for this action.")
    return found
