"""The clocks of an inspection. CQC publishes none of these limits for IR(ME)R, so each is a setting."""

from typing import Final

from django.conf import settings

from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.deadlines.kinds import REMINDER, Counting, DeadlineKind, own_target
from regulator.organisations.queries import contacts


def responsible(case: Case) -> list[str]:
    """The lead inspector's address; every inspector's where there is no lead."""
    return [user.email for user in lead_or(case, permission="inspections.conduct")]


def employer_contacts(case: Case) -> list[str]:
    return contacts(case.employer, permission=case.spec.follow)


EVIDENCE: Final = DeadlineKind(
    name="evidence",
    label="Documents for the inspection",
    days=None,
    counting=Counting.CALENDAR,
    source="The day that the inspector set for the documents",
    reminders=(-1, 1),
    letter=REMINDER,
    recipients=employer_contacts,
    for_employer=True,
)
FEEDBACK: Final = own_target(
    "feedback",
    "Written feedback",
    "INSPECTION_FEEDBACK_WORKING_DAYS",
    reminders=(-5, 1),
    recipients=responsible,
)
ACCURACY: Final = DeadlineKind(
    name="accuracy",
    label="Comments on factual accuracy",
    days=settings.INSPECTION_ACCURACY_WORKING_DAYS,
    counting=Counting.WORKING,
    source="As for CQC's other reports (setting INSPECTION_ACCURACY_WORKING_DAYS); none found for IR(ME)R",
    reminders=(-3,),
    letter=REMINDER,
    recipients=employer_contacts,
    for_employer=True,
    escalates=False,
    changeable=True,
)
ACTION_PLAN: Final = own_target(
    "action_plan",
    "Action plan",
    "INSPECTION_PLAN_DAYS",
    reminders=(-7, 1),
    recipients=employer_contacts,
    counting=Counting.CALENDAR,
    for_employer=True,
)
KINDS: Final = (EVIDENCE, FEEDBACK, ACCURACY, ACTION_PLAN)
