"""The clocks of a concern, both CQC's own: by when it is assessed, and by when an immediate risk is acted
on."""

from typing import Final

from django.conf import settings

from inspections.concerns.lifecycle import DECIDE
from inspections.deadlines import REMINDER
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.deadlines.kinds import Counting, DeadlineKind


def deciders(case: Case) -> list[str]:
    """The lead's address; that of everybody who decides on concerns where there is no lead."""
    return [user.email for user in lead_or(case, permission=DECIDE)]


ASSESSMENT: Final = DeadlineKind(
    name="concern_assessment",
    label="Assess the concern",
    days=settings.CONCERN_ASSESSMENT_WORKING_DAYS,
    counting=Counting.WORKING,
    source="CQC's own target (setting CONCERN_ASSESSMENT_WORKING_DAYS); no published limit found",
    reminders=(0, 1),
    letter=REMINDER,
    recipients=deciders,
    changeable=True,
)
ACTION: Final = DeadlineKind(
    name="concern_action",
    label="Act on the immediate risk of harm",
    days=settings.CONCERN_ACTION_WORKING_DAYS,
    counting=Counting.WORKING,
    source="CQC's own target (setting CONCERN_ACTION_WORKING_DAYS); no published limit found",
    reminders=(0,),
    letter=REMINDER,
    recipients=deciders,
    changeable=True,
)
KINDS: Final = (ASSESSMENT, ACTION)
