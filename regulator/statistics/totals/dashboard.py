"""The public dashboard as data: its cards, and its tables with the chart and the words that belong to each.

Page and files are made of these, so that they cannot differ. Reads the public totals alone, in three queries.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import dropwhile, pairwise
from typing import Final

from markupsafe import Markup

from regulator.organisations.models import Modality
from regulator.periods import Period, reporting_year_of
from regulator.statistics import charts, series
from regulator.statistics.changes import change, statement
from regulator.statistics.charts import Size
from regulator.statistics.figures import FIGURES
from regulator.statistics.rounding import rounded_shares
from regulator.statistics.series import Concerns
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.totals.breakdowns import breakdown
from regulator.statistics.totals.cells import SOURCES
from regulator.statistics.totals.queries import Months, counted_on, months, parts_in
from regulator.statistics.totals.years import Whence, Year, years

__all__ = ["Card", "Dashboard", "Section", "dashboard"]

BREAKDOWNS: Final = ("sub_modality", "employer_type", "tier1")
"""The dimensions of notifications that are shown of a finished year."""
_DAY: Final = timedelta(days=1)
_NO_BREAKDOWN: Final = (
    "What is finer than a modality is shown once a year is over: while it runs, the step from one day’s "
    "count to the next could be one case."
)
_SOURCE: Final = "CQC, as published; and the cases held in this portal."


@dataclass(frozen=True, slots=True)
class Card:
    """One number at the head of the page."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Section:
    """A table, how it is drawn at a given size, and what is said of it. ``chart`` answers ``""`` where there
    is nothing to draw."""

    table: Table
    draw: Callable[[Size], Markup]
    told: tuple[str, ...] = ()

    @property
    def chart(self) -> Markup:
        return charts.for_page(self.draw) if self.table.rows else Markup("")


