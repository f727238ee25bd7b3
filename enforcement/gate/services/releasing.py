"""Letting an approved entry onto the register: entry, event and clocks in one transaction.

It happens once, or not at all. Nothing else puts what a notice says before the public.
"""

from enforcement.conditions import withheld
from enforcement.gate.content import content_of, let_stand, short, snapshot_from
from enforcement.gate.drawing import drawn
from enforcement.gate.models import Paper, Proposal
from enforcement.gate.services.proposing import propose
from enforcement.gate.services.timing import CLOCKS, last_version
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.services import digest_of, put_entry, shown
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.chain import append
from regulator.casework.models import Case
from regulator.deadlines.services import meet_deadline
from regulator.organisations.policies import permit

REDRAWN = Scheduled("gate.redrawn")
"""Who proposes what an approval found to have changed: not whoever tried to approve it."""


def release_entry(*, proposal: Proposal, by: Actor) -> bool:
    """Release an approved entry whose day has come; ``False`` where it was released, or is not due any more.

    Scheduled work; doing it again changes nothing. Where the facts have changed since, the approval is void
    and a new proposal waits.
    """
    notice = proposal.notice
    if notice is None:
        raise ValueError("an entry without a notice has no embargo")
    permit(by, "enforcement.release_entry", employer=notice.case.employer_id)
    with holding(notice, version=None, by=by) as held:
        proposal.refresh_from_db()
        due = proposal.state == Proposal.State.APPROVED and not proposal.is_under_embargo
        if not due or withheld(held, notice):
            return False
        if redrawn(held, notice, proposal):
            return False
        release(held, notice, proposal, by=by)
    return True


def redrawn(held: Case, notice: Notice, proposal: Proposal) -> bool:
    """Whether the facts have changed since the proposal was drawn: then a new one stands in its place."""
    said, _ = drawn(held, notice, proposal.overrides)
    if content_of(said) == proposal.content:
        return False
    propose(held, notice, by=REDRAWN)
    return True


def release(held: Case, notice: Notice, proposal: Proposal, *, by: Actor) -> None:
    """Put the entry with its PDF, and keep in the chain which version was shown and the digest of what it
    said. The clocks of the entry are met."""
    said = snapshot_from(proposal.content)
    former = last_version(held)
    paper = Paper.objects.get(proposal=proposal)
    entry = put_entry(said, document=bytes(paper.content), former_version=former)
    first = notice.published_on is None
    payload = {
        "entry": entry.slug,
        "version": entry.version,
        "sha256": digest_of(said),
        "document_sha256": proposal.document_sha256,
        "proposal": proposal.number,
    }
    event = "enforcement.published" if first else "enforcement.entry_updated"
    append(event, case=held, by=by, payload=payload)
    proposal.state, proposal.released_at, proposal.version = (
        Proposal.State.RELEASED,
        clock.now(),
        entry.version,
    )
    proposal.overrides = let_stand(proposal.overrides, proposal.content)
    changed = ["state", "released_at", "version", "approved_by", "approved_at", "overrides"]
    proposal.save(update_fields=changed)
    if first:
        notice.published_on = clock.today()
        notice.save(update_fields=["published_on"])
    for kind in CLOCKS:
        meet_deadline(case=held, kind=kind, by=by)


def shorten(held: Case, notice: Notice, *, by: Actor) -> None:
    """On a held case: make an entry that stands show no more than the short one, at once.

    It takes away from what stands and adds nothing, so it waits for no second person (as a removal does not);
    what waits for one, a correction say, goes on waiting.
    """
    stands = shown(slug_of(held))
    if notice.published_on is None or stands is None:
        return
    less = short(stands)
    if less == stands:
        return
    entry = put_entry(less, document=None, former_version=last_version(held))
    payload = {
        "entry": entry.slug,
        "version": entry.version,
        "sha256": digest_of(less),
        "why": "trade secret",
    }
    append("enforcement.entry_updated", case=held, by=by, payload=payload)
