"""A claim of a trade secret whose drafted entry the tribunal overtook: open again."""

from enforcement.gate import clocks, letters
from enforcement.gate.drawing import claim_of
from enforcement.gate.models import Claim
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Case
from regulator.deadlines.services import end_deadlines, open_deadline


def reopen_claim(held: Case, notice: Notice, *, by: Actor) -> None:
    """On a held case whose notice asks for something else from now on: what CQC drafted for a claim of a
    trade secret tells what it asked for before, and the recipient never saw an entry that tells the new. So
    the claim is open again, and only the short entry may be shown until another was drafted and served.

    Nothing happens where none was drafted yet or the short entry stays. Those who decide on the claim and
    the employer are told by letter.
    """
    claim = claim_of(notice)
    if claim is None or claim.entry_served_on is None or claim.outcome == Claim.Outcome.SHORT:
        return
    payload = {"former_sha256": keep_text(held, claim.safe_description)}
    claim.safe_description, claim.entry_served_on, claim.entry_served_by = "", None, None
    claim.appealed_on, claim.outcome, claim.decided_on, claim.decided_by = None, "", None, None
    claim.reopened_at = clock.now()
    claim.save()
    append("gate.claim_reopened", case=held, by=by, payload=payload)
    end_deadlines(case=held, by=by, kinds=["secretary_appeal"])
    today = clock.today()
    due = clocks.safe_entry_due(claim.claimed_on, today)
    open_deadline(case=held, kind="safe_entry", start_on=today, due_on=due.on, by=by)
    letters.tell_claimed(held, claim, draft_by=due.on, by=by)
