"""What action plans contribute to the platform's registries."""

from typing import Final

from inspections.employer_parts import EMPLOYER_PARTS
from inspections.plans import desk, desk_home, employer_section, indicators, letters, past, redaction
from inspections.plans.deadlines import KIND as CLOCK
from inspections.plans.employer_part import PART
from inspections.plans.queries import LISTS, overdue, submitted, to_look_at
from inspections.plans.search import found_by
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS

EVENT_LABELS: Final = {
    "answered": "Finding answered in the employer's draft plan",
    "action_added": "Action added to the employer's draft plan",
    "action_changed": "Action changed in the employer's draft plan",
    "action_removed": "Action taken out of the employer's draft plan",
    "submitted": "Action plan submitted",
    "returned": "Action plan returned",
    "action_done": "Action of the plan done",
    "evidence_given": "Evidence given of an action",
    "action_confirmed": "Action of the plan confirmed",
    "action_reopened": "Action of the plan reopened",
    "action_moved": "Day of an action moved",
    "cancel_asked": "Employer asked to cancel an action",
    "cancel_agreed": "Action of the plan cancelled",
    "cancel_refused": "Action not cancelled",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"plans.{name}", label)
    DEADLINES.register(CLOCK.name, CLOCK)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, "inspection"))
    DESK_EXTRAS.register("plans.on_inspections", desk.ON_INSPECTIONS)
    HOME_PANELS.register("plans.waiting", desk_home.plans_waiting)
    QUEUE_MARKS.register("plan_submitted", QueueMark("Action plan to look at", submitted))
    QUEUE_MARKS.register("plan_to_look_at", QueueMark("Actions of a plan to look at", to_look_at))
    QUEUE_MARKS.register("plan_overdue", QueueMark("Actions of a plan overdue", overdue))
    EMPLOYER_PARTS.register("plans", PART)
    SEARCH_TEXTS.register("plans", found_by)
    employer_section.contribute()
    indicators.contribute()
    past.contribute()
    redaction.contribute()
