"""The events of a case in words: its timeline, on the desk and in a bundle."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Case as Choice
from django.db.models import CharField, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from regulator.accounts.models import User
from regulator.casework.chain import TEXT_DIGEST
from regulator.casework.kinds import EVENTS
from regulator.casework.models import Case, Event, EventText
from regulator.casework.named import in_words, people_in
from regulator.casework.services.opening import Opening
from regulator.casework.wording import as_text

ASSIGNED: Final = "casework.assigned"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event in words."""

    sequence: int
    label: str
    who: str
    occurred_at: datetime
    moved: str
    reason: str


def events_of(case: Case) -> QuerySet[Event]:
    """A case's events, newest first, each with its actor, its text and whom it assigned (one query)."""
    people = User.objects.annotate(key=Cast("pk", CharField())).filter(key=OuterRef("to_key"))
    return (
        case.events.select_related("actor", "typed")
        .annotate(
            to_key=Cast(KT("payload__to"), CharField()),
            assigned_to=Choice(When(type=ASSIGNED, then=Subquery(people.values("name")[:1]))),
        )
        .order_by("-sequence")
    )


def timeline(case: Case, events: Iterable[Event]) -> list[TimelineRow]:
    """Events, as ``events_of`` reads them, in words (no query; one where they name somebody else
    than may open the case)."""
    shown = list(events)
    opening: Opening | None = vars(case).get("opening")
    names = people_in(shown, [each.person for each in opening.standing] if opening else ())
    return [
        TimelineRow(
            sequence=event.sequence,
            label=EVENTS.get(event.type),
            who=str(event.actor) if event.actor else f"Scheduled: {event.scheduled_by}",
            occurred_at=event.occurred_at,
            moved=_moved(case, event) or in_words(event, names),
            reason=_reason(event),
        )
        for event in shown
    ]


def _reason(event: Event) -> str:
    """What was typed for the event; that it was erased, where its row is gone and only the digest is left."""
    if TEXT_DIGEST not in event.payload:
        return ""
    typed: EventText | None = getattr(event, "typed", None)
    return typed.text if typed else "The text was erased."


def _moved(case: Case, event: Event) -> str:
    """From where to where, to whom, or until when: what the payload says that people can read."""
    payload, states = event.payload, case.spec.lifecycle.states
    if event.type == ASSIGNED:
        return f"to {getattr(event, 'assigned_to', None) or 'nobody'}"
    before, after = str(payload.get("from")), str(payload.get("to"))
    if before in states and after in states:
        return f"from “{states[before].label}” to “{states[after].label}”"
    if isinstance(payload.get("due_on"), str):
        return f"due {as_text(date.fromisoformat(payload['due_on']))}"
    return ""
