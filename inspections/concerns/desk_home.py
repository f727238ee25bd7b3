"""What the desk's home counts of concerns."""

from typing import Final

from inspections.concerns.lifecycle import DECIDE
from inspections.concerns.queries import immediate, to_assess
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may

TO_ASSESS: Final = "concern_to_assess"
IMMEDIATE: Final = "concern_immediate"


def concerns_waiting(user: User) -> HomePanel | None:
    """How many concerns wait for their assessment, and in how many that are open harm may be immediate (one
    query). ``None`` for those who decide on none."""
    if not may(user, DECIDE):
        return None
    numbers = counted(Case.objects.for_user(user), **{TO_ASSESS: to_assess(), IMMEDIATE: immediate()})
    labels = {TO_ASSESS: "To assess", IMMEDIATE: "Immediate risk of harm"}
    lines = (HomeLine(label, numbers[mark], queue_url(mark=mark)) for mark, label in labels.items())
    return HomePanel("Concerns", tuple(lines))
