"""Reading a long list page by page without counting rows that were read: each page begins after the last row
of the one before, found by an index. So any page costs the same, and what changes meanwhile moves no row."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from enforcement.register.models import RegisterEntry

MOST: Final = 2**63 - 1
"""The largest key of a row."""


class Unreadable(ValueError):
    """A cursor that was not given out here."""


@dataclass(frozen=True, slots=True)
class Order:
    """By the values of ``field``, then by key; ``read`` makes a value of its text again."""

    field: str
    backwards: bool
    read: Callable[[str], Any]

    @property
    def by(self) -> tuple[str, str]:
        """As ``order_by`` takes it."""
        sign = "-" if self.backwards else ""
        return f"{sign}{self.field}", f"{sign}pk"

    def turned(self) -> "Order":
        """The same the other way round."""
        return Order(self.field, not self.backwards, self.read)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found.astimezone(UTC)


ORDERS: Final[Mapping[str, Order]] = {
    f"{'-' if backwards else ''}{name}": Order(name, backwards, read)
    for name, read in (("served_on", date.fromisoformat), ("updated_at", _moment))
    for backwards in (True, False)
}
"""The orders in which the register can be read, by the name that a caller gives."""
NEWEST: Final = "-served_on"
LATEST: Final = "-updated_at"


def cursor_at(value: date | datetime, key: int, *, before: bool = False) -> str:
    """Where a page begins: after the row with that value and key, or before it."""
    text = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()
    return base64.urlsafe_b64encode(f"{'b' if before else 'a'}{text}|{key}".encode()).decode().rstrip("=")


def read_cursor(text: str, order: Order) -> tuple[Any, int, bool]:
    """The value and key that a cursor names, and whether it stands before them. Raises ``Unreadable``."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        told = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        value, _, key = told[1:].partition("|")
        found = order.read(value), int(key)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise Unreadable("The cursor was not given out here.") from error
    if told[0] not in "ab" or not 0 <= found[1] <= MOST:
        raise Unreadable("The cursor was not given out here.")
    return found[0], found[1], told[0] == "b"


def beyond(entries: QuerySet[RegisterEntry], order: Order, value: Any, key: int) -> QuerySet[RegisterEntry]:
    """The entries that come after the row with that value and key, in that order."""
    step = "lt" if order.backwards else "gt"
    reached = Q(**{f"{order.field}__{step}e": value})  # what the index is entered by
    past = Q(**{f"{order.field}__{step}": value}) | Q(**{f"pk__{step}": key})
    return entries.filter(reached & past).order_by(*order.by)
