"""What the desk's home counts of learning cases."""

from typing import Final

from notifications.learning.lifecycle import APPROVE, WRITE
from notifications.learning.queries import mine_to_write, waiting_for
from notifications.queries import KIND
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may

TO_APPROVE: Final = "learning_to_approve"
TO_WRITE: Final = "learning_to_write"


def learning_waiting(user: User) -> HomePanel | None:
    """The learning cases that wait for this person, of closed notifications (one query). ``None`` for those
    who neither write nor approve any."""
    writes, approves = may(user, WRITE), may(user, APPROVE)
    if not writes and not approves:
        return None
    cases = Case.objects.for_user(user).filter(kind=KIND)
    numbers = counted(cases, approve=waiting_for(user), write=mine_to_write(user))
    lines = []
    if approves:
        lines.append(
            HomeLine("For me to approve", numbers["approve"], queue_url(mark=TO_APPROVE, state="all"))
        )
    if writes:
        lines.append(HomeLine("Being written by me", numbers["write"], queue_url(mark=TO_WRITE, state="all")))
    return HomePanel("Learning cases", tuple(lines))
