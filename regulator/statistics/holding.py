"""Of which months cases are held, and whether that is all of a period: a year that is held in part is not
compared as if it were whole. Why it is told by the notifications, and by these months: docs/decisions/0035.
"""

from collections.abc import Callable, Collection
from datetime import date
from itertools import pairwise

from regulator.periods import Period
from regulator.registry import Registry

__all__ = ["MONTHS_HELD", "in_part", "is_whole", "months_held", "months_in"]

MONTHS_HELD: Registry[Callable[[Period], Collection[date]]] = Registry("list of months held")
"""Answers the first days of the months of a period in which cases came in that CQC holds. Each states its
queries."""


def months_held(period: Period) -> frozenset[date]:
    """The first days of those months of a period of which any app holds cases (the apps' own queries)."""
    return frozenset(month for listed in MONTHS_HELD.values() for month in listed(period))


def months_in(period: Period) -> list[date]:
    """The first days of the months that begin within ``period``."""
    month = period.start if period.start.day == 1 else _next(period.start.replace(day=1))
    found = []
    while month <= period.end:
        found.append(month)
        month = _next(month)
    return found


def is_whole(held: Collection[date], period: Period) -> bool:
    """Whether ``period`` is held whole: its first month is and its last, and no two between them running are
    not. What is held begins on some day and may end on one, so a single month without is one in which
    nothing came in."""
    months = [month in held for month in months_in(period)]
    return bool(months) and months[0] and months[-1] and all(one or other for one, other in pairwise(months))


def in_part(held: Collection[date], period: Period) -> str:
    """A sentence that says of how much of ``period`` cases are held; "" where it is held whole."""
    if is_whole(held, period):
        return ""
    months = months_in(period)
    number = sum(month in held for month in months)
    return f"Of {period.label} the cases of only {number} of {len(months)} months are held."


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
