"""What inspections contribute to the platform's registries."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db.models import Max

from inspections import (
    desk,
    desk_home,
    dimensions,
    employer_section,
    figures,
    letters,
    past,
    redaction,
    totals,
)
from inspections.deadlines import KINDS as CLOCKS
from inspections.lifecycle import LIFECYCLE, PLANNED, STOOD_DOWN_UNSEEN
from inspections.models import Finding, Inspection, InspectionDeclined
from inspections.queries import LISTS, arisen_from, last_visit, on_team, proposed
from inspections.search import found_by
from regulator.casework.consequences import CONSEQUENCES
from regulator.casework.desk import DESK_EXTRAS, DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.links import CASE_LINKS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS
from regulator.retention.hindrances import KIN, Kin
from regulator.risk.indicators import INDICATORS, INSPECTED, OUTCOMES, Asked, Indicator, Outcome

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
    "replanned": "Planned for another day",
    "announced": "Announced to the employer",
    "evidence_requested": "Documents asked for",
    "visited": "Visit recorded",
    "joined": "Joined the team",
    "left": "Left the team",
    "finding_recorded": "Finding recorded",
    "finding_corrected": "Finding corrected",
    "finding_withdrawn": "Finding withdrawn",
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
    arisen = Inspection.objects.filter(arose_from__isnull=False)
    KIN.register("inspections.arose", Kin(arisen.all, "case", "arose_from"))
    SEARCH_TEXTS.register(INSPECTION.name, found_by)
    INSPECTED.register("inspections", last_visits)
    meaning = "Breaches found at the last inspection, where it is less than five years ago."
    INDICATORS.register("inspections.breaches", Indicator("breaches", meaning, breaches_at_last_visit))
    OUTCOMES.register("inspections", outcomes)
    figures.contribute()
    totals.contribute()
    dimensions.contribute()
    past.contribute()
    redaction.contribute()
    employer_section.contribute()


def last_visits(asked: Asked) -> Iterator[tuple[int, date]]:
    """The last day, on or before the window's end, on which each employer was visited (1 query)."""
    visits = Inspection.objects.filter(visited_on__lte=asked.window.end, **asked.only()).order_by()
    yield from visits.values_list("case__employer_id").annotate(last=Max(last_visit(asked.window.end)))


def breaches_at_last_visit(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """The breaches of each employer's last visit, where that lies in the window (2 queries)."""
    last = {each.employer: each for each in outcomes(asked)}
    for employer, found in last.items():
        yield employer, found.breaches, 1


def outcomes(asked: Asked) -> Iterator[Outcome]:
    """What each visit of the window found, the oldest first (2 queries).

    The arm of a planned inspection is that of its place on the year's programme; one that no programme placed
    has none.
    """
    days = (asked.window.start, asked.window.end)
    visits = Inspection.objects.filter(visited_on__range=days, **asked.only()).order_by("visited_on", "pk")
    found = Finding.objects.standing().filter(
        inspection__in=visits.order_by().values("pk"), kind=Finding.Kind.BREACH
    )
    breaches = Counter(found.order_by().values_list("inspection_id", flat=True))
    columns = ("pk", "case__employer_id", "visited_on", "trigger", "place__arm")
    for pk, employer, day, trigger, placed in visits.values_list(*columns):
        arm = placed or ("" if trigger == Inspection.Trigger.PLANNED else str(trigger))
        yield Outcome(employer, day, breaches[pk], arm=arm)
