"""That feedback is drafted, and closing. Sending it is ``inspections.correspondence``, the plan in answer to
it ``inspections.plans``."""

from inspections.models import Inspection
from inspections.services.holding import holding
from regulator.accounts.actors import Actor
from regulator.casework.services import move
from regulator.deadlines.kinds import ended_by_closing
from regulator.deadlines.services import end_deadlines


def draft_feedback(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Say that the feedback on what was found is written, and is to be sent. More may still be found."""
    with holding(inspection, version=version) as held:
        move(held, "draft_feedback", by=by)


def close(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Close an inspection of which nothing is left to say. What the employer still has to do goes on."""
    with holding(inspection, version=version) as held:
        move(held, "close", by=by)
        end_deadlines(case=held, by=by, kinds=ended_by_closing())
