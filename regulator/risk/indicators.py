"""What case apps contribute to risk: incidents, indicators, inspections, rules and outcomes. Pure.

Each answers for a window and, where one employer alone is asked for, for that employer; and states its number
of queries. The weights are in the parameter file, under the names used here; what nobody contributes weighs
nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from regulator.periods import DayRange
from regulator.registry import Registry
from regulator.risk.incidents import Incident

__all__ = [
    "INCIDENTS",
    "INDICATORS",
    "INSPECTED",
    "OUTCOMES",
    "REGIMES",
    "REPORTS",
    "RULES",
    "Asked",
    "Indicator",
    "Outcome",
    "Report",
    "Rule",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The days, both included, of which is asked as things were known, and the one employer or ``None`` for
    all."""

    window: DayRange
    employer: int | None = None

    def only(self, path: str = "case__employer") -> dict[str, int]:
        """The filter of a queryset whose employer stands at ``path``."""
        return {} if self.employer is None else {f"{path}_id": self.employer}


@dataclass(frozen=True, slots=True)
class Indicator:
    """A source of one indicator of the parameter file, named ``weighs_as``; several may add to one.

    ``facts`` answers (employer, happened, of), each employer once at most. Who is not named has ``of`` 0,
    which says nothing; with ``known_of_all`` a count of 0 that is known, of which there are then none to
    name."""

    weighs_as: str
    meaning: str
    facts: Callable[[Asked], Iterable[tuple[int, int, int]]]
    known_of_all: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Employers that are to be looked at whatever the score says. ``found`` answers (employer, how many);
    ``sentence`` says it, and names no case: who reads scores may not see every case."""

    sentence: str
    found: Callable[[Asked], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an inspection found, graded: how many breaches, and whether a notice followed. ``arm`` is how it
    was chosen (``score``, ``random``, ``reactive``, ``time``); ``""`` where nobody recorded that."""

    employer: int
    visited: date
    breaches: int
    notice: bool = False
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One incident in which equipment failed or was misused: its make and model, and the kind of error."""

    employer: int
    equipment: str
    error: str


INCIDENTS: Registry[Callable[[Asked], Iterable[Incident]]] = Registry("source of incidents")
INDICATORS: Registry[Indicator] = Registry("risk indicator")
INSPECTED: Registry[Callable[[Asked], Iterable[tuple[int, date]]]] = Registry("source of inspections")
"""(employer, last day on which it was visited), on or before the window's end; how long ago does not
matter."""
RULES: Registry[Rule] = Registry("rule that overrides the score")
REGIMES: Registry[Callable[[], Iterable[date]]] = Registry("source of the criteria's first days")
OUTCOMES: Registry[Callable[[Asked], Iterable[Outcome]]] = Registry("source of outcomes")
REPORTS: Registry[Callable[[Asked], Iterable[Report]]] = Registry("source of reports on equipment")
