"""What is done with the risk model: runs, scoring one employer again, and what people decide otherwise."""

from regulator.risk.services.following import anything_to_follow, follow, sweep_rescoring
from regulator.risk.services.overriding import confirm, propose, refuse, withdraw
from regulator.risk.services.runs import (
    LEASE,
    MOST_ATTEMPTS,
    queue_run,
    run_nightly,
    run_risk,
    stands,
    sweep_runs,
    work_on,
)

__all__ = [
    "LEASE",
    "MOST_ATTEMPTS",
    "anything_to_follow",
    "confirm",
    "follow",
    "propose",
    "queue_run",
    "refuse",
    "run_nightly",
    "run_risk",
    "stands",
    "sweep_rescoring",
    "sweep_runs",
    "withdraw",
    "work_on",
]