@dataclass(frozen=True, slots=True)
class Dashboard:
    """``running`` is the year that runs, of which ``cards`` tell; ``year`` the one that ``sections`` break
    down. Both are ``None`` before anything was counted."""

    counted_on: date | None
    running: Period | None
    cards: tuple[Card, ...]
    year: Year | None
    sections: tuple[Section, ...]
    said: tuple[str, ...]

    def section(self, name: str) -> Section | None:
        """The section whose table has this name."""
        return next((each for each in self.sections if each.table.name == name), None)


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that every answer is made of, read at once."""

    counted_on: date | None
    months: Months
    years: Sequence[Year]

    @property
    def choices(self) -> list[str]:
        """The years that can be looked into: those that are counted from the cases."""
        return [year.period.label for year in self.years if year.is_counted]


def known() -> Known:
    """The plain totals and the years (2 queries)."""
    day, counts = counted_on(), months()
    return Known(day, counts, years(counts, day))


def dashboard(held: Known, *, modality: str = "", label: str = "") -> Dashboard:
    """The dashboard of one modality or all, and of the year ``label`` or the latest (1 query)."""
    counted = [year for year in held.years if year.is_counted]
    chosen = next((year for year in counted if year.period.label == label), counted[-1] if counted else None)
    sections = [_trend(held.years, modality)]
    if not modality:
        sections.append(_by_modality_over_years(held.years))
    said: list[str] = [year.disagreement for year in held.years if year.disagreement]
    if chosen is not None:
        sections.append(_of_year(held, chosen, modality))
        if chosen.whence is Whence.RUNNING:
            said.append(_NO_BREAKDOWN)
        else:
            sections += _breakdowns(chosen, modality)
    sections.append(_done(held.years, modality))
    running = reporting_year_of(held.counted_on) if held.counted_on else None
    cards = _cards(held, running, modality) if running else ()
    return Dashboard(held.counted_on, running, cards, chosen, tuple(sections), tuple(said))


def _cards(held: Known, running: Period, modality: str) -> tuple[Card, ...]:
    of = modality or None
    labels = {"notifications": "Notifications", "inspections": "Inspections", "notices": "Notices served"}
    return tuple(Card(labels[name], held.months.of(name, running, of)) for name in SOURCES if name in labels)


# The trend


def _trend(rows: Sequence[Year], modality: str) -> Section:
    name = f"notifications_{modality}" if modality else "notifications"
    where = f", {Modality(modality).label.lower()}" if modality else ""
    columns = (Column("notifications", "Notifications"),)
    table = _years_table("trend", f"Notifications since 2008{where}", columns, rows, [name], "notifications")
    return Section(table, _over_years(table, rows, ["notifications"], [name]))


def _by_modality_over_years(rows: Sequence[Year]) -> Section:
    columns = tuple(Column(each.value, each.label) for each in Modality)
    names = [f"notifications_{each.value}" for each in Modality]
    rows = list(dropwhile(lambda year: all(year.cells[name] is Mark.NOT_AVAILABLE for name in names), rows))
    table = _years_table(
        "trend-by-modality", "Notifications by modality", columns, rows, names, "notifications"
    )
    return Section(table, _over_years(table, rows, list(Modality.values), names))


def _done(rows: Sequence[Year], modality: str) -> Section:
    suffix = f"_{modality}" if modality else ""
    where = f", {Modality(modality).label.lower()}" if modality else ""
    columns = (Column("inspections", "Inspections"), Column("notices", "Notices served"))
    names = [f"inspections{suffix}", f"notices{suffix}"]
    told = [year for year in rows if any(year.cells[name] is not Mark.NOT_AVAILABLE for name in names)]
    title = f"Inspections and enforcement notices{where}"
    table = _years_table("inspections-and-notices", title, columns, told, names, "inspections and notices")
    return Section(table, lambda size: charts.grouped(table, values=["inspections", "notices"], size=size))


def _years_table(
    name: str, title: str, columns: tuple[Column, ...], rows: Sequence[Year], names: list[str], unit: str
) -> Table:
    figures = ("notifications",) if unit == "notifications" else ("inspections", "notices")
    of = Concerns.NOTIFICATIONS if unit == "notifications" else Concerns.EVERYTHING
    return Table(
        name=name,
        title=title,
        columns=(Column("year", "Year", Kind.TEXT), *columns, Column("from", "Where it is from", Kind.TEXT)),
        rows=tuple(
            Row((year.period.label, *(year.cells[each] for each in names), year.whence.value))
            for year in rows
        ),
        unit=unit,
        basis=" ".join(FIGURES.get(each).basis for each in figures),
        notes=(
            *(f"{each.before}: {each.text}." for each in _breaks(rows, names, of)),
            *(
                f"{year.period.label}: {year.published.notes}"
                for year in rows
                if year.published and year.published.notes
            ),
        ),
        source=_SOURCE,
    )


def _over_years(
    table: Table, rows: Sequence[Year], values: list[str], names: list[str]
) -> Callable[[Size], Markup]:
    provisional = [year.period.label for year in rows if year.is_provisional]
    breaks = _breaks(rows, names, Concerns.NOTIFICATIONS)
    return lambda size: charts.trend(table, values=values, breaks=breaks, provisional=provisional, size=size)


def _breaks(rows: Sequence[Year], names: list[str], of: Concerns) -> list[charts.Break]:
    """What lies between each year that has a number and the one before it that has. A year that is not over
    is no year to compare."""
    told = [year for year in rows if any(year.cells[name] is not Mark.NOT_AVAILABLE for name in names)]
    found = []
    for before, after in pairwise(told):
        between = series.between(before.period, after.period, of)
        if between:
            found.append(charts.Break(after.period.label, "; ".join(each.title for each in between)))
        elif after.whence is Whence.RUNNING:
            found.append(charts.Break(after.period.label, f"{after.period.label} is not over"))
    return found


# One year


def _of_year(held: Known, year: Year, modality: str) -> Section:
    """The year by modality beside the one before. Of the year that runs, the months that are over."""
    period, before = _compared(held, year)
    counts = {each: held.months.of("notifications", period, each) for each in Modality.values}
    shares = rounded_shares(counts)
    asked: list[str | None] = [modality] if modality else [*Modality.values, None]
    rows = []
    for each in asked:
        number = held.months.of("notifications", period, each)
        share = shares.percents[each] if each else shares.total
        step = _step(number, _earlier(held, before, each)) if before else ()
        label = Modality(each).label if each else "All"
        rows.append(Row((label, number, share, *step), is_total=each is None))
    steps = (Column("before", before.label), Column("change", "Change", Kind.CHANGE)) if before else ()
    table = Table(
        name="year",
        title=f"Notifications in {period.label} by modality",
        columns=(
            Column("modality", "Modality", Kind.TEXT),
            Column("notifications", "Notifications"),
            Column("share", "Share", Kind.PERCENT),
            *steps,
        ),
        rows=tuple(rows),
        unit="notifications",
        basis=FIGURES.get("notifications").basis,
        notes=tuple(filter(None, (shares.note, *FIGURES.get("notifications").caveats))),
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
    if whole is None or not whole.is_counted:
        return Mark.NOT_AVAILABLE
    return held.months.of("notifications", before, modality)


def _step(now: int, earlier: Cell) -> tuple[Cell, Cell]:
    return (earlier, now - earlier) if isinstance(earlier, int) else (earlier, Mark.NOT_AVAILABLE)


def _statements(held: Known, period: Period, before: Period, modality: str) -> tuple[str, ...]:
    breaks = series.notes(before, period)
    found = []
    for each in [modality] if modality else ["", *Modality.values]:
        earlier = _earlier(held, before, each or None)
        if isinstance(earlier, int):
            now = held.months.of("notifications", period, each or None)
            name = Modality(each).label if each else "All notifications"
            found.append(f"{name}: {_stated(earlier, now, breaks)}")
    return tuple(found)


@lru_cache(maxsize=1000)
def _stated(before: int, after: int, breaks: tuple[str, ...]) -> str:
    """The change in words. Kept, because its exact limits are the dearest number of the page."""
    text = statement(change(before, after, breaks=breaks))
    return text[:1].lower() + text[1:]


def _breakdowns(year: Year, modality: str) -> list[Section]:
    """What is finer than a modality, protected (1 query)."""
    counts = parts_in(year.period, "notifications")
    basis = FIGURES.get("notifications").basis
    return [
        _bars(breakdown(name, "notifications", counts.get(name, {}), modality, year.period.label, basis))
        for name in BREAKDOWNS
    ]


def _bars(table: Table) -> Section:
    return Section(table, lambda size: charts.bars(table, value="notifications", size=size))
