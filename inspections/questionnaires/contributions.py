"""What questionnaires contribute to the registries of the platform and of inspections."""

from typing import Final

from inspections.employer_parts import EMPLOYER_PARTS
from inspections.questionnaires import desk, employer_part, letters, past, redaction
from inspections.questionnaires.deadlines import QUESTIONNAIRE
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import LIST, to_read
from inspections.questionnaires.search import found_by
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS

EVENT_LABELS: Final = {
    "sent": "Questionnaire sent",
    "answered": "Answers to the questionnaire saved",
    "submitted": "Questionnaire submitted",
    "returned": "Questionnaire returned",
    "accepted": "Questionnaire accepted",
    "withdrawn": "Questionnaire withdrawn",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"questionnaires.{name}", label)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    DEADLINES.register(QUESTIONNAIRE.name, QUESTIONNAIRE)
    rows = CaseList(lambda pk: Questionnaire.objects.filter(inspection=pk), "inspection")
    CASE_LISTS.register(LIST, rows)
    DESK_EXTRAS.register("questionnaires", desk.ON_INSPECTIONS)
    QUEUE_MARKS.register(desk.MARK, QueueMark("Questionnaire to read", to_read))
    HOME_PANELS.register("questionnaires.to_read", desk.questionnaires_to_read)
    EMPLOYER_PARTS.register("questionnaires", employer_part.PART)
    SEARCH_TEXTS.register("questionnaires", found_by)
    past.contribute()
    redaction.contribute()
