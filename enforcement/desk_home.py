"""What the desk's home counts of notices: those that wait for a second person, or a third."""

from typing import Final

from django.db.models import Exists, OuterRef, Q

from enforcement.conditions import DRAFTING
from enforcement.lifecycle import PROPOSED, REVIEWED
from enforcement.models import Notice
from enforcement.papers.models import LegalReview
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case, Event
from regulator.organisations.policies import may

TO_REVIEW: Final = "for_my_review"
MINE: Final = "my_proposals"
FOR_ME: Final = "for_my_approval"
_PROPOSED: Final = Q(kind="notice", status=PROPOSED)
_REVIEWED: Final = Q(kind="notice", status=REVIEWED)


def drafted_by(user: User) -> Q:
    """Notices in whose drafting ``user`` had a hand, whom ``conditions.own_draft`` keeps from approving."""
    drafted = Notice.objects.filter(pk=OuterRef("pk"), drafted_by=user.pk)
    worked = Event.objects.filter(case=OuterRef("pk"), type__in=DRAFTING, actor=user.pk)
    return Q(Exists(drafted)) | Q(Exists(worked))


def reviewed_by(user: User) -> Q:
    """Notices of which ``user`` reviewed a version, whom ``conditions.own_review`` keeps from approving."""
    return Q(Exists(LegalReview.objects.filter(notice=OuterRef("pk"), reviewed_by=user.pk)))


def my_proposals(user: User) -> Q:
    """Notices that ``user`` drafted and that wait for somebody else's review or approval."""
    return (_PROPOSED | _REVIEWED) & drafted_by(user)


def for_my_review(user: User) -> Q:
    """Notices that wait for a legal review which ``user`` may do: somebody else's drafts."""
    may_review = may(user, "enforcement.review_legally")
    return _PROPOSED & ~drafted_by(user) if may_review else Q(pk__in=())


def for_my_approval(user: User) -> Q:
    """Notices that wait for an approval which ``user`` may give: drafted and reviewed by others."""
    others = ~drafted_by(user) & ~reviewed_by(user)
    return _REVIEWED & others if may(user, "enforcement.approve") else Q(pk__in=())


def second_person(user: User) -> HomePanel | None:
    """The notices that wait for a second person or a third, by whose turn it is (one query). ``None`` for
    those who neither draft, review nor approve any."""
    drafts, approves = may(user, "enforcement.draft"), may(user, "enforcement.approve")
    reviews = may(user, "enforcement.review_legally")
    if not (drafts or reviews or approves):
        return None
    waiting = Case.objects.for_user(user).open().filter(_PROPOSED | _REVIEWED)
    theirs, to_review = for_my_approval(user), for_my_review(user)
    counts = counted(waiting, mine=drafted_by(user), review=to_review, theirs=theirs)
    lines = []
    if drafts:
        lines.append(HomeLine("My drafts, for somebody else", counts["mine"], queue_url(mark=MINE)))
    if reviews:
        lines.append(HomeLine("For me to review", counts["review"], queue_url(mark=TO_REVIEW)))
    if approves:
        lines.append(HomeLine("For me to approve", counts["theirs"], queue_url(mark=FOR_ME)))
    return HomePanel("Notices for a second person", tuple(lines))
