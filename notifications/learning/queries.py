"""The reads on learning cases: each says how many SQL queries it takes."""

from typing import Final

from django.db.models import Case as Choice
from django.db.models import F, IntegerField, Q, QuerySet, Value, When

from notifications.counting import counted
from notifications.learning.lifecycle import APPROVE, DRAFT, OPEN, PUBLISHED, WRITE
from notifications.learning.models import LearningCase, LearningCaseQuerySet, PublishedLearning
from notifications.learning.uniqueness import TIERS
from notifications.queries import KIND
from regulator.accounts.models import User
from regulator.casework.models import Case, Restriction
from regulator.organisations.policies import may

BESIDE: Final = 3
"""How many published cases stand beside a question of the form."""


def learning_of(case: int) -> QuerySet[LearningCase]:
    """Every revision of the learning case of a notification, the oldest first (one query)."""
    return LearningCase.objects.filter(notification=case)


def readable_by(user: User) -> QuerySet[LearningCase]:
    """Those of notifications that ``user`` may see."""
    cases = Case.objects.for_user(user).filter(kind=KIND).order_by().values("pk")
    return LearningCase.objects.filter(notification__in=cases)


def waiting_for(user: User) -> Q:
    """Notifications whose learning case waits for a second person that ``user`` may be, as far as its row
    tells. A condition on cases."""
    if not may(user, APPROVE):
        return Q(pk__in=())
    hands = Q(written_by=user.pk) | Q(edited_by=user.pk) | Q(proposed_by=user.pk)
    return Q(kind=KIND, pk__in=_at_hand().waiting().exclude(hands).order_by().values("notification"))


def mine_to_write(user: User) -> Q:
    """Notifications whose learning case ``user`` is writing, or got back. A condition on cases."""
    if not may(user, WRITE):
        return Q(pk__in=())
    mine = _at_hand().filter(Q(written_by=user.pk) | Q(edited_by=user.pk), state=DRAFT)
    return Q(kind=KIND, pk__in=mine.order_by().values("notification"))


def no_longer_counted() -> Q:
    """Notifications whose learning case stands in the library though they count no more: withdrawn, found not
    notifiable, merged. A condition on cases."""
    standing = _at_hand().filter(state=PUBLISHED).exclude(notification__in=counted().values("pk"))
    return Q(kind=KIND, pk__in=standing.order_by().values("notification"))


def filed_otherwise() -> Q:
    """Notifications that were coded or corrected since their learning case was published, so that it tells
    something else than they do (``facts.filed_otherwise``). A condition on cases."""
    other = ~Q(sub_modality="") & ~Q(sub_modality=F("notification__sub_modality"))
    for depth, name in enumerate(TIERS, start=1):
        other |= Q(tiers__gte=depth) & ~Q(**{f"cause__{name}": F(f"notification__cqc_cause__{name}")})
    standing = _at_hand().filter(other, state=PUBLISHED)
    return Q(kind=KIND, pk__in=standing.order_by().values("notification"))


def restricted_since() -> Q:
    """Notifications that were restricted after their learning case was published: whoever let the public read
    it did not know. A condition on cases."""
    return Q(kind=KIND, is_restricted=True, pk__in=_restricted_since().order_by().values("notification"))


def numbers_restricted_since() -> QuerySet[LearningCase, int | None]:
    """Where those stand in the library that were restricted after they were published: a subquery."""
    standing = _restricted_since().filter(notification__case__is_restricted=True, public_number__isnull=False)
    return standing.order_by().values_list("public_number", flat=True)


def _restricted_since() -> LearningCaseQuerySet:
    return _at_hand().filter(
        state=PUBLISHED,
        notification__case__restrictions__lifted_at__isnull=True,
        notification__case__restrictions__restricted_at__gt=F("approved_at"),
    )


def restrictions_of(case: int) -> QuerySet[Restriction]:
    """The restriction that stands on a case, if any does (one query)."""
    return Restriction.objects.filter(case=case, lifted_at__isnull=True)


def being_done(user: User) -> QuerySet[LearningCase]:
    """Those that are written or wait for a second person, of notifications that ``user`` may see."""
    return readable_by(user).filter(state__in=OPEN, notification__case__redacted_at=None)


def _at_hand() -> LearningCaseQuerySet:
    """Those that something can be done about: on a redacted case nothing can."""
    return LearningCase.objects.filter(notification__case__redacted_at=None)


def others_reported(
    modality: str, *, sub_modality: str = "", tier3: str = "", tier1: str = ""
) -> list[PublishedLearning]:
    """At most ``BESIDE`` published cases of the modality, those of the same cause first, then those of its
    kind, then those that began with the same duty holder, the newest first within each (one query). Nothing
    without a modality."""
    if not modality:
        return []
    alike = [When(tier3=tier3, then=Value(0))] if tier3 else []
    alike += [When(sub_modality=sub_modality, then=Value(1))] if sub_modality else []
    alike += [When(tier1=tier1, then=Value(2))] if tier1 else []
    near = Choice(*alike, default=Value(3), output_field=IntegerField())
    found = PublishedLearning.objects.standing().filter(modality=modality)
    return list(found.annotate(near=near).order_by("near", "-published_at", "-number")[:BESIDE])
