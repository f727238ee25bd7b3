"""What checklists contribute to the platform's registries."""

from inspections.checklists import desk, past, redaction
from inspections.checklists.queries import LISTS
from inspections.checklists.search import found_by
from inspections.contributions import INSPECTION
from regulator.casework.desk import DESK_EXTRAS
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    EVENTS.register("checklists.opened", "Checklist opened")
    EVENTS.register("checklists.answered", "Checklist answered")
    EVENTS.register("checklists.finding_linked", "Finding recorded from a checklist")
    EVENTS.register("checklists.noted", "Interview or observation noted")
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, INSPECTION.name))
    DESK_EXTRAS.register("checklists", desk.ON_INSPECTIONS)
    SEARCH_TEXTS.register("checklists", found_by)
    past.contribute()
    redaction.contribute()
