"""The case as at a moment, from its events; and the same shape from today's rows, to hold one against the
other."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from regulator import clock
from regulator.casework.evidence.past import CHAPTERS, State, Told, fold, told_of
from regulator.casework.evidence.texts import with_texts
from regulator.casework.models import Case, Event
from regulator.casework.wording import as_text

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment_named(typed: str) -> datetime:
    """The end of the day that ``typed`` names (YYYY-MM-DD, in London), or the ISO moment that it is; one
    without a zone is London's.

    For today, which has not ended, it is now. Raises ``ValidationError`` in plain words for neither, and for
    what lies ahead.
    """
    typed = typed.strip()
    try:
        if _DAY.fullmatch(typed):
            return end_of(date.fromisoformat(typed))
        moment = datetime.fromisoformat(typed)
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        ahead = moment > clock.now()
    except (ValueError, OverflowError) as fault:
        raise ValidationError(
            "That is neither a day, such as 2026-03-31, nor a moment, such as 2026-03-31T17:00."
        ) from fault
    if ahead:
        raise ValidationError("That moment has not come yet.")
    return moment


def end_of(day: date) -> datetime:
    """The last moment of ``day`` in London; now, for today. Raises ``ValidationError`` for a day to come."""
    if day > clock.today():
        raise ValidationError("That day has not come yet.")
    if day == clock.today():
        return clock.now()
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return midnight - timedelta(microseconds=1)


def case_as_at(case: Case, moment: datetime) -> State:
    """The state of ``case`` at ``moment``, rebuilt from the events up to then. Texts are told only where
    their digest is the one on the chain; what older events do not hold is told as not recorded.

    Raises ``ValidationError`` for a moment before the case existed. The number of queries does not grow with
    the case: one for the events, and one for each kind of text that was typed.
    """
    if moment < case.created_at:
        raise ValidationError(f"{case} did not exist then: it was begun on {as_text(case.created_at)}.")
    return rebuilt(case, events_until(case, moment), moment)


def case_as_of(case: Case, sequence: int) -> State:
    """The state of ``case`` just after the event ``sequence``, otherwise as ``case_as_at``."""
    events = [*_events(case).filter(sequence__lte=sequence)]
    moment = max((each.occurred_at for each in events), default=case.created_at)
    return rebuilt(case, events, moment)


def events_until(case: Case, moment: datetime) -> list[Event]:
    """The case's events that had happened by ``moment``, in their order, with their texts (one query)."""
    return list(_events(case).filter(occurred_at__lte=moment))


def rebuilt(case: Case, events: list[Event], moment: datetime) -> State:
    """The state that ``events`` of ``case``, read with their texts, lead to."""
    chapters = list(CHAPTERS.values())
    state: State = {}
    for chapter in chapters:
        state |= chapter.start(case)
    state = with_texts(case, fold(state, map(_told, events)))
    for chapter in chapters:
        chapter.finish(state, case, moment)
    last = events[-1] if events else None
    state["last_event"] = {"sequence": last.sequence, "hash": last.hash} if last else None
    return state


def case_at_present(case: Case) -> State:
    """What today's rows say of ``case``, in the shape of ``case_as_at`` but for what only the chain holds."""
    state: State = {}
    for chapter in CHAPTERS.values():
        state |= chapter.present(case)
    return state


def _events(case: Case) -> "QuerySet[Event]":
    return Event.objects.filter(case=case.pk).select_related("typed", "actor").order_by("sequence")


def _told(event: Event) -> Told:
    typed = getattr(event, "typed", None)
    return told_of(event, typed.text if typed else None)
