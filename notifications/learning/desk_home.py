"""What the desk's home counts of learning cases."""

from typing import Final

from notifications.learning.lifecycle import APPROVE, WRITE
from notifications.learning.queries import (
    filed_otherwise,
    mine_to_write,
    no_longer_counted,
    restricted_since,
    waiting_for,
)
from notifications.queries import KIND
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may

TO_APPROVE: Final = "learning_to_approve"
TO_WRITE: Final = "learning_to_write"
UNCOUNTED: Final = "learning_uncounted"
OTHERWISE: Final = "learning_otherwise"
RESTRICTED: Final = "learning_restricted"


def learning_waiting(user: User) -> HomePanel | None:
    """The learning cases that wait for this person, the published ones whose notification was restricted or
    says otherwise since, of those that this person may open, and for those who can withdraw them the ones
    whose notification no longer counts (one query). ``None`` for those who neither write nor approve any."""
    writes, approves = may(user, WRITE), may(user, APPROVE)
    if not writes and not approves:
        return None
    cases = Case.objects.for_user(user).filter(kind=KIND)
    numbers = counted(
        cases,
        approve=waiting_for(user),
        write=mine_to_write(user),
        uncounted=no_longer_counted(),
        otherwise=filed_otherwise(),
        restricted=restricted_since(),
    )
    lines = []
    if approves:
        lines.append(
            HomeLine("For me to approve", numbers["approve"], queue_url(mark=TO_APPROVE, state="all"))
        )
    if writes:
        lines.append(HomeLine("Being written by me", numbers["write"], queue_url(mark=TO_WRITE, state="all")))
    if approves:
        queue = queue_url(mark=UNCOUNTED, state="all")
        lines.append(
            HomeLine("Published, but its notification no longer counts", numbers["uncounted"], queue)
        )
    queue = queue_url(mark=OTHERWISE, state="all")
    lines.append(
        HomeLine("Published, but its notification says otherwise since", numbers["otherwise"], queue)
    )
    queue = queue_url(mark=RESTRICTED, state="all")
    lines.append(HomeLine("Published before its notification was restricted", numbers["restricted"], queue))
    return HomePanel("Learning cases", tuple(lines))
