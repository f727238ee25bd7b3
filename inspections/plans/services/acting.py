"""What the employer does about an action of an accepted plan, also after the inspection was closed: saying
that it is done, giving evidence, asking for another day or to cancel it."""

from datetime import date
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from inspections.models import Inspection
from inspections.plans import letters
from inspections.plans.deadlines import PLAN_ACTION
from inspections.plans.models import PlanAction, PlanEvidence
from inspections.plans.services.holding import begun_action, clock_of, first_day, keeping, open_action
from notifications.services.action_rules import reason_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import attach, refuse_identifiers
from regulator.casework.services.attachments import ReadFile, read_file
from regulator.deadlines import requests
from regulator.deadlines.models import ExtensionRequest
from regulator.deadlines.services import meet_deadline

Upload: TypeAlias = "UploadedFile[Any]"


def finish_action(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    done_on: date,
    done_what: str,
    file: "Upload | None" = None,
    identifies_nobody: str = "",
) -> PlanAction:
    """Say that an open action was done on a day that is not in the future, and what was done; a ``file`` as
    evidence. Its clock stops, and the lead is told. A request to cancel it is no longer needed.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that is done or cancelled, ``ValidationError`` by
    field, ``IdentifiersFound`` for words or a file that seem to identify somebody, unless
    ``identifies_nobody`` says why.
    """
    ready = read_file(file) if file is not None else None
    with keeping(inspection, by=by, version=version) as (held, person):
        kept = open_action(inspection, action)
        _check_done(inspection, done_on, done_what)
        refuse_identifiers(case=held, texts={"done_what": done_what}, by=by, reason=identifies_nobody)
        kept.done_on, kept.done_what = done_on, done_what.strip()
        kept.cancel_asked_at = kept.cancel_asked_by = None
        kept.cancelled_reason = ""
        changed = ["done_on", "done_what", "cancel_asked_at", "cancel_asked_by", "cancelled_reason"]
        kept.save(update_fields=changed)
        payload = {"action": kept.pk, "done_on": done_on.isoformat()}
        append("plans.action_done", case=held, by=by, payload=payload, text=kept.done_what)
        meet_deadline(case=held, kind=PLAN_ACTION, on=done_on, subject_id=kept.pk, by=by)
        letters.tell_action_waits(held, what=letters.DONE, action=kept.pk)
        if ready is not None:
            _give(held, kept, ready, person, identifies_nobody)
    return kept


def add_evidence(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    file: "Upload",
    identifies_nobody: str = "",
) -> PlanEvidence:
    """Give a file as evidence of an action that is open, or done and not confirmed yet.

    Raises as ``finish_action`` does.
    """
    ready = read_file(file)
    with keeping(inspection, by=by, version=version) as (held, person):
        kept = begun_action(inspection, action)
        if kept.cancelled_at or kept.confirmed_at:
            raise NotAllowedNow("This action is over, so it needs no more evidence.")
        return _give(held, kept, ready, person, identifies_nobody)


def ask_more_time(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    asked_until: date,
    reason: str,
    identifies_nobody: str = "",
) -> ExtensionRequest:
    """Ask CQC for a later day for an open action, once at a time; the lead is told. Until CQC decides, the
    day stands: it was accepted by CQC, so the employer cannot move it itself.

    Raises as ``finish_action`` does, and ``NotAllowedNow`` where a request is open already.
    """
    with keeping(inspection, by=by, version=version) as (held, person):
        kept = open_action(inspection, action)
        asked = requests.ask(
            case=held,
            deadline=clock_of(held, kept),
            until=asked_until,
            reason=reason,
            by=person,
            identifies_nobody=identifies_nobody,
        )
        letters.tell_action_waits(held, what=letters.TIME_ASKED, action=kept.pk)
    return asked


def ask_cancel(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    reason: str,
    identifies_nobody: str = "",
) -> PlanAction:
    """Ask CQC to agree that an open action is given up, for a reason; the lead is told. Its clock runs on
    until CQC agrees. Raises as ``finish_action`` does, and ``NotAllowedNow`` where it was asked already."""
    with keeping(inspection, by=by, version=version) as (held, person):
        kept = open_action(inspection, action)
        if kept.cancel_asked_at is not None:
            raise NotAllowedNow(
                "You have asked to cancel this action already. CQC will decide on that first."
            )
        if faults := reason_faults(reason):
            raise ValidationError(faults)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept.cancel_asked_at, kept.cancel_asked_by = clock.now(), person
        kept.cancelled_reason = reason.strip()
        kept.save(update_fields=["cancel_asked_at", "cancel_asked_by", "cancelled_reason"])
        payload = {"action": kept.pk}
        append("plans.cancel_asked", case=held, by=by, payload=payload, text=kept.cancelled_reason)
        letters.tell_action_waits(held, what=letters.CANCEL_ASKED, action=kept.pk)
    return kept


def _check_done(inspection: Inspection, done_on: date, done_what: str) -> None:
    errors: dict[str, str] = {}
    if done_on > clock.today():
        errors["done_on"] = "The day it was done must be today or in the past."
    elif done_on < first_day(inspection):
        errors["done_on"] = "The day it was done must not be before the inspection."
    if not done_what.strip():
        errors["done_what"] = "Say what was done."
    if errors:
        raise ValidationError(errors)


def _give(
    held: Case, action: PlanAction, file: ReadFile, person: User, identifies_nobody: str
) -> PlanEvidence:
    """Keep a file with the case and with the action."""
    kept = attach(case=held, upload=file, by=person, identifies_nobody=identifies_nobody)
    made = PlanEvidence.objects.create(action=action, attachment=kept, added_by=person)
    payload = {"action": action.pk, "attachment": kept.pk}
    append("plans.evidence_given", case=held, by=person, payload=payload)
    return made
