"""The clocks of a concern, both CQC's own: by when it is assessed, and by when an immediate risk is acted
on."""

from typing import Final

from inspections.concerns.lifecycle import DECIDE
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.deadlines.kinds import own_target


def deciders(case: Case) -> list[str]:
    """The lead's address; that of everybody who decides on concerns where there is no lead."""
    return [user.email for user in lead_or(case, permission=DECIDE)]


ASSESSMENT: Final = own_target(
    "concern_assessment",
    "Assess the concern",
    "CONCERN_ASSESSMENT_WORKING_DAYS",
    reminders=(0, 1),
    recipients=deciders,
)
ACTION: Final = own_target(
    "concern_action",
    "Act on the immediate risk of harm",
    "CONCERN_ACTION_WORKING_DAYS",
    reminders=(0,),
    recipients=deciders,
)
KINDS: Final = (ASSESSMENT, ACTION)
