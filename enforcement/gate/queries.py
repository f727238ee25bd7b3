"""The reads on proposals and claims: each says how many SQL queries it takes."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from enforcement.gate.conditions import PUBLISH, had_a_hand
from enforcement.gate.models import Claim, Proposal
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.organisations.policies import may


def due_for_release() -> list[Proposal]:
    """The approved entries whose embargo is over (one query)."""
    approved = Proposal.objects.embargoed().filter(embargo_until__lte=clock.now())
    return list(approved.select_related("notice__case").order_by("pk"))


def proposals_of(case: int) -> QuerySet[Proposal]:
    """What was ever proposed for the entry of a notice, the oldest first (one query)."""
    return Proposal.objects.filter(notice=case)


def claims_of(case: int) -> QuerySet[Claim]:
    """The claim of a trade secret on a notice, if there is one (one query)."""
    return Claim.objects.filter(notice=case)


def readable_by(user: User) -> QuerySet[Proposal]:
    """Those that ``user`` may read: of cases that they see, and of entries that have none."""
    cases = Case.objects.for_user(user).filter(kind="notice").order_by().values("pk")
    return Proposal.objects.filter(Q(notice__isnull=True) | Q(notice__in=cases))


def waiting_for(user: User) -> Q:
    """Notices whose entry waits for an approval that ``user`` may give: nothing of it is theirs. A condition
    on cases."""
    if not may(user, PUBLISH):
        return Q(pk__in=())
    waiting = Proposal.objects.waiting().filter(notice__isnull=False).order_by()
    theirs = waiting.filter(had_a_hand(user)).values("pk")
    return Q(kind="notice", pk__in=waiting.exclude(pk__in=theirs).values("notice"))


def under_embargo() -> Q:
    """Notices whose entry was approved and waits for its day. A condition on cases."""
    return Q(kind="notice") & Q(Exists(Proposal.objects.embargoed().filter(notice=OuterRef("pk"))))


def given_back() -> Q:
    """Notices whose last proposed entry was given back, to be prepared again: not those that keep what
    stands. A condition on cases."""
    later = Proposal.objects.filter(slug=OuterRef("slug"), number__gt=OuterRef("number"))
    returned = Proposal.objects.filter(state=Proposal.State.RETURNED, notice__isnull=False)
    returned = returned.exclude(Proposal.OF_FACTS)
    return Q(kind="notice", pk__in=returned.filter(~Exists(later)).order_by().values("notice"))


def with_open_claim() -> Q:
    """Notices with a claim that is not decided. A condition on cases."""
    return Q(kind="notice") & Q(Exists(Claim.objects.filter(decided_on=None, notice=OuterRef("pk"))))
