"""The orders in which the queue may stand. Each is one column of the case and the primary key after it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from regulator.casework.queue_order import CLOSED

Key = int | date | datetime
"""A value of an order's column."""
_OPEN: Final = Q(closed_at__isnull=True)
_CLOSED: Final = Q(closed_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Order:
    """``column`` is never NULL, and stands first in the indexes that serve the order
    (``queue_order.INDEXES``); ``read`` reads its value from an address, raising ``ValueError``.

    ``open`` and ``closed`` are the conditions on open and on closed cases in the words of those indexes.
    """

    name: str
    label: str
    column: str
    read: Callable[[str], Key]
    backwards: bool = False
    open: Q = _OPEN
    closed: Q = _CLOSED


URGENCY: Final = Order(
    "urgency",
    "Most urgent first",
    "urgency",
    int,
    open=Q(urgency__lt=CLOSED),
    closed=Q(urgency__gte=CLOSED),
)
OLDEST: Final = Order("age", "Oldest first", "age_order", datetime.fromisoformat)
ORDERS: Final = {
    order.name: order
    for order in (
        URGENCY,
        Order("due", "Next due first", "due_order", date.fromisoformat),
        Order("-due", "Next due last", "due_order", date.fromisoformat, backwards=True),
        OLDEST,
        Order("-age", "Newest first", "age_order", datetime.fromisoformat, backwards=True),
    )
}
"""By the name that stands in the address (``o``)."""
FORMER_NAMES: Final = {"6": "due", "-6": "-due", "7": "age", "-7": "-age"}
"""The numbers of columns that addresses named before orders had names; links and bookmarks may still."""
