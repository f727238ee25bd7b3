"""Opening a ready checklist on an inspection."""

from django.core.exceptions import ValidationError

from inspections.checklists.models import Checklist
from inspections.checklists.ready import current
from inspections.checklists.services.adding import adding, check_visit, not_preparable, refuse
from inspections.models import Inspection, Visit
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append


def open_checklist(*, inspection: Inspection, by: Actor, key: str, visit: Visit | None = None) -> Checklist:
    """Open the newest version of a ready list, for one visit or for the whole inspection; where it is open
    already that one is answered.

    From the announcement on, or the visit where there was none, until the inspection is closed. Raises
    ``NotPermitted``, ``NotAllowedNow``, and ``ValidationError`` beside ``key`` or ``visit``.
    """
    with adding(inspection, by=by) as (held, person):
        refuse(not_preparable(held))
        check_visit(visit, inspection)
        try:
            listed = current(key)
        except LookupError as unknown:
            raise ValidationError({"key": "Choose a checklist."}) from unknown
        open_already = Checklist.objects.filter(inspection=inspection, visit=visit, key=key).first()
        if open_already is not None:
            return open_already
        made = Checklist.objects.create(
            inspection=inspection,
            visit=visit,
            key=key,
            version=listed.version,
            sha256=listed.sha256,
            opened_by=person,
            opened_at=clock.now(),
        )
        payload = {
            "checklist": made.pk,
            "key": key,
            "version": made.version,
            "sha256": made.sha256,
            "visit": visit.pk if visit else None,
        }
        append("checklists.opened", case=held, by=person, payload=payload)
    return made
