"""What CQC makes of a concern: the risk of harm, what followed, that it is taken up again or was an error."""

from typing import Final

from django.core.exceptions import ValidationError

from inspections.concerns import letters
from inspections.concerns.deadlines import ACTION, ASSESSMENT
from inspections.concerns.models import RISKS, Concern
from inspections.concerns.services.holding import holding
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Referral
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline, stop_deadline

LONGEST_REASON: Final = 5_000


def assess_concern(
    *,
    concern: Concern,
    by: User,
    version: int,
    harm: str,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Say how great the risk of harm is, and why; again where something new is known.

    The queue shows it by its urgency. An immediate one is told to CQC's managers at once, and starts the
    clock of acting on it. Raises ``NotPermitted``, ``NotAllowedNow``, ``StaleVersion``, ``ValidationError``
    by field and ``IdentifiersFound`` for the reason.
    """
    if harm not in Concern.Harm.values:
        raise ValidationError({"harm": "Choose how great the risk of harm is."})
    _check_reason(reason)
    with holding(concern, version=version) as held:
        was = concern.harm
        move(
            held, "assess", by=by, reason=reason, payload={"harm": harm}, identifies_nobody=identifies_nobody
        )
        concern.harm, concern.harm_reason = harm, reason.strip()
        concern.assessed_by, concern.assessed_at = by, clock.now()
        concern.save(update_fields=["harm", "harm_reason", "assessed_by", "assessed_at"])
        held.risk = RISKS[Concern.Harm(harm)]
        meet_deadline(case=held, kind=ASSESSMENT.name, by=by)
        if harm != Concern.Harm.IMMEDIATE:
            stop_deadline(case=held, kind=ACTION.name, by=by)
        elif was != harm:
            open_deadline(case=held, kind=ACTION.name, start_on=clock.today(), by=by)
            letters.tell_managers(held)


def close_concern(
    *,
    concern: Concern,
    by: User,
    version: int,
    outcome: str,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Say what followed from the concern, and why that is enough.

    That an inspection was opened is said only where one arose from it, that another regulator has it only
    where a referral stands. Raises as ``assess_concern`` does.
    """
    if outcome not in Concern.Outcome.values:
        raise ValidationError({"outcome": "Choose what followed from the concern."})
    _check_reason(reason)
    with holding(concern, version=version) as held:
        if refused := outcome_refusal(held, outcome):
            raise ValidationError({"outcome": refused})
        payload = {"outcome": outcome}
        move(held, "close", by=by, reason=reason, payload=payload, identifies_nobody=identifies_nobody)
        concern.outcome, concern.outcome_reason = outcome, reason.strip()
        concern.save(update_fields=["outcome", "outcome_reason"])
        meet_deadline(case=held, kind=ACTION.name, by=by)
        end_deadlines(case=held, by=by)


def outcome_refusal(case: Case, outcome: str) -> str:
    """Why a concern did not have this outcome, in plain English; ``""`` where it may have had (one query at
    most)."""
    if outcome == Concern.Outcome.INSPECTED and not Inspection.objects.filter(arose_from=case.pk).exists():
        return "No inspection arose from this concern. Open one first."
    if outcome == Concern.Outcome.REFERRED and not Referral.objects.standing().filter(case=case.pk).exists():
        return "No referral to another body is on record. Record it first."
    return ""


def reopen_concern(
    *, concern: Concern, by: User, version: int, reason: str, identifies_nobody: str = ""
) -> None:
    """Take a concern up again, also one that was held to be an error: it waits for its assessment anew, which
    has a new day. What was assessed and decided before stays on its timeline.

    Raises as ``assess_concern`` does.
    """
    _check_reason(reason)
    with holding(concern, version=version) as held:
        move(held, "reopen", by=by, reason=reason, identifies_nobody=identifies_nobody)
        concern.harm = concern.harm_reason = concern.outcome = concern.outcome_reason = ""
        concern.assessed_by = concern.assessed_at = None
        concern.save()
        held.risk = Case.Risk.NOT_ASSESSED
        open_deadline(case=held, kind=ASSESSMENT.name, start_on=clock.today(), by=by)


def mark_in_error(
    *, concern: Concern, by: User, version: int, reason: str, identifies_nobody: str = ""
) -> None:
    """Say that it should not have been recorded: it stops counting, and nothing is owed on it any more.

    Not where an inspection arose from it: then it was one. Raises as ``assess_concern`` does.
    """
    _check_reason(reason)
    with holding(concern, version=version) as held:
        if refused := error_refusal(held):
            raise NotAllowedNow(refused)
        move(held, "mark_error", by=by, reason=reason, identifies_nobody=identifies_nobody)
        end_deadlines(case=held, by=by)


def error_refusal(case: Case) -> str:
    """Why a concern was no error, in plain English; ``""`` where it may have been one (one query)."""
    arose = Inspection.objects.filter(arose_from=case.pk).exists()
    return "An inspection arose from it. Close it with its outcome." if arose else ""


def _check_reason(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"Use {LONGEST_REASON:,} characters or fewer."})
