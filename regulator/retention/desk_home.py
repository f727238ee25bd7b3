"""What the desk's home counts of retention: the lists that wait for the reader, and their own that wait."""

from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.organisations.policies import may
from regulator.retention.models import RetentionBatch
from regulator.retention.permissions import APPROVE, PROPOSE

MINE: Final = "mine"
FOR_ME: Final = "for_me"


def own(user: User) -> Q:
    """The lists that ``user`` put together."""
    return Q(proposed_by=user.pk)


def for_me(user: User) -> Q:
    """Those that ``user`` may still approve, as far as the lists themselves say."""
    return ~own(user) & (Q(first_by__isnull=True) | ~Q(first_by=user.pk))


def second_person(user: User) -> HomePanel | None:
    """The lists that wait, by whose turn it is (one query). ``None`` for those who approve none."""
    if not may(user, APPROVE):
        return None
    waiting = RetentionBatch.objects.filter(state=RetentionBatch.State.PROPOSED).order_by()
    counts = waiting.aggregate(mine=Count("pk", filter=own(user)), for_me=Count("pk", filter=for_me(user)))
    lines = [HomeLine("Batches that wait for you", counts["for_me"], batches_url(FOR_ME))]
    if may(user, PROPOSE):
        lines.append(HomeLine("My batches, for two others", counts["mine"], batches_url(MINE)))
    return HomePanel("Retention", tuple(lines))


def batches_url(whose: str) -> str:
    """The address of the list of those that wait, by whose turn it is."""
    asked = urlencode({"state__exact": RetentionBatch.State.PROPOSED.value, "whose": whose})
    return f"{reverse('admin:retention_retentionbatch_changelist')}?{asked}"
