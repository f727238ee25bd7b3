"""Periods that are counted over, and which of several ranges a day belongs to. Pure: no Django, no database.

CQC's IR(ME)R reporting year runs from 1 April to 31 March.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = [
    "DayRange",
    "Period",
    "first_to_cover",
    "reporting_year",
    "reporting_year_as_typed",
    "reporting_year_of",
]

_LABEL: Final = re.compile(r"(?P<first>[0-9]{4})/(?P<second>[0-9]{2})")
_TYPED: Final = re.compile(r"(?P<first>[0-9]{4}) ?[/–-] ?(?P<century>[0-9]{2})?(?P<second>[0-9]{2})")
_FIRST_MONTH: Final = 4
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included."""

    label: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the period {self.label} ends on {self.end}, before it starts on {self.start}")

    @property
    def slug(self) -> str:
        """The label as a part of an address: ``2023-24``."""
        return self.label.replace("/", "-")

    def contains(self, day: date) -> bool:
        """Whether ``day`` falls within the period, its first and last day included."""
        return self.start <= day <= self.end


def reporting_year(label: str) -> Period:
    """The reporting year written ``2023/24``: 1 April 2023 to 31 March 2024.

    ``ValueError`` says in plain words what is wrong with any other label.
    """
    match = _LABEL.fullmatch(label)
    if match is None:
        raise ValueError(f'"{label}" is not a reporting year: write it like 2023/24.')
    first = int(match["first"])
    if not 1900 <= first <= 2999 or int(match["second"]) != (first + 1) % 100:
        raise ValueError(
            f'"{label}" is not a reporting year: the second year follows the first, as in 2023/24.'
        )
    return Period(label=label, start=date(first, _FIRST_MONTH, 1), end=date(first + 1, _FIRST_MONTH - 1, 31))


def reporting_year_as_typed(text: str) -> Period:
    """As ``reporting_year``, also written ``2023-24``, ``2023–24`` or ``2023/2024``, with spaces around."""
    typed = " ".join(text.split())
    match = _TYPED.fullmatch(typed)
    if match is None:
        return reporting_year(typed)
    first = int(match["first"])
    if match["century"] and int(match["century"] + match["second"]) != first + 1:
        return reporting_year(typed)  # which says what is wrong with it
    return reporting_year(f"{match['first']}/{match['second']}")


def reporting_year_of(day: date) -> Period:
    """The reporting year that ``day`` falls in."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return reporting_year(f"{first}/{(first + 1) % 100:02d}")


@dataclass(frozen=True, slots=True)
class DayRange:
    """A stretch of days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def first_to_cover(window: DayRange, ranges: Iterable[DayRange]) -> list[list[DayRange]]:
    """For each of ``ranges``, in their order, the stretches of ``window`` that it is the first to cover.

    So each day belongs to one of them at most, and to none where no range covers it.
    """
    free, found = [window], list[list[DayRange]]()
    for wanted in ranges:
        taken, free = _take(free, wanted)
        found.append(taken)
    return found


def _take(free: Iterable[DayRange], wanted: DayRange) -> tuple[list[DayRange], list[DayRange]]:
    """The stretches of the free days that lie within ``wanted``, and those that stay free."""
    taken, left = list[DayRange](), list[DayRange]()
    for stretch in free:
        start, end = max(stretch.start, wanted.start), min(stretch.end, wanted.end)
        if start > end:
            left.append(stretch)
            continue
        taken.append(DayRange(start, end))
        if stretch.start < start:
            left.append(DayRange(stretch.start, start - _DAY))
        if end < stretch.end:
            left.append(DayRange(end + _DAY, stretch.end))
    return taken, left
