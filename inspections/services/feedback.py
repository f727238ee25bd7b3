"""From the written feedback to the end: the action plan, closing."""

from inspections import letters
from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding, Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline


def issue_feedback(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Send the employer what was found since the visit or the last feedback.

    Where something needs an answer, the action plan's clock starts (again, for further feedback).
    """
    today = clock.today()
    with holding(inspection, version=version) as held:
        fresh = Finding.objects.filter(inspection=inspection, fed_back_on=None)
        needs_plan = fresh.filter(kind__in=NEEDS_ANSWER).exists()
        told = list(fresh.values_list("pk", flat=True))
        move(held, "issue_feedback", by=by, payload={"findings": told})
        Finding.objects.filter(pk__in=told).update(fed_back_on=today)
        inspection.feedback_issued_on = today
        if needs_plan:
            inspection.plan_received_on = None
        inspection.save(update_fields=["feedback_issued_on", "plan_received_on"])
        meet_deadline(case=held, kind="feedback", by=by, on=today)
        plan = open_deadline(case=held, kind="action_plan", start_on=today, by=by) if needs_plan else None
        letters.send_feedback(held, inspection, told=told, plan_due_on=plan.due_on if plan else None)


def accept_plan(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Record that the employer's action plan came in and was accepted; its clock stops."""
    with holding(inspection, version=version) as held:
        move(held, "accept_plan", by=by)
        inspection.plan_received_on = clock.today()
        inspection.save(update_fields=["plan_received_on"])
        meet_deadline(case=held, kind="action_plan", by=by)


def close(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Close an inspection of which nothing is left open."""
    with holding(inspection, version=version) as held:
        move(held, "close", by=by)
        end_deadlines(case=held, by=by)
