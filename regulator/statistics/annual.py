"""The annual report: every registered figure for one period, checked against each other, in fixed form.

What is counted lies with the apps that contribute figures; how a report looks in print is ``printing``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from regulator.periods import Period, reporting_year_of
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain

__all__ = ["AnnualReport", "Contradiction", "Reported", "as_json", "compose"]


class Contradiction(ValueError):
    """Figures of one report that contradict each other. ``str()`` names each contradiction on a line."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure with its value; ``previous`` is the year before's, or ``None`` where none is held."""

    name: str
    figure: Figure
    value: Plain
    previous: Plain | None


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The figures of one period in the order of registration, with the period before."""

    period: Period
    before: Period
    figures: tuple[Reported, ...]


def compose(period: Period) -> AnnualReport:
    """Every figure for ``period``, and for the reporting year before it where a figure is compared.

    Guarantees that the figures agree: raises ``Contradiction`` naming those that do not. The number of
    SQL queries is the figures' own, at any size; they share one transaction.
    """
    before = reporting_year_of(period.start - timedelta(days=1))
    with transaction.atomic():
        values = {name: figure.compute(period) for name, figure in FIGURES.items()}
        earlier = {name: figure.compute(before) for name, figure in FIGURES.items() if figure.compared}
    found = [fault for check in CHECKS.values() for fault in check(values)]
    if found:
        raise Contradiction("\n".join(found))
    figures = tuple(
        Reported(name, figure, values[name], _held(earlier.get(name))) for name, figure in FIGURES.items()
    )
    return AnnualReport(period, before, figures)


def as_json(report: AnnualReport) -> str:
    """The report as JSON, indented; decimals as text. Equal figures give equal bytes, and ``digest`` (the
    SHA-256 over the figures' values) says at a glance whether a reprint counts the same."""
    figures = {each.name: _as_plain(each) for each in report.figures}
    values = {each.name: [each.value, each.previous] for each in report.figures}
    content = {
        "report": "IR(ME)R annual figures",
        "period": _period(report.period),
        "previous_period": _period(report.before),
        "digest": hashlib.sha256(_dumps(values, indent=None).encode()).hexdigest(),
        "figures": figures,
    }
    return _dumps(content, indent=2)


def _held(value: Plain | None) -> Plain | None:
    """``value`` unless every number in it is 0: a year that is not held is not a year without incidents."""
    return value if value is not None and _any_number(value) else None


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
        "value": each.value,
        "previous": each.previous,
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
