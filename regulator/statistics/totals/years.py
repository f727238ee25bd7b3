"""The years of the trend, from the first that CQC published to the one that runs: whence each number is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from regulator.organisations.models import Modality
from regulator.periods import Period, reporting_year_of
from regulator.registry import Registry
from regulator.statistics.holding import in_part, is_whole
from regulator.statistics.published import PublishedYear, published_years
from regulator.statistics.tables import Cell, Mark
from regulator.statistics.totals.queries import Months

__all__ = ["SIGNED_OFF", "Whence", "Year", "names_of", "years"]

SIGNED_OFF: Registry[Callable[[], Mapping[str, date]]] = Registry("list of years signed off")
"""Answers, from public tables alone, the labels of the reporting years whose report was published here, and
as of which day its figures stand."""
_DAY: Final = timedelta(days=1)


class Whence(StrEnum):
    """Where the number of a year is from."""

    PUBLISHED = "Published by CQC"
    COUNTED = "Counted from the cases"
    UNSIGNED = "Counted from the cases, not signed off"
    RUNNING = "Counted from the cases so far, provisional"
    UNKNOWN = "Not found"


@dataclass(frozen=True, slots=True)
class Year:
    """One row of the trend. ``cells`` are its numbers by name: a series, or a series and a modality.
    ``in_part`` says of how much of a year that is over cases are held, where it is counted and not whole."""

    period: Period
    whence: Whence
    cells: dict[str, Cell]
    published: PublishedYear | None = None
    signed_as_of: date | None = None
    in_part: str = ""

    @property
    def is_provisional(self) -> bool:
        return self.whence in (Whence.UNSIGNED, Whence.RUNNING)

    @property
    def is_counted(self) -> bool:
        return self.whence in (Whence.COUNTED, Whence.UNSIGNED, Whence.RUNNING)

    @property
    def said(self) -> tuple[str, ...]:
        """What a reader of any number of the year is told of it, a sentence or two each."""
        return tuple(words for words in (self.disagreement, self.in_part, self.signed_off) if words)

    @property
    def signed_off(self) -> str:
        """As of which day the year is signed off, where it is: the numbers here go on following the cases."""
        if self.signed_as_of is None:
            return ""
        day = f"{self.signed_as_of.day} {self.signed_as_of:%B %Y}"
        return (
            f"{self.period.label} is signed off in its annual report, as the cases stood on {day}. What was "
            "changed, merged or withdrawn since is in the numbers here."
        )

    @property
    def disagreement(self) -> str:
        """What CQC published for a year whose cases add up to something else; "" where they agree."""
        if self.published is None or not self.is_counted:
            return ""
        said, here = self.published.totals["notifications"], self.cells["notifications"]
        if said is None or said == here:
            return ""
        return f"{self.period.label}: CQC published {said:,}; the cases held today add up to {here:,}."


def names_of(series: str) -> list[str]:
    """The names of the numbers of a series: the total and the modalities."""
    return [series, *(f"{series}_{modality}" for modality in Modality.values)]


def years(months: Months, counted_on: date | None) -> list[Year]:
    """Every year from the first that was published to that of ``counted_on``, the earliest first.

    A year is counted from the cases where it is held whole (``holding``), or where nothing was published for
    it and a part is; else it is what CQC published. A year of neither has no number.
    """
    last = published_years()[-1].end if counted_on is None else counted_on
    signed = {label: day for listed in SIGNED_OFF.values() for label, day in listed().items()}
    return [_year(period, said, months, counted_on, signed) for period, said in _periods(last)]


def _periods(last: date) -> Iterator[tuple[Period, PublishedYear | None]]:
    """Published periods, and the years between and after them for which nothing was published."""
    start = published_years()[0].start
    for said in published_years():
        while (between := _year_from(start)).end < said.start:
            yield between, None
            start = between.end + _DAY
        yield Period(said.label, said.start, said.end), said
        start = said.end + _DAY
    while start <= last:
        yield _year_from(start), None
        start = _year_from(start).end + _DAY


def _year_from(start: date) -> Period:
    """The calendar year that begins on ``start``, or the reporting year in which it lies."""
    if (start.month, start.day) == (1, 1):
        return Period(str(start.year), start, date(start.year, 12, 31))
    return reporting_year_of(start)


def _year(
    period: Period,
    said: PublishedYear | None,
    months: Months,
    counted_on: date | None,
    signed: Mapping[str, date],
) -> Year:
    whole = reporting_year_of(period.end)
    held = months.held(whole)
    if _is_counted(whole, period, said, held, counted_on):
        whence = _whence(whole, said, counted_on, signed)
        part = "" if whence is Whence.RUNNING else in_part(held, whole)
        return Year(whole, whence, _counted(whole, months), said, signed.get(whole.label), part)
    if said is not None:
        return Year(period, Whence.PUBLISHED, _said(said), said)
    return Year(period, Whence.UNKNOWN, _cells(lambda name: Mark.NOT_AVAILABLE))


def _is_counted(
    whole: Period,
    period: Period,
    said: PublishedYear | None,
    held: frozenset[date],
    counted_on: date | None,
) -> bool:
    if counted_on is None or whole.label != period.label:
        return False
    if whole.contains(counted_on):
        return True
    return is_whole(held, whole) or (said is None and bool(held))


def _whence(
    whole: Period, said: PublishedYear | None, counted_on: date | None, signed: Mapping[str, date]
) -> Whence:
    if counted_on is not None and whole.contains(counted_on):
        return Whence.RUNNING
    return Whence.COUNTED if said is not None or whole.label in signed else Whence.UNSIGNED


def _counted(period: Period, months: Months) -> dict[str, Cell]:
    def cell(name: str) -> Cell:
        for series in ("notifications", "inspections", "notices"):
            if name == series:
                return months.of(series, period)
            if name.startswith(f"{series}_"):
                return months.of(series, period, name.removeprefix(f"{series}_"))
        raise LookupError(name)

    return _cells(cell)


def _said(said: PublishedYear) -> dict[str, Cell]:
    def cell(name: str) -> Cell:
        number = said.totals.get(name)  # of notices only improvement notices were published
        return Mark.NOT_AVAILABLE if number is None else number

    return _cells(cell)


def _cells(cell: Callable[[str], Cell]) -> dict[str, Cell]:
    names = [name for series in ("notifications", "inspections", "notices") for name in names_of(series)]
    return {name: cell(name) for name in names}
