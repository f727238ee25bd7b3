"""The life of a notice as the law's clocks read it, from what stands on record: its chain and its appeals."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from enforcement.legal_life import Appealed, Extended, Life, Step
from enforcement.models import Appeal, Notice
from regulator.casework.models import Event


def life_of(notice: Notice, told: Iterable[Event], appeals: Sequence[Appeal]) -> Life:
    """What the clocks of a served notice hang on, from its chain and its appeals. No query.

    Raises ``ValueError`` for a notice that was not served.
    """
    events = _since_service(told)
    satisfied = [
        timezone.localdate(each.occurred_at) for each in events if each.type == "enforcement.complied"
    ]
    return replace(
        steps_of(notice, events, appeals),
        complied_on=notice.complied_on,
        satisfied_on=satisfied[-1] if satisfied else None,
        withdrawn_on=notice.withdrawn_on,
        entered_on=notice.published_on,
    )


def steps_of(notice: Notice, told: Iterable[Event], appeals: Sequence[Appeal]) -> Life:
    """Of the same only what the day to comply hangs on: how it was served, and what moved it since. Reads
    nothing of the notice that is not public. No query. Raises as ``life_of`` does."""
    if notice.served_on is None:
        raise ValueError("a notice that was not served has no clocks")
    events = _since_service(told)
    served = events[0] if events and events[0].type == "enforcement.served" else None
    stated = served.payload.get("compliance_on") if served is not None else None
    return Life(
        type=notice.type,
        served_on=notice.served_on,
        compliance_on=date.fromisoformat(stated) if stated else notice.compliance_on,
        steps=tuple(_steps(events, appeals)),
    )


def _since_service(told: Iterable[Event]) -> list[Event]:
    """The events from the service that stands: one that came to nothing counts nothing."""
    events = list(told)
    services = [place for place, each in enumerate(events) if each.type == "enforcement.served"]
    return events[services[-1] :] if services else events


def _steps(events: Iterable[Event], appeals: Sequence[Appeal]) -> list[Step]:
    """Extensions and appeals in the order in which each took effect; one that is pending comes last. One at a
    time is pending, so they were disposed of in the order in which CQC recorded them, whenever lodged."""
    steps: list[Step] = []
    waiting = sorted(appeals, key=lambda each: each.pk)
    for each in events:
        if each.type == "enforcement.extended":
            day = timezone.localdate(each.occurred_at)
            steps.append(Extended(day, date.fromisoformat(each.payload["to"])))
        elif each.type in ("enforcement.appeal_disposed", "enforcement.cancelled") and waiting:
            set_on = each.payload.get("compliance_on")
            steps.append(_appealed(waiting.pop(0), date.fromisoformat(set_on) if set_on else None))
    return [*steps, *(_appealed(each, None) for each in waiting)]


def _appealed(appeal: Appeal, set_on: date | None) -> Appealed:
    return Appealed(
        lodged_on=appeal.lodged_on,
        disposed_on=appeal.disposed_on,
        outcome=appeal.outcome,
        compliance_on=set_on,
        was_owed=appeal.was_owed,
        suspended_from=appeal.suspended_from,
        suspended_until=appeal.suspended_until,
    )
