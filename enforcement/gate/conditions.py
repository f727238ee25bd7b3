"""Who may approve an entry, and why one cannot be approved now. Asked by services and desk alike."""

from typing import Final

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from enforcement.gate.content import hands
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.publication import slug_of
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.models import Case, Event

PUBLISH: Final = "enforcement.publish"
PREPARE: Final = "enforcement.prepare_entry"
SHOWN: Final = ("enforcement.published", "enforcement.entry_updated")
"""The events that say what the public saw from then on: the entry's version and the digest of its content."""
GIVING_RISE: Final = (
    "enforcement.appeal_lodged",
    "enforcement.appeal_disposed",
    "enforcement.modified",
    "enforcement.extended",
    "enforcement.complied",
    "enforcement.not_complied",
    "gate.proposed",
    "gate.claim_decided",
    "gate.safe_entry_served",
)
"""The deeds that change what an entry says. Whoever did one since a version was last approved does not
approve the next."""
NOTHING_WAITS: Final = "No entry of this notice waits for a second person."


def open_proposal(case: Case) -> Proposal | None:
    """What is proposed for the entry of a notice (one query)."""
    return Proposal.objects.open().filter(slug=slug_of(case)).first()


def own_hand(case: Case, notice: Notice, proposal: Proposal, by: Actor) -> str:
    """Why ``by`` may not approve what they had a hand in; ``""`` where they had none (one query)."""
    if not isinstance(by, User):
        return "An entry is approved by a person."
    if by.pk in (proposal.drafted_by_id, notice.drafted_by_id):
        return "You drafted this notice, so somebody else must approve its entry."
    theirs = {proposal.proposed_by_id, proposal.edited_by_id} | hands(proposal.overrides, proposal.content)
    if by.pk in theirs or _gave_rise(case, by):
        return "You did what changes the entry, so somebody else must approve it."
    return ""


def not_correctable(notice: Notice) -> str:
    """Only an entry that stands on the register is corrected (no query)."""
    return "" if notice.published_on else "No entry of this notice stands on the register."


def last_hand(case: Case) -> int | None:
    """Who last did what changes an entry, since one was last approved (one query); ``None`` where nobody
    did."""
    found: int | None = _deeds_since(case).order_by("-sequence").values_list("actor", flat=True).first()
    return found


def _gave_rise(case: Case, by: User) -> bool:
    """Whether a deed of ``by`` since an entry was last approved is among those that it would tell (one
    query)."""
    return _deeds_since(case).filter(actor=by).exists()


def _deeds_since(case: Case) -> QuerySet[Event]:
    """Since a proposal was last let onto the register: an entry that was cut down for a claim had no second
    person, and names no proposal."""
    events = Event.objects.filter(case=case.pk)
    shown = events.filter(type__in=SHOWN, payload__has_key="proposal")
    last = shown.order_by("-sequence").values("sequence")[:1]
    done = events.filter(type__in=GIVING_RISE, actor__isnull=False)
    return done.filter(sequence__gt=Coalesce(Subquery(last), 0))
