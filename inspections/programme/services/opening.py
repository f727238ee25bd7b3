"""From a place to its inspection."""

from datetime import date

from django.core.exceptions import ValidationError

from inspections.models import Inspection
from inspections.programme.models import Place
from inspections.programme.services.holding import changing_programme, record
from inspections.services import open_inspection
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.organisations.models import Site
from regulator.organisations.policies import permit


def open_place(
    *, place: Place, site: Site | None, planned_on: date, by: User, version: int, lead: User | None = None
) -> Inspection:
    """Open the planned inspection of a place, once the programme is approved.

    Raises as ``inspections.services.open_inspection``, which decides who may; ``StaleVersion``;
    ``ValidationError`` for a site of another employer; ``NotAllowedNow`` for a programme that nobody
    approved, for a place that was taken off, and for one whose inspection was opened.
    """
    permit(by, "inspections.open", employer=place.employer_id)
    if site is not None and site.employer_id != place.employer_id:
        raise ValidationError({"site": "This site belongs to another employer."})
    with changing_programme(place.programme, version=version) as held:
        current = Place.objects.select_related("employer").get(pk=place.pk)
        if not held.is_approved:
            raise NotAllowedNow("The programme waits for its approval.")
        if current.dropped_at is not None:
            raise NotAllowedNow("This place was taken off the programme.")
        if current.inspection_id is not None:
            raise NotAllowedNow("The inspection of this place was opened already.")
        inspection = open_inspection(
            employer=current.employer,
            site=site,
            modality=current.modality,
            trigger=Inspection.Trigger.PLANNED,
            planned_on=planned_on,
            lead=lead,
            by=by,
        )
        current.inspection = inspection
        current.save(update_fields=["inspection"])
        record("place_opened", held, by, place=current.pk, inspection=inspection.pk)
    place.refresh_from_db()
    return inspection
