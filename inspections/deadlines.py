"""The clocks of an inspection. CQC publishes neither limit, so both are settings."""

from typing import Final

from django.conf import settings

from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.deadlines.kinds import Counting, DeadlineKind
from regulator.organisations.queries import contacts

REMINDER: Final = "deadline-reminder"


def responsible(case: Case) -> list[str]:
    """The lead inspector's address; every inspector's where there is no lead."""
    return [user.email for user in lead_or(case, permission="inspections.conduct")]


def employer_contacts(case: Case) -> list[str]:
    return contacts(case.employer, permission=case.spec.follow)


FEEDBACK: Final = DeadlineKind(
    name="feedback",
    label="Written feedback",
    days=settings.INSPECTION_FEEDBACK_WORKING_DAYS,
    counting=Counting.WORKING,
    source="CQC's own target (setting INSPECTION_FEEDBACK_WORKING_DAYS); no published limit found",
    reminders=(-5, 1),
    letter=REMINDER,
    recipients=responsible,
    changeable=True,
)
ACTION_PLAN: Final = DeadlineKind(
    name="action_plan",
    label="Action plan",
    days=settings.INSPECTION_PLAN_DAYS,
    counting=Counting.CALENDAR,
    source="CQC's own target (setting INSPECTION_PLAN_DAYS); no published limit found",
    reminders=(-7, 1),
    letter=REMINDER,
    recipients=employer_contacts,
    for_employer=True,
    changeable=True,
)
KINDS: Final = (FEEDBACK, ACTION_PLAN)
