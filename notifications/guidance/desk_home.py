"""What the desk's home counts of guidance: the versions that wait for a second person."""

from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from notifications.guidance.models import Version
from notifications.guidance.services import APPROVE, WRITE
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.organisations.policies import may

ME: Final = "me"
OTHERS: Final = "others"


def own(user: User) -> Q:
    """The versions of which ``user`` wrote any part: another approves them."""
    return Q(Exists(Version.writers.through.objects.filter(version=OuterRef("pk"), user=user.pk)))


def second_person(user: User) -> HomePanel | None:
    """The versions that wait, by whose turn it is (one query). ``None`` for those who neither write nor
    approve any."""
    writes, approves = may(user, WRITE), may(user, APPROVE)
    if not (writes or approves):
        return None
    waiting = Version.objects.filter(state=Version.State.SENT).order_by()
    counts = waiting.aggregate(mine=Count("pk", filter=own(user)), theirs=Count("pk", filter=~own(user)))
    lines = []
    if writes:
        lines.append(HomeLine("Mine, for somebody else", counts["mine"], versions_url(ME)))
    if approves:
        lines.append(HomeLine("For me to decide on", counts["theirs"], versions_url(OTHERS)))
    return HomePanel("Guidance for a second person", tuple(lines))


def versions_url(whose: str) -> str:
    """The address of the list of those that wait, written by the reader or by others alone."""
    asked = urlencode({"state__exact": Version.State.SENT.value, "whose": whose})
    return f"{reverse('admin:guidance_version_changelist')}?{asked}"
