"""The annual report: every registered figure for one period, checked against each other, in fixed form.

What is counted lies with the apps that contribute figures. Every form of a report draws from ``tables_of``
and ``numbers_of``; as plain text it is ``printing``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from regulator.periods import Period, reporting_year_of
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain, Reported
from regulator.statistics.numbers import NUMBERS, Number
from regulator.statistics.published import PublishedYear, published_year
from regulator.statistics.reading import one_reading
from regulator.statistics.tables import Cell, Table, as_plain

__all__ = [
    "AnnualReport",
    "Contradiction",
    "Reported",
    "as_json",
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
    from the cases, or as published where none of that year is held.

    Guarantees that the figures agree: raises ``Contradiction`` naming those that do not. The number of
    SQL queries is the figures' own, at any size; they share one transaction.
    """
    before = reporting_year_of(period.start - timedelta(days=1))
    with transaction.atomic(), one_reading():
        values = {name: figure.compute(period) for name, figure in FIGURES.items()}
        earlier = {name: figure.compute(before) for name, figure in FIGURES.items() if figure.compared}
    found = [fault for check in CHECKS.values() for fault in check(values)]
    if found:
        raise Contradiction("\n".join(found))
    published = published_year(before)
    figures = []
    for name, figure in FIGURES.items():
        previous, source = _previous(figure, earlier.get(name), published)
        figures.append(Reported(name, figure, period, values[name], before, previous, source))
    return AnnualReport(period, before, tuple(figures))


def _previous(
    figure: Figure, counted: Plain | None, published: PublishedYear | None
) -> tuple[Plain | None, tuple[str, ...]]:
    """The year before, and the addresses where it was published if it is not counted from cases.

    A year of which no case is held is not a year without incidents.
    """
    if counted is None or (figure.held or _any_number)(counted):
        return counted, ()
    if figure.published is None or published is None:
        return None, ()
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


def as_json(report: AnnualReport) -> str:
    """The report as JSON, indented: each figure with its tables; decimals as text. Equal figures give equal
    bytes, and ``digest`` (the SHA-256 over the figures' values) says at a glance whether a reprint counts
    the same."""
    values = {each.name: [each.value, each.previous] for each in report.figures}
    content = {
        "report": "IR(ME)R annual figures",
        "period": _period(report.period),
        "previous_period": _period(report.before),
        "digest": hashlib.sha256(_dumps(values, indent=None).encode()).hexdigest(),
        "figures": {each.name: _as_plain(each) for each in report.figures},
        "numbers": {name: _number(number, cell) for name, (number, cell) in numbers_of(report).items()},
    }
    return _dumps(content, indent=2)


def _number(number: Number, cell: Cell) -> dict[str, object]:
    return {"meaning": number.meaning, "kind": number.kind.value, "value": cell}


def _any_number(value: Plain) -> bool:
    if isinstance(value, Mapping):
        return any(_any_number(inner) for inner in value.values())
    return not isinstance(value, str) and value != 0


def _as_plain(each: Reported) -> dict[str, object]:
    figure = each.figure
    return {
        "title": figure.title,
        "meaning": figure.meaning,
        "unit": figure.unit,
        "basis": figure.basis,
        "caveats": list(figure.caveats),
        "tables": [as_plain(table) for table in each.tables()],
    }


def _period(period: Period) -> dict[str, str]:
    return {"label": period.label, "start": period.start.isoformat(), "end": period.end.isoformat()}


def _dumps(content: object, *, indent: int | None) -> str:
    return json.dumps(content, indent=indent, ensure_ascii=False, default=_text)


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a figure holds plain data only, not {type(value).__name__}")
