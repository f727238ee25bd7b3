"""Recording the visits that took place: the first, which begins the inspection on site, and further ones."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from inspections.lifecycle import CONDUCT, FEEDBACK_DRAFTED, ON_SITE, ON_SITE_OR_AFTER
from inspections.models import Inspection, Visit
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import open_deadline
from regulator.organisations.models import Site


def visit(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    visited_on: date,
    site: Site | None = None,
    announced: bool | None = None,
) -> Visit:
    """Record the first visit; the feedback's clock starts.

    ``site`` is the case's own unless said, ``announced`` what the inspection is. Raises ``ValidationError``
    by field: a day in the future, before the inspection was opened or before its announcement, a site of
    another employer, an announced visit of an inspection that was not.
    """
    with holding(inspection, version=version) as held:
        made = _made(inspection, held, by=by, visited_on=visited_on, site=site, announced=announced)
        move(held, "visit", by=by, payload=_told(made))
        _check(made, inspection, held)
        _keep(made, inspection, held, by)
    return made


def not_visitable_again(case: Case) -> str:
    """Why no further visit can be recorded, in plain English; ``""`` where one can."""
    if case.status in ON_SITE_OR_AFTER:
        return ""
    return "A further visit is recorded after the first one and before the inspection is closed."


def visit_again(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    visited_on: date,
    site: Site | None = None,
    announced: bool | None = None,
) -> Visit:
    """Record a further visit: another site, another day, or a revisit. The inspection stays where it is.

    Until feedback was sent its clock counts from the last visit. Raises as ``visit`` does, ``NotPermitted``,
    ``NotAllowedNow`` before the first visit or once it is closed, and ``ValidationError`` for a visit that is
    on record.
    """
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        if refusal := not_visitable_again(held):
            raise NotAllowedNow(refusal)
        made = _made(inspection, held, by=by, visited_on=visited_on, site=site, announced=announced)
        _check(made, inspection, held)
        append("inspections.visited", case=held, by=by, payload=_told(made))
        _keep(made, inspection, held, by)
    return made


def _made(
    inspection: Inspection,
    held: Case,
    *,
    by: Actor,
    visited_on: date,
    site: Site | None,
    announced: bool | None,
) -> Visit:
    """The visit, neither checked nor kept yet."""
    known = inspection.announced_on is not None
    return Visit(
        inspection=inspection,
        site=site or held.site,
        visited_on=visited_on,
        announced=known if announced is None else announced,
        recorded_by=None if isinstance(by, Scheduled) else by,
        recorded_at=clock.now(),
    )


def _check(made: Visit, inspection: Inspection, held: Case) -> None:
    errors: dict[str, str] = {}
    if refused := _day_refused(made, inspection, held):
        errors["visited_on"] = refused
    if made.site is not None and made.site.employer_id != held.employer_id:
        errors["site"] = "This site belongs to another employer."
    if made.announced and inspection.announced_on is None:
        errors["announced"] = "The inspection was not announced, so its visits were not either."
    if errors:
        raise ValidationError(errors)


def _day_refused(made: Visit, inspection: Inspection, held: Case) -> str:
    day = made.visited_on
    if day > clock.today():
        return "The visit cannot be in the future."
    if day < timezone.localdate(held.created_at):
        return "The visit cannot be before the inspection was opened."
    if made.announced and inspection.announced_on and day < inspection.announced_on:
        return "The visit cannot be before the day on which it was announced."
    if Visit.objects.filter(inspection=inspection, site=made.site, visited_on=day).exists():
        return "A visit to this site on this day is on record already."
    return ""


def _told(made: Visit) -> dict[str, object]:
    """What the chain records of it."""
    day = made.visited_on.isoformat()
    return {"visited_on": day, "site": made.site_id, "announced": made.announced}


def _keep(made: Visit, inspection: Inspection, held: Case, by: Actor) -> None:
    made.save()
    inspection.visited_on = min(made.visited_on, inspection.visited_on or made.visited_on)
    inspection.save(update_fields=["visited_on"])
    if held.status in (ON_SITE, FEEDBACK_DRAFTED) and inspection.feedback_issued_on is None:
        last = inspection.visits.order_by("-visited_on").values_list("visited_on", flat=True)[0]
        open_deadline(case=held, kind="feedback", start_on=last, by=by)
