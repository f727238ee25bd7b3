"""What the papers of notices contribute to the platform's registries."""

from enforcement.papers import desk, past, redaction
from enforcement.papers.queries import LISTS
from enforcement.papers.search import found_by
from regulator.casework.desk import DESK_EXTRAS
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    EVENTS.register("papers.attempt_failed", "Attempt to serve came to nothing")
    EVENTS.register("papers.proof_given", "Proof of service given")
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, "notice"))
    DESK_EXTRAS.register("papers.on_notices", desk.ON_NOTICES)
    SEARCH_TEXTS.register("papers", found_by)
    past.contribute()
    redaction.contribute()
