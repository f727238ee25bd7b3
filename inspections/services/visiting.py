"""Recording that the visit took place."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from inspections.models import Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.services import move
from regulator.deadlines.services import open_deadline


def visit(*, inspection: Inspection, by: Actor, version: int | None, visited_on: date) -> None:
    """Record the visit, announced or not; the feedback's clock starts.

    Raises ``ValidationError`` for a day in the future, before the inspection was opened or before its
    announcement.
    """
    with holding(inspection, version=version) as held:
        move(held, "visit", by=by, payload={"visited_on": visited_on.isoformat()})
        if visited_on > clock.today():
            raise ValidationError({"visited_on": "The visit cannot be in the future."})
        if visited_on < timezone.localdate(held.created_at):
            raise ValidationError({"visited_on": "The visit cannot be before the inspection was opened."})
        if inspection.announced_on and visited_on < inspection.announced_on:
            raise ValidationError(
                {"visited_on": "The visit cannot be before the day on which it was announced."}
            )
        inspection.visited_on = visited_on
        inspection.save(update_fields=["visited_on"])
        open_deadline(case=held, kind="feedback", start_on=visited_on, by=by)
