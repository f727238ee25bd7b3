"""The tables and charts over all years."""

from collections.abc import Callable, Sequence
from itertools import dropwhile, pairwise
from typing import Final

from markupsafe import Markup

from regulator.organisations.models import Modality
from regulator.statistics import charts, series
from regulator.statistics.charts import Size
from regulator.statistics.figures import FIGURES
from regulator.statistics.series import Concerns
from regulator.statistics.tables import Column, Kind, Mark, Row, Table
from regulator.statistics.totals.sections import Section
from regulator.statistics.totals.years import Whence, Year

__all__ = ["by_modality_over_years", "inspected_and_served", "trend"]

_SOURCE: Final = "CQC, as published; and the cases held in this portal."


def trend(rows: Sequence[Year], modality: str) -> Section:
    name = f"notifications_{modality}" if modality else "notifications"
    where = f", {Modality(modality).label.lower()}" if modality else ""
    columns = (Column("notifications", "Notifications"),)
    table = _years_table("trend", f"Notifications since 2008{where}", columns, rows, [name], "notifications")
    return Section(table, _over_years(table, rows, ["notifications"], [name]))


def by_modality_over_years(rows: Sequence[Year]) -> Section:
    columns = tuple(Column(each.value, each.label) for each in Modality)
    names = [f"notifications_{each.value}" for each in Modality]
    rows = list(dropwhile(lambda year: all(year.cells[name] is Mark.NOT_AVAILABLE for name in names), rows))
    table = _years_table(
        "trend-by-modality", "Notifications by modality", columns, rows, names, "notifications"
    )
    return Section(table, _over_years(table, rows, list(Modality.values), names))


def inspected_and_served(rows: Sequence[Year], modality: str) -> Section:
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
            Row((year.period.label, *(year.cells[each] for each in names), _from(year, names)))
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


def _from(year: Year, names: list[str]) -> str:
    """Where the numbers of the row are from; of a year that was published, these may not have been."""
    if all(year.cells[each] is Mark.NOT_AVAILABLE for each in names):
        return Whence.UNKNOWN.value
    return year.whence.value


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
        reasons = [each.title for each in between]
        reasons += [part.removesuffix(".") for part in (before.in_part, after.in_part) if part]
        if not between and after.whence is Whence.RUNNING:
            reasons.append(f"{after.period.label} is not over")
        if reasons:
            found.append(charts.Break(after.period.label, "; ".join(reasons)))
    return found
