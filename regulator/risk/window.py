"""The window of a run, its quarters, and what a set of activity returns says of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from regulator.periods import DayRange, first_to_cover

__all__ = ["Return", "Spread", "months_to", "periods_of", "quarters_of", "spread_over"]

_ACTIVITY: Final = Decimal("0.001")
_MONTHS_A_QUARTER: Final = 3
_QUARTERS_A_YEAR: Final = 4


def months_to(last: date, months: int) -> DayRange:
    """The ``months`` months that end on ``last``: 36 to 31 March 2024 start on 1 April 2021."""
    total = last.year * 12 + last.month - 1 - months
    year, month = divmod(total, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()
    start = min(date(year, month + 1, 1).toordinal() + last.day, following)
    return DayRange(date.fromordinal(start), last)


def quarters_of(last: date, count: int) -> tuple[DayRange, ...]:
    """The ``count`` quarters that end on ``last``, the oldest first, without a gap between them."""
    starts = [months_to(last, _MONTHS_A_QUARTER * back).start for back in range(count, 0, -1)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    return tuple(DayRange(start, end) for start, end in zip(starts, ends, strict=True))


def periods_of(quarters: Sequence[DayRange], regimes: Sequence[date]) -> tuple[int, ...]:
    """For each quarter which stretch it belongs to, counted from 0: quarters of one year of the window under
    the same criteria share one. A quarter in which the criteria changed stands alone."""
    found, stretches = [], dict[tuple[int, int, int], int]()
    for place, quarter in enumerate(quarters):
        first, last = (sum(begun <= day for begun in regimes) for day in (quarter.start, quarter.end))
        found.append(
            stretches.setdefault(
                (place // _QUARTERS_A_YEAR, first, last if last == first else -1 - place), len(stretches)
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Return:
    """An activity return: ``quantity`` spread evenly over ``over``, as complete as it says."""

    over: DayRange
    quantity: int
    completeness: str = "complete"


@dataclass(frozen=True, slots=True)
class Spread:
    """Returned activity by quarter, on how many days of each, which days these are, and the completeness of
    the return that covers most of them (``""`` where none does)."""

    activity: tuple[Decimal, ...]
    days: tuple[int, ...]
    covered: tuple[DayRange, ...]
    completeness: str


def spread_over(quarters: Sequence[DayRange], returns: Sequence[Return]) -> Spread:
    """Activity on the days of ``quarters`` that ``returns`` cover.

    Each day counts once, from the first return that covers it (put the most trusted first).
    """
    window = DayRange(quarters[0].start, quarters[-1].end)
    activity = [Decimal(0)] * len(quarters)
    days = [0] * len(quarters)
    covered, weight = list[DayRange](), dict[str, int]()
    for each, taken in zip(returns, first_to_cover(window, [one.over for one in returns]), strict=True):
        covered.extend(taken)
        for place, quarter in enumerate(quarters):
            within = sum(_shared(stretch, quarter) for stretch in taken)
            days[place] += within
            activity[place] += Decimal(each.quantity) * within / each.over.days
            weight[each.completeness] = weight.get(each.completeness, 0) + within
    heaviest = max(sorted(weight), key=lambda name: weight[name]) if covered else ""
    fixed = tuple(each.quantize(_ACTIVITY, ROUND_HALF_EVEN) for each in activity)
    return Spread(fixed, tuple(days), tuple(sorted(covered, key=lambda each: each.start)), heaviest)


def _shared(one: DayRange, other: DayRange) -> int:
    """How many days two ranges have in common."""
    return max(0, (min(one.end, other.end) - max(one.start, other.start)).days + 1)
