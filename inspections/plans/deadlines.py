"""The clock of each action of an accepted plan."""

from typing import Final

from django.urls import reverse

from inspections.deadlines import employer_contacts
from regulator.casework.models import Case
from regulator.deadlines.kinds import REMINDER, Counting, DeadlineKind

PLAN_ACTION: Final = "plan_action"


def action_page(case: Case, subject: int) -> str:
    """Where the action with the primary key ``subject`` is kept up to date."""
    return reverse("plans:action", args=[case.reference, subject])


KIND: Final = DeadlineKind(
    name=PLAN_ACTION,
    label="Carry out an action of your plan",
    days=None,
    counting=Counting.CALENDAR,
    source="The date that the employer planned and CQC accepted",
    reminders=(-14, -7, 0, 1),
    letter=REMINDER,
    recipients=employer_contacts,
    for_employer=True,
    escalates_after=7,
    page=action_page,
    extendable=True,
    outlives_case=True,
)
"""Unlike the date of a corrective action after a notification, which is the employer's own, this one was
accepted by CQC: only CQC moves it, and its lead is told a week after it was missed."""
