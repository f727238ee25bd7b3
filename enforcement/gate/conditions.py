"""Who may approve an entry, and why one cannot be approved now. Asked by services and desk alike."""

from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from enforcement.gate.content import BLANKED, BY
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.models import RegisterEntry
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
TOLD_IN_FULL_ALONE: Final = tuple(
    each for each in GIVING_RISE if each not in ("enforcement.not_complied", "gate.proposed")
)
"""Those of them of which a short entry leaves something out: it tells that a notice was not complied with as
a full one does, and whose words it does not tell is kept with them (``content.hands``)."""
_FULL: Final = Q(content__form=RegisterEntry.Form.FULL)
NOTHING_WAITS: Final = "No entry of this notice waits for a second person."


def open_proposal(case: Case) -> Proposal | None:
    """What is proposed for the entry of a notice (one query)."""
    return Proposal.objects.open().filter(slug=slug_of(case)).first()


def own_hand(notice: Notice, proposal: Proposal, by: Actor) -> str:
    """Why ``by`` may not approve what they had a hand in; ``""`` where they had none (one query)."""
    if not isinstance(by, User):
        return "An entry is approved by a person."
    if by.pk in (proposal.drafted_by_id, notice.drafted_by_id):
        return "You drafted this notice, so somebody else must approve its entry."
    if Proposal.objects.filter(had_a_hand(by), pk=proposal.pk).exists():
        return "You did what changes the entry, so somebody else must approve it."
    return ""


def had_a_hand(by: User) -> Q:
    """What of ``by`` is in it: the notice's draft, the deed or the edit that made the proposal, a deed that
    the entry would tell and no approved version told, or words that no second person let stand. A condition
    on proposals of notices."""
    made = Q(drafted_by=by.pk) | Q(notice__drafted_by=by.pk) | Q(proposed_by=by.pk) | Q(edited_by=by.pk)
    case = OuterRef("notice")
    done = Q(Exists(_deeds_since(case).filter(actor=by.pk)))
    in_full = _deeds_since(case, form=RegisterEntry.Form.FULL).filter(
        actor=by.pk, type__in=TOLD_IN_FULL_ALONE
    )
    return made | done | (_FULL & Q(Exists(in_full))) | _told(by)


def _told(by: User) -> Q:
    """Whether the entry tells words of ``by`` that no second person let stand, as ``content.hands`` does. It
    looks at what a short entry leaves out: words in any other field are nobody's once an entry was approved
    over them, and until then to have proposed them is a deed since."""
    words = [Q(**{f"overrides__{name}__{BY}": by.pk}) for name in sorted(BLANKED)]
    return _FULL & reduce(or_, words)


def not_correctable(notice: Notice) -> str:
    """Only an entry that stands on the register is corrected (no query)."""
    return "" if notice.published_on else "No entry of this notice stands on the register."


def last_hand(case: Case) -> int | None:
    """Who last did what changes an entry, since one was last approved (one query); ``None`` where nobody
    did."""
    deeds = _deeds_since(case.pk).order_by("-sequence")
    found: int | None = deeds.values_list("actor", flat=True).first()
    return found


def _deeds_since(case: int | OuterRef, *, form: str = "") -> QuerySet[Event]:
    """Since a proposal, of that ``form`` where one is named, was last let onto the register: an entry that
    was cut down for a claim had no second person, and names no proposal."""
    shown = Event.objects.filter(case=OuterRef("case"), type__in=SHOWN, payload__has_key="proposal")
    if form:
        number = Cast(KT("payload__proposal"), IntegerField())
        of_form = Proposal.objects.filter(
            notice=OuterRef("case"), number=OuterRef("number"), content__form=form
        )
        shown = shown.annotate(number=number).filter(Exists(of_form))
    last = shown.order_by("-sequence").values("sequence")[:1]
    done = Event.objects.filter(case=case, type__in=GIVING_RISE, actor__isnull=False)
    return done.filter(sequence__gt=Coalesce(Subquery(last), 0))
