"""The clocks of a notice. The services open them with the dates that ``enforcement.legal_clock`` finds; the
numbers of days here say how, for people."""

from typing import Final

from enforcement import legal_clock
from enforcement.letters import addressees
from regulator.casework.models import Case
from regulator.casework.recipients import staff_for
from regulator.deadlines.kinds import Counting, DeadlineKind

REMINDER: Final = "deadline-reminder"


def publishers(case: Case) -> list[str]:
    """The addresses of those who may publish, and who may see the notice."""
    return [user.email for user in staff_for(case, permission="enforcement.publish")]


def employer_addressees(case: Case) -> list[str]:
    return addressees(case.employer)


def nobody(case: Case) -> list[str]:
    return []


KINDS: Final = (
    DeadlineKind(
        name="comply",
        label="Compliance with the notice",
        days=None,
        counting=Counting.CALENDAR,
        source="HSWA 1974 s21 and s22: the date that the notice states",
        reminders=(-14, -3),
        letter=REMINDER,
        recipients=employer_addressees,
        for_employer=True,
    ),
    DeadlineKind(
        name="appeal_window",
        label="End of the time for appeal",
        days=legal_clock.APPEAL_DAYS,
        counting=Counting.CALENDAR,
        source="HSWA 1974 s24, counted generously from the day after service",
        reminders=(),
        letter=REMINDER,
        recipients=nobody,
        escalates=False,
        for_employer=True,
    ),
    DeadlineKind(
        name="publish",
        label="Entry on the public register",
        days=legal_clock.PUBLICATION_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s3(1)",
        reminders=(-7, -1),
        letter=REMINDER,
        recipients=publishers,
    ),
    DeadlineKind(
        name="register_update",
        label="Update of the register entry",
        days=legal_clock.REGISTER_UPDATE_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s3(3) and (4)",
        reminders=(-2,),
        letter=REMINDER,
        recipients=publishers,
    ),
)
