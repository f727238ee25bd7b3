"""What retention tells of a case's past: the legal holds that were placed on it, and their release.

A hold on the employer is an event of no case, so it stands on the page of the case and not in its past.
"""

from typing import Any

from regulator.casework.evidence.past import CHAPTERS, Chapter, State, Told, day_of, row_of, told_of
from regulator.casework.models import Case, Event
from regulator.retention.models import LegalHold
from regulator.retention.services.holds import PLACED, RELEASED


def contribute() -> None:
    """Register the chapter."""
    CHAPTERS.register("retention", Chapter(take, start, present=present))


def start(case: Case) -> State:
    return {"legal_holds": []}


def take(state: State, told: Told) -> None:
    """A release names the event by which the hold was placed."""
    if told.type == PLACED:
        row = {"hold": told.sequence, "by": told.by, "on": told.day, "reason": told.text}
        released = {"released_by": None, "released_on": None, "released_because": ""}
        state["legal_holds"].append(row | released)
    elif told.type == RELEASED:
        found = row_of(state["legal_holds"], "hold", told.payload["hold"])
        found |= {"released_by": told.by, "released_on": told.day, "released_because": told.text}


def present(case: Case) -> State:
    """The same from the rows, in the order in which holds were placed. One query."""
    holds = LegalHold.objects.filter(case=case.pk).select_related("event__typed", "release_event__typed")
    return {"legal_holds": [_row(each) for each in holds.order_by("event")]}


def _row(hold: LegalHold) -> dict[str, Any]:
    released = hold.release_event
    return {
        "hold": hold.event_id,
        "by": hold.placed_by_id,
        "on": day_of(hold.placed_at),
        "reason": _typed(hold.event),
        "released_by": hold.released_by_id,
        "released_on": day_of(hold.released_at) if hold.released_at else None,
        "released_because": _typed(released) if released else "",
    }


def _typed(event: Event) -> Any:
    """What was typed for an event, or why it cannot be told."""
    typed = getattr(event, "typed", None)
    return told_of(event, typed.text if typed else None).text
