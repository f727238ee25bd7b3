"""Reordering a programme, taking a place off it, adding one. Each with a reason that is kept for good."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from inspections.programme.drawing import Arm
from inspections.programme.models import Place, Programme
from inspections.programme.services.holding import PLAN, changing_needs, changing_programme, record, renumber
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason
from regulator.organisations.models import Employer, Modality
from regulator.organisations.policies import permit


def move_place(*, place: Place, to: int, reason: str, by: User, version: int) -> Place:
    """Put a place at position ``to`` (from 1); those between move up or down by one.

    Raises ``NotPermitted``, also for a declared interest in the employer; ``StaleVersion``; ``NotAllowedNow``
    for a place that was taken off; ``ValidationError`` for no reason and for a position that there is not.
    """
    permit(by, PLAN, employer=place.employer_id)
    why = checked_reason(reason)
    with changing_programme(place.programme, version=version) as held:
        standing = list(held.places.standing())
        at = _at(standing, place)
        if not 1 <= to <= len(standing):
            raise ValidationError({"to": f"Give a position from 1 to {len(standing)}."})
        moved = standing.pop(at)
        standing.insert(to - 1, moved)
        renumber(standing)
        record("place_moved", held, by, why, place=place.pk, before=at + 1, after=to)
    place.refresh_from_db()
    return place


def drop_place(*, place: Place, reason: str, by: User, version: int) -> Place:
    """Take a place off the programme. Its row stays, with how probable it was: what chance drew and nobody
    visited counts in any later estimate.

    Raises as ``move_place``; ``NotAllowedNow`` as well where its inspection was opened. Of an approved
    programme only whoever may approve one takes a place off.
    """
    _permit_change(by, place.programme, place.employer_id)
    why = checked_reason(reason)
    with changing_programme(place.programme, version=version) as held:
        standing = list(held.places.standing())
        dropped = standing.pop(_at(standing, place))
        if dropped.inspection_id is not None:
            raise NotAllowedNow("The inspection of this place was opened. Stand the inspection down instead.")
        dropped.dropped_at = clock.now()
        dropped.save(update_fields=["dropped_at"])
        renumber(standing)
        record("place_dropped", held, by, why, place=place.pk, arm=dropped.arm)
    place.refresh_from_db()
    return place


def add_place(
    *, programme: Programme, employer: Employer, modality: str, reason: str, by: User, version: int
) -> Place:
    """Put an employer on the programme by a person's choice, at its end. It has no probability.

    Raises as ``drop_place``; ``ValidationError`` for an unknown modality and for an employer that stands on
    the programme in it already.
    """
    _permit_change(by, programme, employer.pk)
    why = checked_reason(reason)
    with changing_programme(programme, version=version) as held:
        if modality not in Modality.values:
            raise ValidationError({"modality": "Choose the modality."})
        standing = held.places.standing()
        if standing.filter(employer=employer, modality=modality).exists():
            raise ValidationError({"employer": "This employer is on the programme in this modality."})
        place = Place.objects.create(
            programme=held,
            position=standing.count() + 1,
            employer=employer,
            modality=modality,
            sector=employer.type,
            arm=Arm.CHOSEN,
            why="Chosen by a person; the reason is in the history below.",
        )
        record("place_added", held, by, why, place=place.pk, employer=employer.pk, modality=modality)
    return place


def _permit_change(by: User, programme: Programme, employer: int) -> None:
    permit(by, changing_needs(programme), employer=employer)


def _at(standing: Sequence[Place], place: Place) -> int:
    for at, each in enumerate(standing):
        if each.pk == place.pk:
            return at
    raise NotAllowedNow("This place was taken off the programme.")
