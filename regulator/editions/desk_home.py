"""What the desk's home counts of reference data: the editions that wait for a second administrator."""

from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.editions.models import Edition
from regulator.editions.services import APPROVE, PROPOSE
from regulator.organisations.policies import may

ME: Final = "me"
OTHERS: Final = "others"


def second_administrator(user: User) -> HomePanel | None:
    """The editions that wait, by whose turn it is (one query). ``None`` for those who neither propose nor
    approve any."""
    if not (may(user, PROPOSE) and may(user, APPROVE)):
        return None
    own = Q(proposed_by=user.pk)
    waiting = Edition.objects.filter(state=Edition.State.PROPOSED).order_by()
    counts = waiting.aggregate(mine=Count("pk", filter=own), theirs=Count("pk", filter=~own))
    return HomePanel(
        "Reference data for a second person",
        (
            HomeLine("My proposals, for somebody else", counts["mine"], editions_url(ME)),
            HomeLine("For me to decide on", counts["theirs"], editions_url(OTHERS)),
        ),
    )


def editions_url(whose: str) -> str:
    """The address of the list of those that wait, proposed by the reader or by others."""
    asked = urlencode({"state__exact": Edition.State.PROPOSED.value, "whose": whose})
    return f"{reverse('admin:editions_edition_changelist')}?{asked}"
