"""What concerns contribute to the platform's registries."""

from typing import Final

from inspections.concerns import desk, desk_home, employer_section, indicators, letters, past, redaction
from inspections.concerns.deadlines import KINDS as CLOCKS
from inspections.concerns.lifecycle import KIND, LIFECYCLE, RECORD
from inspections.concerns.queries import immediate, to_assess
from inspections.concerns.search import found_by
from regulator.casework.desk import DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS

CONCERN: Final = CaseKind(
    name=KIND,
    label="Concern",
    prefix="IRC",
    lifecycle=LIFECYCLE,
    follow=RECORD,
    hidden_from_employer=frozenset(LIFECYCLE.states),
    in_confidence=True,
    withheld=frozenset({"concern.source", "concern.way"}),
)
"""Hidden from employers twice over: in every state, and under a permission that only staff hold."""
EVENT_LABELS: Final = {
    "recorded": "Concern recorded",
    "assessed": "Risk of harm assessed",
    "inspection_opened": "Reactive inspection opened",
    "closed": "Concern closed",
    "reopened": "Concern reopened",
    "marked_in_error": "Marked as recorded in error",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    KINDS.register(CONCERN.name, CONCERN)
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"concerns.{name}", label)
    for clock in CLOCKS:
        DEADLINES.register(clock.name, clock)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    DESK_PAGES.register(CONCERN.name, desk.PAGE)
    QUEUE_MARKS.register(desk_home.TO_ASSESS, QueueMark("Concern to assess", to_assess))
    QUEUE_MARKS.register(desk_home.IMMEDIATE, QueueMark("Concern of immediate risk", immediate))
    HOME_PANELS.register("concerns.waiting", desk_home.concerns_waiting)
    SEARCH_TEXTS.register(CONCERN.name, found_by)
    employer_section.contribute()
    indicators.contribute()
    past.contribute()
    redaction.contribute()
