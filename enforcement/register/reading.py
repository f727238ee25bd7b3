"""Reading the register page by page, for the API and the feed: found as the pages of the list are, told as
records. Each page begins after the last entry of the one before, so any costs the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from enforcement.register.models import Change, EntryText, RegisterEntry
from enforcement.register.paging import Found, Place, Wanted, find, place_of, read_place
from enforcement.register.records import FIELDS, record, rows_by_key

PAGE: Final = 50
_BEFORE: Final = "before-"


class Unreadable(ValueError):
    """A cursor that was not given out here."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the entries of a page say, and the cursors of the pages beside it ("" for none)."""

    results: list[dict[str, Any]]
    next: str
    previous: str


def changed_since(wanted: Wanted, moment: datetime) -> Wanted | None:
    """The same, but only what was added or changed at that moment or later; ``None`` where nothing was (one
    query)."""
    changes = Change.objects.filter(at__gte=moment).order_by("at", "number")
    number = changes.values_list("number", flat=True).first()
    return None if number is None else replace(wanted, changed_from=number)


def page_at(wanted: Wanted | None, order: str, cursor: str, names: Sequence[str] = FIELDS) -> Page:
    """The page of what is wanted that the cursor names, the first for "" (at most five queries). Raises
    ``Unreadable``."""
    place = _place(cursor, order) if cursor else None
    found = Found((), False, False, 0) if wanted is None else find(wanted, order, place, PAGE, counts=False)
    rows = rows_by_key(RegisterEntry.objects.filter(pk__in=found.keys)) if found.keys else {}
    shown = [rows[key] for key in found.keys if key in rows]
    return Page(
        results=[record(row, names) for row, _ in shown],
        next=_cursor(shown[-1][1], order) if shown and found.after else "",
        previous=f"{_BEFORE}{_cursor(shown[0][1], order)}" if shown and found.before else "",
    )


def _cursor(text: EntryText, order: str) -> str:
    return place_of(text, order)


def _place(cursor: str, order: str) -> Place:
    key = read_place(cursor.removeprefix(_BEFORE), order)
    if key is None:
        raise Unreadable("The cursor was not given out here.")
    return Place(key, cursor.startswith(_BEFORE))
