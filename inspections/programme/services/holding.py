"""Holding a programme for one change, and what its events say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from inspections.programme.models import Place, Programme
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import StaleVersion
from regulator.casework.models import Event
from regulator.periods import reporting_year_of

PLAN: Final = "inspections.plan"
APPROVE: Final = "inspections.approve_plan"


@contextmanager
def changing_programme(programme: Programme, *, version: int) -> Iterator[Programme]:
    """Yield the programme locked as it stands, its version one higher on leaving. Raises ``StaleVersion``
    where somebody was faster."""
    with writing():
        held = Programme.objects.select_for_update().get(pk=programme.pk)
        if held.version != version:
            raise StaleVersion(read=version, current=held.version, what="programme")
        yield held
        held.version += 1
        held.save()
    programme.refresh_from_db()


def record(what: str, programme: Programme, by: User, reason: str = "", **payload: Any) -> Event:
    """Append what was done to a programme."""
    told = {"programme": programme.pk, "year": programme.label, **payload}
    return append(f"programme.{what}", case=None, by=by, payload=told, text=reason)


def renumber(places: list[Place]) -> None:
    """Give ``places`` the positions 1, 2, 3 … in their order."""
    moved = [place for at, place in enumerate(places, 1) if place.position != at]
    for at, place in enumerate(places, 1):
        place.position = at
    Place.objects.bulk_update(moved, ["position"])


def april(year: int) -> date:
    """The first day of the reporting year that begins in ``year``."""
    return date(year, 4, 1)


def years_to_draw() -> tuple[int, int]:
    """The Aprils for which a programme may be drawn: that of the next reporting year, and of this one."""
    this = reporting_year_of(clock.today()).start.year
    return this + 1, this


def changing_needs(programme: Programme) -> str:
    """The permission to add a place or take one off: whoever draws, until it is approved; then only whoever
    may approve."""
    return APPROVE if programme.is_approved else PLAN
