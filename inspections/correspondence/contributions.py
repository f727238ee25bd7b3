"""What correspondence contributes to the platform's registries."""

from inspections.correspondence import desk, past, queries, redaction
from inspections.correspondence.desk_home import MARK, letters_waiting
from inspections.correspondence.employer_part import LETTERS_AND_FACTS
from inspections.correspondence.search import found_by
from inspections.employer_parts import EMPLOYER_PARTS
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    EVENTS.register("correspondence.prepared", "Letter prepared")
    EVENTS.register("correspondence.sent", "Letter approved and sent")
    EVENTS.register("correspondence.rejected", "Letter given back")
    EVENTS.register("correspondence.comments_sent", "Facts checked by the employer")
    EVENTS.register("correspondence.point_answered", "Comment on the facts answered")
    CASE_LISTS.register(queries.LETTERS, CaseList(queries.letters_of, "inspection"))
    CASE_LISTS.register(queries.ROUNDS, CaseList(queries.sent_rounds, "inspection"))
    CASE_LISTS.register(queries.POINTS, CaseList(queries.sent_points, "inspection"))
    DESK_EXTRAS.register("correspondence.on_inspections", desk.ON_INSPECTIONS)
    HOME_PANELS.register("correspondence.waiting", letters_waiting)
    mark = QueueMark("Letter waiting for me", queries.waiting_for_a_second_person, of_reader=True)
    QUEUE_MARKS.register(MARK, mark)
    EMPLOYER_PARTS.register("correspondence", LETTERS_AND_FACTS)
    SEARCH_TEXTS.register("correspondence", found_by)
    past.contribute()
    redaction.contribute()
