"""What a figure is, and the registries in which each app puts its own. One definition per figure.

A figure counts once, in ``compute``, and lays out what it counted once, in ``tables``. Every form of a report
(page, chart, text, CSV, spreadsheet, PDF, JSON, API) draws from these tables and counts nothing itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils import timezone

from regulator.periods import Period
from regulator.registry import Registry
from regulator.statistics import series
from regulator.statistics.published import PublishedYear
from regulator.statistics.tables import Column, Row, Table

__all__ = [
    "CHECKS",
    "FIGURES",
    "AsPublished",
    "Check",
    "Figure",
    "Plain",
    "Reported",
    "Values",
    "moments",
]

Plain: TypeAlias = int | Decimal | str | Mapping[str, "Plain"]
"""Nested plain data: whole numbers, decimals, text, and mappings of these in the order to print. Where there
is no number, the text is a ``Mark`` that says why."""
Values: TypeAlias = Mapping[str, Any]
"""The value of every figure of a report, by name, each in the shape that its own app gave it."""


@dataclass(frozen=True, slots=True)
class AsPublished:
    """What CQC published of a year in the shape of a figure's value, and at which addresses."""

    value: Plain
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, how, and the tables in which it is shown.

    ``basis`` says which day decides whether a thing falls into the period, and what is left out;
    ``caveats`` what a reader must know before using it; ``source`` the data it is counted from.
    ``compute(period)`` states its SQL queries. ``tables`` lays out a reported figure. ``compared`` figures
    are shown beside the year before, which is counted as well; where its cases are not all held,
    ``published`` gives what CQC published of it, in the same shape, with a ``Mark`` for what it did not
    publish. ``held`` says whether a value is of a year of which cases are held; without it, any number but 0
    says so. ``of_cases`` is whether it counts cases or what hangs on them, so that a year of which a part is
    held (``holding``) is no year to compare. ``concerns``
    says which breaks in series part the two years. ``labels`` are what keys are called in print.
    """

    title: str
    meaning: str
    unit: str
    basis: str
    compute: Callable[[Period], Plain]
    tables: "Callable[[Reported], tuple[Table, ...]]"
    caveats: tuple[str, ...] = ()
    compared: bool = False
    published: Callable[[PublishedYear], AsPublished] | None = None
    held: Callable[[Any], bool] | None = None
    of_cases: bool = True
    concerns: series.Concerns = series.Concerns.EVERYTHING
    labels: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure with its value for ``period``.

    ``previous`` is its value for ``before``, the year before it, or ``None`` where none is known.
    ``published_in`` are the addresses at which CQC published ``previous``: none where cases were counted.
    ``in_part`` says of which of the two years only a part was counted.
    """

    name: str
    figure: Figure
    period: Period
    value: Any
    before: Period
    previous: Any | None
    published_in: tuple[str, ...] = ()
    in_part: tuple[str, ...] = ()

    def tables(self) -> tuple[Table, ...]:
        """Every table of the figure."""
        return self.figure.tables(self)

    @property
    def breaks(self) -> tuple[str, ...]:
        """Why the two years are not to be compared, a sentence or two each; empty where they are."""
        return (*series.notes(self.period, self.before, self.figure.concerns), *self.in_part)

    def label(self, key: str) -> str:
        """What a key is called in print."""
        return self.figure.labels.get(key) or (key.replace("_", " ").capitalize() if key.islower() else key)

    def table(
        self,
        name: str,
        title: str,
        columns: Iterable[Column],
        rows: Iterable[Row],
        *,
        number: str = "",
        notes: Iterable[str] = (),
        headings: int = 1,
        unit: str = "",
    ) -> Table:
        """A table with the figure's own basis, caveats and unit (or ``unit``), and its period in the title.

        ``name`` is appended to the figure's; empty for the figure's own name. Where the year before stands in
        it (the column ``previous``), notes say what parts the two, and where CQC published it if it did.
        """
        held = tuple(columns)
        beside = self.previous is not None and any(column.key == "previous" for column in held)
        return Table(
            name=f"{self.name}_{name}" if name else self.name,
            title=f"{title}, {self.period.label}",
            columns=held,
            rows=tuple(rows),
            unit=unit or self.figure.unit,
            basis=self.figure.basis,
            notes=(*self.figure.caveats, *notes, *(self._beside() if beside else ())),
            source=f"{self.figure.source} {self.period.label}" if self.figure.source else "",
            number=number,
            headings=headings,
        )

    def _beside(self) -> Iterator[str]:
        if self.published_in:
            yield (
                f"{self.before.label} as CQC published it, for the cases of that year are not all held here: "
                f"{', '.join(self.published_in)}."
            )
        yield from self.breaks


Check: TypeAlias = Callable[[Values], Iterable[str]]
"""Answers, in plain English, where figures of one report contradict each other."""

FIGURES: Registry[Figure] = Registry("figure")
CHECKS: Registry[Check] = Registry("check of figures")


def moments(period: Period) -> tuple[datetime, datetime]:
    """The first moment of ``period`` and the first after it, by the clock of Europe/London."""
    after = period.end + timedelta(days=1)
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(period.start, time.min, tzinfo=zone),
        datetime.combine(after, time.min, tzinfo=zone),
    )
