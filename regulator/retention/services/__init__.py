"""What is done about retention: placing and releasing holds, putting lists together, deciding on them, and
carrying them out."""

from regulator.retention.services.carrying_out import redact_due
from regulator.retention.services.deciding import approve_batch, refuse_batch, withdraw_batch
from regulator.retention.services.holds import place_hold, release_hold
from regulator.retention.services.proposing import propose_batch

__all__ = [
    "approve_batch",
    "place_hold",
    "propose_batch",
    "redact_due",
    "refuse_batch",
    "release_hold",
    "withdraw_batch",
]
