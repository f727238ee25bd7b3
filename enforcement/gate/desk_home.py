"""What the desk's home counts at the gate: entries to approve, under embargo, given back, and claims."""

from typing import Final

from enforcement.gate.conditions import PREPARE, PUBLISH
from enforcement.gate.queries import given_back, under_embargo, waiting_for, with_open_claim
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import counted, queue_url
from regulator.casework.models import Case
from regulator.organisations.policies import may

TO_APPROVE: Final = "entry_to_approve"
EMBARGOED: Final = "entry_embargoed"
GIVEN_BACK: Final = "entry_given_back"
CLAIMED: Final = "claim_to_decide"


def at_the_gate(user: User) -> HomePanel | None:
    """The entries of the register that wait for somebody, of closed cases too (one query). ``None`` for those
    who neither prepare nor approve any."""
    publishes = may(user, PUBLISH)
    if not publishes and not may(user, PREPARE):
        return None
    counts = counted(
        Case.objects.for_user(user).filter(kind="notice"),
        mine=waiting_for(user),
        embargoed=under_embargo(),
        back=given_back(),
        claims=with_open_claim(),
    )
    lines = [
        HomeLine("Under embargo", counts["embargoed"], queue_url(mark=EMBARGOED, state="all")),
        HomeLine("Given back, to prepare again", counts["back"], queue_url(mark=GIVEN_BACK, state="all")),
    ]
    if publishes:
        first = HomeLine("For me to approve", counts["mine"], queue_url(mark=TO_APPROVE, state="all"))
        last = HomeLine("Claims to decide", counts["claims"], queue_url(mark=CLAIMED, state="all"))
        lines = [first, *lines, last]
    return HomePanel("Entries of the public register", tuple(lines))
