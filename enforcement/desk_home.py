"""What the desk's home counts of notices: those that wait for a second person."""

from typing import Final

from django.db.models import Exists, OuterRef, Q

from enforcement.conditions import DRAFTING
from enforcement.lifecycle import PROPOSED
from enforcement.models import Notice
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case, Event
from regulator.organisations.policies import may

MINE: Final = "my_proposals"
FOR_ME: Final = "for_my_approval"
_PROPOSED: Final = Q(kind="notice", status=PROPOSED)


def drafted_by(user: User) -> Q:
    """Notices in whose drafting ``user`` had a hand, whom ``conditions.own_draft`` keeps from approving."""
    drafted = Notice.objects.filter(pk=OuterRef("pk"), drafted_by=user.pk)
    worked = Event.objects.filter(case=OuterRef("pk"), type__in=DRAFTING, actor=user.pk)
    return Q(Exists(drafted)) | Q(Exists(worked))


def my_proposals(user: User) -> Q:
    """Notices that ``user`` drafted and that wait for somebody else's approval."""
    return _PROPOSED & drafted_by(user)


def for_my_approval(user: User) -> Q:
    """Notices that wait for an approval which ``user`` may give: somebody else's drafts."""
    return _PROPOSED & ~drafted_by(user) if may(user, "enforcement.approve") else Q(pk__in=())


def second_person(user: User) -> HomePanel | None:
    """The notices that wait for a second person, by whose turn it is (one query). ``None`` for those who
    neither draft nor approve any."""
    drafts, approves = may(user, "enforcement.draft"), may(user, "enforcement.approve")
    if not drafts and not approves:
        return None
    waiting = Case.objects.for_user(user).open().filter(_PROPOSED)
    counts = counted(waiting, mine=drafted_by(user), theirs=~drafted_by(user))
    lines = []
    if drafts:
        lines.append(HomeLine("My drafts, for somebody else", counts["mine"], queue_url(mark=MINE)))
    if approves:
        lines.append(HomeLine("For me to approve", counts["theirs"], queue_url(mark=FOR_ME)))
    return HomePanel("Notices for a second person", tuple(lines))
