"""By which rule a clock is counted: the kind's own, or the edition of it that holds on the clock's first
day."""

from dataclasses import dataclass
from datetime import date

from regulator import clock
from regulator.deadlines.calendar import add_calendar_days, add_working_days
from regulator.deadlines.kinds import DEADLINES, Counting
from regulator.editions.holding import Held, all_of
from regulator.editions.kinds import Content

CLOCK = "clock"
"""The kind of edition."""
KEEP, RECOUNT = "keep", "recount"
"""What becomes of clocks that run when an edition begins: they keep their rule unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """So many days, counted so. ``edition`` is the key of the edition that says it, 0 for the kind's own."""

    days: int
    counting: Counting
    source: str
    edition: int = 0

    def due_on(self, start_on: date) -> date:
        """The last day on which the thing is in time."""
        add = add_calendar_days if self.counting is Counting.CALENDAR else add_working_days
        return add(start_on, self.days)

    @property
    def in_words(self) -> str:
        """For ``Deadline.counted_as``: nothing for the kind's own rule, which the kind says itself."""
        return f"{self.days} {self.counting.value} ({self.source})" if self.edition else ""


def rule_on(kind: str, start_on: date, *, met_on: date | None = None) -> Rule:
    """The rule for a clock of ``kind`` that starts on that day. No query inside ``writing``, one outside.

    ``met_on`` is the day on which it was met, if it was: an edition that began after that day and took
    running clocks along did not take this one.

    Raises ``LookupError`` for an unknown kind, ``ValueError`` for one whose date a person sets.
    """
    spec = DEADLINES.get(kind)
    if spec.days is None:
        raise ValueError(f"{kind} has no number of days: its date is set by a person")
    held = _last(kind, start_on, met_on) if spec.changeable else None
    if held is None:
        return Rule(spec.days, spec.counting, spec.source)
    return as_rule(held.content, held.pk)


def _last(kind: str, start_on: date, met_on: date | None) -> Held | None:
    """The edition that holds on the clock's first day, or a later one that took running clocks along."""
    held = [
        each
        for each in all_of(CLOCK)
        if each.what == kind and (each.holds_from <= start_on or _took_running(each, met_on))
    ]
    return held[-1] if held else None


def _took_running(held: Held, met_on: date | None) -> bool:
    return held.content["running"] == RECOUNT and held.holds_from <= (met_on or clock.today())


def as_rule(content: Content, edition: int) -> Rule:
    """The rule that the content of an edition says."""
    return Rule(content["days"], Counting(content["counting"]), content["source"], edition)
