"""That feedback is drafted, the action plan, closing. Sending it is ``inspections.correspondence``."""

from inspections.models import Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline


def draft_feedback(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Say that the feedback on what was found is written, and is to be sent. More may still be found."""
    with holding(inspection, version=version) as held:
        move(held, "draft_feedback", by=by)


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
