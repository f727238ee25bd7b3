"""The tables and charts of one year: by modality beside the year before, and finer, protected."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from regulator.organisations.models import Modality
from regulator.periods import Period, reporting_year_of
from regulator.statistics import charts, series
from regulator.statistics.changes import change, statement
from regulator.statistics.figures import FIGURES
from regulator.statistics.holding import in_part
from regulator.statistics.keeping import kept_back_before
from regulator.statistics.layouts import MODALITY, rounded_note
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.tally import percent_of
from regulator.statistics.totals.breakdowns import breakdown
from regulator.statistics.totals.queries import parts_in
from regulator.statistics.totals.sections import Known, Section
from regulator.statistics.totals.years import Whence, Year

__all__ = ["breakdowns", "by_modality"]

BREAKDOWNS: Final = ("sub_modality", "employer_type", "tier1")
"""The dimensions of notifications that are shown of a finished year."""
_DAY: Final = timedelta(days=1)


def by_modality(held: Known, year: Year, modality: str) -> Section:
    """The year by modality beside the one before. Of the year that runs, the months that are over."""
    period, before = _compared(held, year)
    counts = {each: held.months.of("notifications", period, each) for each in Modality.values}
    whole = sum(counts.values())
    asked: list[str | None] = [modality] if modality else [*Modality.values, None]
    rows = []
    for each in asked:
        number = held.months.of("notifications", period, each)
        share = percent_of(number, whole)
        step = _step(number, _earlier(held, before, each)) if before else ()
        label = Modality(each).label if each else "All"
        rows.append(Row((label, number, share, *step), is_total=each is None))
    steps = (Column("before", before.label), Column("change", "Change", Kind.CHANGE)) if before else ()
    table = Table(
        name="year",
        title=f"Notifications in {period.label} by modality",
        columns=(
            MODALITY,
            Column("notifications", "Notifications"),
            Column("share", "Share", Kind.PERCENT),
            *steps,
        ),
        rows=tuple(rows),
        unit="notifications",
        basis=FIGURES.get("notifications").basis,
        notes=(
            *(() if modality else rounded_note(tuple(rows))),
            *FIGURES.get("notifications").caveats,
            *_parts(held, period, before),
        ),
        source=year.whence.value,
    )
    return Section(
        table,
        lambda size: charts.bars(table, value="notifications", share="share", size=size),
        _statements(held, period, before, modality) if before else (),
    )


def _compared(held: Known, year: Year) -> tuple[Period, Period | None]:
    """The year and the one before; of the year that runs the months that are over, and the same of the year
    before. In its first month there are none: the year so far, and nothing to compare it with."""
    period = year.period
    before = reporting_year_of(period.start - _DAY)
    if year.whence is not Whence.RUNNING or held.counted_on is None:
        return period, before
    over = held.counted_on.replace(day=1) - _DAY
    if over < period.start:
        return period, None
    end = _last_of_month(date(over.year - 1, over.month, 1))
    return _months_of(period.start, over), _months_of(before.start, end)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _months_of(start: date, end: date) -> Period:
    first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
    label = f"{start:%B %Y}" if start.month == end.month else f"{first} to {end:%B %Y}"
    return Period(label, start, end)


def _earlier(held: Known, before: Period, modality: str | None) -> Cell:
    """What was counted, else published, of the year before; of some months of it only what was counted."""
    year = next((each for each in held.years if each.period.label == before.label), None)
    if year is not None:
        return year.cells[f"notifications_{modality}" if modality else "notifications"]
    whole = next((each for each in held.years if each.period.contains(before.start)), None)
    if whole is None or not whole.is_counted or not held.months.held(before):
        return Mark.NOT_AVAILABLE
    return held.months.of("notifications", before, modality)


def _step(now: int, earlier: Cell) -> tuple[Cell, Cell]:
    return (earlier, now - earlier) if isinstance(earlier, int) else (earlier, Mark.NOT_AVAILABLE)


def _statements(held: Known, period: Period, before: Period, modality: str) -> tuple[str, ...]:
    breaks = (*series.notes(before, period), *_parts(held, period, before))
    found = []
    for each in [modality] if modality else ["", *Modality.values]:
        earlier = _earlier(held, before, each or None)
        if isinstance(earlier, int):
            now = held.months.of("notifications", period, each or None)
            name = Modality(each).label if each else "All notifications"
            found.append(f"{name}: {_stated(earlier, now, breaks)}")
    return tuple(found)


def _parts(held: Known, period: Period, before: Period | None) -> tuple[str, ...]:
    """Of which of the two, counted from the cases, only a part is held, and of how much."""
    if before is None:
        return ()
    counted = [period]
    if isinstance(_earlier(held, before, None), int):
        year = next((each for each in held.years if each.period.label == before.label), None)
        counted = [before, period] if year is None or year.is_counted else [period]
    return tuple(part for each in counted if (part := in_part(held.months.held(each), each)))


@lru_cache(maxsize=1000)
def _stated(before: int, after: int, breaks: tuple[str, ...]) -> str:
    """The change in words. Kept, because its exact limits are the dearest number of the page."""
    text = statement(change(before, after, breaks=breaks))
    return text[:1].lower() + text[1:]


def breakdowns(year: Year, modality: str) -> list[Section]:
    """What is finer than a modality, protected (2 queries)."""
    kept_back = kept_back_before(year.period)
    counts = parts_in(year.period, "notifications")
    basis, source = FIGURES.get("notifications").basis, year.whence.value
    return [
        _bars(
            breakdown(
                name,
                "notifications",
                counts.get(name, {}),
                modality,
                year.period.label,
                basis,
                source,
                kept_back,
            )
        )
        for name in BREAKDOWNS
    ]


def _bars(table: Table) -> Section:
    return Section(table, lambda size: charts.bars(table, value="notifications", size=size))
