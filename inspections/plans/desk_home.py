"""What the desk's home counts of action plans."""

from django.db.models import Q

from inspections.lifecycle import CONDUCT
from inspections.plans.queries import overdue, submitted, to_look_at
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may


def plans_waiting(user: User) -> HomePanel | None:
    """How many inspections wait for a word on a plan or an action, and how many have overdue actions (one
    query). ``None`` for those who decide on none."""
    if not may(user, CONDUCT):
        return None
    marks: dict[str, Q] = {
        "plan_submitted": submitted(),
        "plan_to_look_at": to_look_at(),
        "plan_overdue": overdue(),
    }
    numbers = counted(Case.objects.for_user(user), **marks)
    labels = ("Action plans to look at", "Actions to look at", "Overdue actions")
    return HomePanel(
        "Action plans",
        tuple(
            HomeLine(label, numbers[mark], queue_url(mark=mark, state="all"))
            for label, mark in zip(labels, marks, strict=True)
        ),
    )
