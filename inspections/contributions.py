"""What inspections contribute to the platform's registries."""

from typing import Final

from inspections import desk, desk_home, figures, letters, past
from inspections.deadlines import KINDS as CLOCKS
from inspections.lifecycle import LIFECYCLE, PLANNED, STOOD_DOWN_UNSEEN
from inspections.models import InspectionDeclined
from inspections.queries import LISTS, arisen_from, on_team, proposed
from inspections.search import found_by
from regulator.casework.consequences import CONSEQUENCES
from regulator.casework.desk import DESK_EXTRAS, DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.links import CASE_LINKS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS

INSPECTION = CaseKind(
    name="inspection",
    label="Inspection",
    prefix="IRI",
    lifecycle=LIFECYCLE,
    follow="inspections.follow",
    hidden_from_employer=frozenset({PLANNED, STOOD_DOWN_UNSEEN}),
)
EVENT_LABELS: Final = {
    "opened": "Put on the inspection plan",
    "announced": "Announced to the employer",
    "evidence_requested": "Documents asked for",
    "visited": "Visited",
    "joined": "Joined the team",
    "left": "Left the team",
    "finding_recorded": "Finding recorded",
    "feedback_drafted": "Feedback drafted",
    "feedback_issued": "Feedback sent for factual accuracy",
    "finalised": "Feedback made final",
    "plan_received": "Action plan accepted",
    "closed": "Inspection closed",
    "stood_down": "Inspection stood down",
    "declined": "Decided against an inspection",
    "cancelled": "Inspection cancelled",  # as the first lifecycle called it, like the next
    "dropped": "Inspection dropped from the plan",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    KINDS.register(INSPECTION.name, INSPECTION)
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"inspections.{name}", label)
    for clock in CLOCKS:
        DEADLINES.register(clock.name, clock)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    CASE_LINKS.register(INSPECTION.name, letters.path_of)
    DESK_PAGES.register(INSPECTION.name, desk.PAGE)
    decided = CaseList(lambda pk: InspectionDeclined.objects.filter(case=pk), "notification")
    CASE_LISTS.register("inspections.declined", decided)
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, INSPECTION.name))
    DESK_EXTRAS.register("inspections.on_notifications", desk.ON_NOTIFICATIONS)
    QUEUE_MARKS.register("inspection_proposed", QueueMark("Reactive inspection proposed", proposed))
    QUEUE_MARKS.register("inspection_team", QueueMark("I am on the inspection team", on_team, of_reader=True))
    HOME_PANELS.register("inspections.proposed", desk_home.inspections_proposed)
    CONSEQUENCES.register("inspections", arisen_from)
    SEARCH_TEXTS.register(INSPECTION.name, found_by)
    figures.contribute()
    past.contribute()
