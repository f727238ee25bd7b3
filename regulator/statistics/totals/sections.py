"""A part of the dashboard, and what all parts are made from, read at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from regulator.statistics import charts
from regulator.statistics.charts import Size
from regulator.statistics.tables import Table
from regulator.statistics.totals.queries import Months, counted_on, months
from regulator.statistics.totals.years import Year, years

__all__ = ["Known", "Section", "known"]


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
