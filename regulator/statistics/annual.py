"""The annual report: every registered figure for one period, checked against each other, in fixed form.

What is counted lies with the apps that contribute figures. Every form of a report draws from ``tables_of``
and ``numbers_of``; as plain text it is ``printing``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from regulator.periods import Period, reporting_year_of
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain, Reported
from regulator.statistics.holding import in_part, is_whole, months_held
from regulator.statistics.numbers import NUMBERS, Number
from regulator.statistics.published import PublishedYear, published_year
from regulator.statistics.reading import one_reading
from regulator.statistics.tables import Cell, Table

__all__ = [
    "AnnualReport",
    "Contradiction",
    "Reported",
    "compose",
    "numbers_of",
    "tables_of",
]


class Contradiction(ValueError):
    """Figures of one report that contradict each other. ``str()`` names each contradiction on a line."""


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The figures of one period in the order of registration, with the period before."""

    period: Period
    before: Period
    figures: tuple[Reported, ...]


def compose(period: Period) -> AnnualReport:
    """Every figure for ``period``, and for the reporting year before it where a figure is compared: counted
    from the cases, or as published where that year is not held whole.

    Guarantees that the figures agree: raises ``Contradiction`` naming those that do not. The number of
    SQL queries is the figures' own, and that of the months held, at any size; they share one transaction.
    """
    before = reporting_year_of(period.start - timedelta(days=1))
    with transaction.atomic(), one_reading():
        values = {name: figure.compute(period) for name, figure in FIGURES.items()}
        earlier = {name: figure.compute(before) for name, figure in FIGURES.items() if figure.compared}
        held = months_held(Period("both years", before.start, period.end))
    found = [fault for check in CHECKS.values() for fault in check(values)]
    if found:
        raise Contradiction("\n".join(found))
    published = published_year(before)
    figures = []
    for name, figure in FIGURES.items():
        is_held_whole = not figure.of_cases or is_whole(held, before)
        previous, source = _previous(figure, earlier.get(name), published, is_held_whole)
        counted = () if not figure.of_cases else (period,) if source else (before, period)
        parts = tuple(part for year in counted if (part := in_part(held, year)))
        figures.append(Reported(name, figure, period, values[name], before, previous, source, parts))
    return AnnualReport(period, before, tuple(figures))


def _previous(
    figure: Figure, counted: Plain | None, published: PublishedYear | None, is_held_whole: bool
) -> tuple[Plain | None, tuple[str, ...]]:
    """The year before, and the addresses where it was published if it is not counted from cases.

    A year of which no case is held is not a year without incidents, and one of which some are held is not
    the whole of it.
    """
    is_any_held = counted is not None and (figure.held or _any_number)(counted)
    if counted is None or (is_any_held and is_held_whole):
        return counted, ()
    if figure.published is None or published is None:
        return (counted if is_any_held else None), ()
    told = figure.published(published)
    return told.value, told.sources


def tables_of(report: AnnualReport) -> tuple[Table, ...]:
    """Every table of every figure, in the order of the figures; no two have one name (``ValueError``)."""
    tables = tuple(table for each in report.figures for table in each.tables())
    names = [table.name for table in tables]
    if len(set(names)) != len(names):
        raise ValueError(f"tables with one name: {sorted(name for name in names if names.count(name) > 1)}")
    return tables


def numbers_of(report: AnnualReport) -> Mapping[str, tuple[Number, Cell]]:
    """Every number for prose by its name, with what it is in this report."""
    values = {each.name: each.value for each in report.figures}
    previous = {each.name: each.previous for each in report.figures if each.previous is not None}
    return {name: (number, number.read(values, previous)) for name, number in NUMBERS.items()}


def _any_number(value: Plain) -> bool:
    if isinstance(value, Mapping):
        return any(_any_number(inner) for inner in value.values())
    return not isinstance(value, str) and value != 0
