"""The kinds of deadline. Each case app registers its own, with what reminds of it and whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.conf import settings

from regulator.casework.models import Case
from regulator.registry import Registry

REMINDER: Final = "deadline-reminder"
"""The letter that reminds of a deadline, unless its kind has one of its own."""


class Counting(Enum):
    """Which days count: every day, or working days of England and Wales."""

    CALENDAR = "calendar days"
    WORKING = "working days"


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One kind of deadline: ``days`` after its start, counted as ``counting`` says.

    ``days=None`` is for a date that a person sets (the answer to a request). ``reminders`` are offsets
    in calendar days relative to the due date: ``-7`` is a week before, ``1`` the day after.
    ``recipients`` answers whom to remind. ``source`` names the rule, with its date. ``escalates`` is
    false for a window that merely closes (the time for an appeal): nobody owes anything by its last day.
    ``escalates_after`` is how many days it must be overdue before CQC's lead is told: long enough for the
    reminders to have done their work.
    ``employers_own`` is a day that the employer set itself: it can be overdue, but CQC is not told.
    ``for_employer`` is true for what concerns the employer; the others are CQC's own and never shown to it.
    ``page`` is the path of the very page on which the employer does it, given the case and the subject;
    without one it is the case's own page. ``extendable`` says that whoever owes it may ask for more time.
    ``changeable``: administrators may give it another number of days from a day on (``deadlines.rules``); not
    where an Act of Parliament says the number. ``outlives_case``: what is promised by a day and still owed
    when the case is closed, so that closing does not end the clock.
    """

    name: str
    label: str
    days: int | None
    counting: Counting
    source: str
    reminders: tuple[int, ...]
    letter: str
    recipients: Callable[[Case], Iterable[str]]
    event: str = "deadlines.reminded"
    escalates: bool = True
    escalates_after: int = 1
    employers_own: bool = False
    for_employer: bool = False
    page: Callable[[Case, int], str] | None = None
    extendable: bool = False
    changeable: bool = False
    outlives_case: bool = False


def own_target(
    name: str,
    label: str,
    setting: str,
    *,
    reminders: tuple[int, ...],
    recipients: Callable[[Case], Iterable[str]],
    counting: Counting = Counting.WORKING,
    for_employer: bool = False,
) -> DeadlineKind:
    """A deadline that no published rule sets: a setting holds its days, administrators may change them."""
    return DeadlineKind(
        name=name,
        label=label,
        days=getattr(settings, setting),
        counting=counting,
        source=f"CQC's own target (setting {setting}); no published limit found",
        reminders=reminders,
        letter=REMINDER,
        recipients=recipients,
        for_employer=for_employer,
        changeable=True,
    )


DEADLINES: Registry[DeadlineKind] = Registry("kind of deadline")


def ended_by_closing() -> frozenset[str]:
    """The kinds whose clocks end when their case is closed."""
    return frozenset(kind.name for kind in DEADLINES.values() if not kind.outlives_case)
