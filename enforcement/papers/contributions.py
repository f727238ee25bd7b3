"""What the papers of notices contribute to the platform's registries."""

from typing import Final

from regulator.casework.kinds import EVENTS

_EVENTS: Final = {
    "papers.proof_given": "Proof of service given",
    "papers.service_failed": "Service came to nothing",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in _EVENTS.items():
        EVENTS.register(name, label)
