"""What inspections contribute to the platform's registries."""

from inspections import desk, desk_home, figures, letters, past, redaction
from inspections.deadlines import KINDS as CLOCKS
from inspections.lifecycle import DROPPED, LIFECYCLE, PLANNED
from inspections.models import Inspection, InspectionDeclined
from inspections.queries import arisen_from, proposed
from inspections.search import found_by
from regulator.casework.consequences import CONSEQUENCES
from regulator.casework.desk import DESK_EXTRAS, DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS
from regulator.retention.hindrances import KIN, Kin

INSPECTION = CaseKind(
    name="inspection",
    label="Inspection",
    prefix="IRI",
    lifecycle=LIFECYCLE,
    follow="inspections.follow",
    hidden_from_employer=frozenset({PLANNED, DROPPED}),
)


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    KINDS.register(INSPECTION.name, INSPECTION)
    EVENTS.register("inspections.opened", "Put on the inspection plan")
    EVENTS.register("inspections.announced", "Announced to the employer")
    EVENTS.register("inspections.visited", "Visited")
    EVENTS.register("inspections.finding_recorded", "Finding recorded")
    EVENTS.register("inspections.feedback_issued", "Feedback issued")
    EVENTS.register("inspections.plan_received", "Action plan accepted")
    EVENTS.register("inspections.closed", "Inspection closed")
    EVENTS.register("inspections.cancelled", "Inspection cancelled")
    EVENTS.register("inspections.dropped", "Inspection dropped from the plan")
    EVENTS.register("inspections.declined", "Decided against an inspection")
    for clock in CLOCKS:
        DEADLINES.register(clock.name, clock)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    DESK_PAGES.register(INSPECTION.name, desk.PAGE)
    decided = CaseList(lambda pk: InspectionDeclined.objects.filter(case=pk), "notification")
    CASE_LISTS.register("inspections.declined", decided)
    DESK_EXTRAS.register("inspections.on_notifications", desk.ON_NOTIFICATIONS)
    QUEUE_MARKS.register("inspection_proposed", QueueMark("Reactive inspection proposed", proposed))
    HOME_PANELS.register("inspections.proposed", desk_home.inspections_proposed)
    CONSEQUENCES.register("inspections", arisen_from)
    arisen = Inspection.objects.filter(arose_from__isnull=False)
    KIN.register("inspections.arose", Kin(arisen.all, "case", "arose_from"))
    SEARCH_TEXTS.register(INSPECTION.name, found_by)
    figures.contribute()
    past.contribute()
    redaction.contribute()
