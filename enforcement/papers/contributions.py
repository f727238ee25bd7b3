"""What the papers of notices contribute to the platform's registries."""

from typing import Final

from enforcement.papers import desk
from enforcement.papers.queries import LISTS
from regulator.casework.desk import DESK_EXTRAS
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList

_EVENTS: Final = {
    "papers.proof_given": "Proof of service given",
    "papers.service_failed": "Service came to nothing",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in _EVENTS.items():
        EVENTS.register(name, label)
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, "notice"))
    DESK_EXTRAS.register("papers.on_notices", desk.ON_NOTICES)
