"""What of proposals and claims is removed: every word, and the PDF. That there were any, of which kind, who
decided on them and their digests stay. What the register says is not touched (ESIA 1988 ss 1 to 3)."""

from typing import Any

from enforcement.gate.models import Claim, Paper, Proposal
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking, deleting


def contribute() -> None:
    said: dict[str, Any] = {"content": {}, "overrides": {}}
    said |= dict.fromkeys(("why", "embargo_why", "returned_why"), REMOVED)
    entries = blanking("Proposed entries of the register", Group.TEXTS, Proposal, "notice__case", said)
    REDACTORS.register("gate.proposals", entries)
    papers = deleting("PDFs of proposed entries", Group.FILES, Paper, "proposal__notice__case")
    REDACTORS.register("gate.papers", papers)
    words = dict.fromkeys(("text", "safe_description"), REMOVED)
    claims = blanking("Claims of a trade secret", Group.TEXTS, Claim, "notice__case", words)
    REDACTORS.register("gate.claims", claims)
