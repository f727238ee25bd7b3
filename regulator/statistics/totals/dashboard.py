"""The public dashboard as data: its cards, and its tables with the chart and the words that belong to each.

Page and files are made of these, so that they cannot differ. Reads public tables alone: at most five queries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from regulator.periods import Period, reporting_year_of
from regulator.statistics.totals.cells import SOURCES
from regulator.statistics.totals.one_year import breakdowns, by_modality
from regulator.statistics.totals.sections import Known, Section
from regulator.statistics.totals.trends import by_modality_over_years, inspected_and_served, trend
from regulator.statistics.totals.years import Whence, Year

__all__ = ["Card", "Dashboard", "dashboard"]

_NO_BREAKDOWN: Final = (
    "What is finer than a modality is shown once a year is over: while it runs, the step from one day’s "
    "count to the next could be one case."
)


@dataclass(frozen=True, slots=True)
class Card:
    """One number at the head of the page."""

    label: str
    number: int


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


def dashboard(held: Known, *, modality: str = "", label: str = "") -> Dashboard:
    """The dashboard of one modality or all, and of the year ``label`` or the latest (2 queries)."""
    counted = [year for year in held.years if year.is_counted]
    chosen = next((year for year in counted if year.period.label == label), counted[-1] if counted else None)
    sections = [trend(held.years, modality)]
    if not modality:
        sections.append(by_modality_over_years(held.years))
    said = [words for year in held.years for words in year.said]
    if chosen is not None:
        sections.append(by_modality(held, chosen, modality))
        if chosen.whence is Whence.RUNNING:
            said.append(_NO_BREAKDOWN)
        else:
            sections += breakdowns(chosen, modality)
    sections.append(inspected_and_served(held.years, modality))
    running = reporting_year_of(held.counted_on) if held.counted_on else None
    cards = _cards(held, running, modality) if running else ()
    return Dashboard(held.counted_on, running, cards, chosen, tuple(sections), tuple(said))


def _cards(held: Known, running: Period, modality: str) -> tuple[Card, ...]:
    of = modality or None
    labels = {"notifications": "Notifications", "inspections": "Inspections", "notices": "Notices served"}
    return tuple(Card(labels[name], held.months.of(name, running, of)) for name in SOURCES if name in labels)
