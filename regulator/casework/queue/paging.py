"""Walking the queue by its keys: a page begins after the last case seen, however far in that is.

No page is counted to: the database goes straight to the place in the order's index, so the last page costs
what the first does. The count that is shown ends at ``MOST_COUNTED``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.db.models import BigIntegerField, BooleanField, F, Func, GeneratedField, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils import timezone

from regulator.casework.models import Case
from regulator.casework.queue.orders import Key, Order

PAGE_SIZE: Final = 50
MOST_COUNTED: Final = 10_000
_BETWEEN: Final = "~"


class NoSuchPlace(ValueError):
    """An address names a place in the queue that cannot be read."""


class Row(Func):
    """Several values as one, compared from left to right: ``(due_order, id)``."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: after a case, before one, at the start or (``before`` nobody) at the end."""

    key: tuple[Key, int] | None = None
    is_before: bool = False


START: Final = Place()
END: Final = Place(is_before=True)


@dataclass(frozen=True, slots=True)
class Page:
    """The cases of one page in their order, and whether others stand before and after them."""

    cases: list[Case]
    has_previous: bool
    has_next: bool


def page_at(place: Place, cases: QuerySet[Case], order: Order, *, size: int = PAGE_SIZE) -> Page:
    """The page of ``cases`` at ``place`` (one query)."""
    down = order.backwards is not place.is_before
    if place.key is not None:
        cases = cases.filter(_beyond(place.key, order, down))
    sign = "-" if down else ""
    found = list(cases.order_by(f"{sign}{order.column}", f"{sign}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if place.is_before:
        return Page(found[::-1], has_previous=more, has_next=place.key is not None)
    return Page(found, has_previous=place.key is not None, has_next=more)


def _beyond(key: tuple[Key, int], order: Order, down: bool) -> GreaterThan | LessThan:
    field = cast("GeneratedField", Case._meta.get_field(order.column))
    value, pk = key
    typed = Row(Value(value, output_field=field.output_field), Value(pk, output_field=BigIntegerField()))
    return (LessThan if down else GreaterThan)(Row(F(order.column), F("pk")), typed)


def token(case: Case, order: Order) -> str:
    """The place of ``case`` in ``order``, as it stands in an address."""
    value = getattr(case, order.column)
    return f"{value if isinstance(value, int) else value.isoformat()}{_BETWEEN}{case.pk}"


def read_token(text: str, order: Order) -> tuple[Key, int]:
    """The place that ``token`` wrote. Raises ``NoSuchPlace`` for anything else."""
    value, between, pk = text.partition(_BETWEEN)
    try:
        key, number = order.read(value), int(pk)
    except (ValueError, OverflowError) as error:
        raise NoSuchPlace from error
    if isinstance(key, datetime) and timezone.is_naive(key):
        raise NoSuchPlace
    if not between or not 0 < number <= BigIntegerField.MAX_BIGINT or _is_beyond(key):
        raise NoSuchPlace
    return key, number


def _is_beyond(key: Key) -> bool:
    """Whether no column holds such a value."""
    if isinstance(key, int):
        return abs(key) > BigIntegerField.MAX_BIGINT
    return not 1 < key.year < 9999 and key != key.max


def count(cases: QuerySet[Case]) -> tuple[int, bool]:
    """How many cases there are, at most ``MOST_COUNTED``, and whether there are more (one query)."""
    counted = cases.order_by()[: MOST_COUNTED + 1].count()
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED
