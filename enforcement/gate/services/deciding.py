"""The second person: letting an entry onto the register as it was proposed, or giving it back."""

from typing import Final

from django.core.exceptions import ValidationError

from enforcement.conditions import withheld
from enforcement.gate.comparing import LABELS
from enforcement.gate.conditions import NOTHING_WAITS, PUBLISH, open_proposal, own_hand
from enforcement.gate.drawing import settled_overrides
from enforcement.gate.facts import kept
from enforcement.gate.models import Proposal
from enforcement.gate.names import in_words, named_by_field
from enforcement.gate.services.preparing import WORDS
from enforcement.gate.services.releasing import redrawn, release
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.services import shown
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import meet_deadline
from regulator.organisations.policies import NotPermitted

CHANGED: Final = "What the entry says has changed since it was prepared. It was prepared again: read it anew."


def approve_entry(*, notice: Notice, by: Actor, version: int | None, identifies_nobody: str = "") -> None:
    """Approve what is proposed for the entry of a notice. It is public at once, or on the day to which it is
    embargoed.

    Raises ``NotPermitted`` (also for a declared interest); ``NotAllowedNow`` for whoever drafted the notice
    or did what changes the entry, while the law does not allow it, where nothing waits, where it names
    somebody of the case, and where the facts have changed: a new proposal waits then. ``StaleVersion``
    where somebody was faster; ``IdentifiersFound`` where what the public would read seems to identify
    somebody, unless ``identifies_nobody`` says why not.
    """
    if not isinstance(by, User):
        raise NotPermitted("An entry is approved by a person.")
    with holding(notice, version=version) as held:
        permit_on(held, PUBLISH, by)
        if refusal := withheld(held, notice):
            raise NotAllowedNow(refusal)
        proposal = _waiting(held, notice, by)
        changed = redrawn(held, notice, proposal)
        if not changed:
            _check_words(held, notice, proposal, by, identifies_nobody)
            proposal.approved_by, proposal.approved_at = by, clock.now()
            append("gate.approved", case=held, by=by, payload=_which(proposal))
            if proposal.is_under_embargo:
                proposal.state = Proposal.State.APPROVED
                proposal.save(update_fields=["state", "approved_by", "approved_at"])
            else:
                release(held, notice, proposal, by=by)
    if changed:
        raise NotAllowedNow(CHANGED)


def return_entry(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Give back what is proposed, approved or not, and say why. Its clock runs on until one is approved.

    Where only the record of the organisation changed, what stands is kept by that: it is not proposed again
    until the record changes once more, later changes keep it too, and the clock is met. Raises
    ``NotPermitted``, ``NotAllowedNow`` where nothing is open, ``ValidationError`` for no reason and
    ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says why not.
    """
    if not isinstance(by, User):
        raise NotPermitted("An entry is given back by a person.")
    with holding(notice, version=version) as held:
        permit_on(held, PUBLISH, by)
        proposal = open_proposal(held)
        if proposal is None:
            raise NotAllowedNow(NOTHING_WAITS)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        if proposal.is_of_facts:
            proposal.overrides = settled_overrides(held) | kept(proposal, held)
            meet_deadline(case=held, kind="register_update", by=by)
        give_back(proposal, by, reason)
        append("gate.returned", case=held, by=by, payload=_which(proposal), text=reason.strip())


def give_back(proposal: Proposal, by: User, reason: str) -> None:
    """Let a proposal be given back, for a reason that was checked."""
    proposal.state = Proposal.State.RETURNED
    proposal.approved_by = proposal.approved_at = None
    proposal.returned_by, proposal.returned_at = by, clock.now()
    proposal.returned_why = reason.strip()
    changed = ["state", "approved_by", "approved_at", "returned_by", "returned_at", "returned_why"]
    proposal.save(update_fields=[*changed, "overrides"])


def _waiting(held: Case, notice: Notice, by: User) -> Proposal:
    """What waits, if ``by`` may be its second person."""
    proposal = open_proposal(held)
    if proposal is None or not proposal.is_waiting:
        raise NotAllowedNow(NOTHING_WAITS)
    if refusal := own_hand(notice, proposal, by):
        raise NotAllowedNow(refusal)
    return proposal


def _check_words(held: Case, notice: Notice, proposal: Proposal, by: User, reason: str) -> None:
    """What is new to the public in any text of the entry names nobody and identifies nobody."""
    stands = shown(slug_of(held))
    said = {name: str(proposal.content[name]) for name in WORDS}
    if named := named_by_field(said, held, notice, stands):
        raise NotAllowedNow(" ".join(f"{LABELS[name]}: {in_words(each)}" for name, each in named.items()))
    read = {name: str(getattr(stands, name)) for name in WORDS} if stands is not None else {}
    for texts in (said, read):
        texts["required_action"] = texts.pop("description", "")
    refuse_identifiers(case=held, texts=said, stored=read, by=by, reason=reason)


def _which(proposal: Proposal) -> dict[str, object]:
    return {"proposal": proposal.number, "sha256": proposal.sha256}
