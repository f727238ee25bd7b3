"""Whether provisions stood on a day, and how to say that one did not. Loading them is not here."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol


class Text(Protocol):
    """A text of a provision: a row of the catalogue, or a citation of it elsewhere."""

    @property
    def citation(self) -> str: ...
    @property
    def in_force_from(self) -> date: ...
    @property
    def in_force_to(self) -> date | None: ...


def not_in_force(provisions: Iterable[Text], day: date) -> str:
    """Why ``provisions`` may not be cited for ``day``, in plain English; ``""`` where all were in force.

    Both ends of a provision's dates are days on which it was in force. No query.
    """
    return " ".join(_why(provision, day) for provision in provisions if not _stood(provision, day))


def _stood(provision: Text, day: date) -> bool:
    return provision.in_force_from <= day and (provision.in_force_to is None or day <= provision.in_force_to)


def _why(provision: Text, day: date) -> str:
    name = provision.citation[:1].upper() + provision.citation[1:]
    if day < provision.in_force_from:
        why = f"it came into force on {_day(provision.in_force_from)}"
    else:
        why = f"it ended on {_day(provision.in_force_to or day)}"
    return f"{name} (this text) was not in force on {_day(day)}: {why}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
