"""The clock of a questionnaire: to the day that the inspector set."""

from typing import Final

from inspections.deadlines import employer_contacts
from inspections.questionnaires.letters import page_of
from inspections.questionnaires.services.holding import CLOCK
from regulator.deadlines.kinds import REMINDER, Counting, DeadlineKind

QUESTIONNAIRE: Final = DeadlineKind(
    name=CLOCK,
    label="Self-assessment questionnaire",
    days=None,
    counting=Counting.CALENDAR,
    source="The day that the inspector set for the questionnaire",
    reminders=(-3, 1),
    letter=REMINDER,
    recipients=employer_contacts,
    for_employer=True,
    page=page_of,
)
