"""From the draft of the feedback to the end: factual accuracy, the final text, closing. The plan in answer to
it is the plans' own (``inspections.plans``)."""

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding, Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.casework.wording import as_text
from regulator.deadlines.kinds import ended_by_closing
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline


def draft_feedback(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Say that the feedback on what was found is written, and is to be sent. More may still be found."""
    with holding(inspection, version=version) as held:
        move(held, "draft_feedback", by=by)


def issue_feedback(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Send the employer, as a draft, what was found since the visit or the last feedback.

    From now on it may say which facts are not right; the written feedback's own clock stops.
    """
    today = clock.today()
    with holding(inspection, version=version) as held:
        fresh = Finding.objects.filter(inspection=inspection, fed_back_on=None)
        told = list(fresh.values_list("pk", flat=True))
        move(held, "issue_feedback", by=by, payload={"findings": told})
        Finding.objects.filter(pk__in=told).update(fed_back_on=today)
        inspection.feedback_issued_on = today
        inspection.save(update_fields=["feedback_issued_on"])
        meet_deadline(case=held, kind="feedback", by=by, on=today)
        window = open_deadline(case=held, kind="accuracy", start_on=today, by=by)
        letters.send_draft(held, inspection, told=told, comment_by=window.due_on)


def finalise(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    reason: str = "",
    identifies_nobody: str = "",
) -> None:
    """Make the feedback final, and send it. Where something needs an answer, the action plan's clock starts
    (again, for further feedback), and a plan that came before is no answer to it.

    While the employer may still comment, a ``reason`` says why that is not waited for. Raises
    ``ValidationError`` without one, and ``IdentifiersFound`` for one that seems to identify somebody, unless
    ``identifies_nobody`` says why.
    """
    today = clock.today()
    with holding(inspection, version=version) as held:
        fresh = Finding.objects.filter(inspection=inspection, fed_back_on__isnull=False, final_on=None)
        needs_plan = fresh.filter(kind__in=NEEDS_ANSWER).exists()
        told = list(fresh.values_list("pk", flat=True))
        payload = {"findings": told}
        move(held, "finalise", by=by, reason=reason, payload=payload, identifies_nobody=identifies_nobody)
        if not reason.strip():
            _refuse_too_early(held)
        Finding.objects.filter(pk__in=told).update(final_on=today)
        inspection.final_on = today
        if needs_plan:
            inspection.plan_received_on = None
        inspection.save(update_fields=["final_on", "plan_received_on"])
        end_deadlines(case=held, by=by, kinds={"accuracy"})
        plan = open_deadline(case=held, kind="action_plan", start_on=today, by=by) if needs_plan else None
        letters.send_feedback(held, inspection, told=told, plan_due_on=plan.due_on if plan else None)


def _refuse_too_early(held: Case) -> None:
    """The employer has its time to comment (one query)."""
    window = Deadline.objects.open().filter(case=held, kind="accuracy", due_on__gte=clock.today()).first()
    if window is not None:
        day = as_text(window.due_on)
        raise ValidationError({"reason": f"The employer may comment until {day}. Say why you do not wait."})


def close(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Close an inspection of which nothing is left to say. What the employer still has to do goes on."""
    with holding(inspection, version=version) as held:
        move(held, "close", by=by)
        end_deadlines(case=held, by=by, kinds=ended_by_closing())
