"""Emptying one case, in one transaction; and what stands to be removed of many."""

from collections.abc import Collection, Mapping
from typing import Any

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Event
from regulator.casework.redaction.kinds import EVENT, REDACTORS, Group
from regulator.casework.search.following import write_now
from regulator.casework.services.cases import rewriting


def standing(keys: Collection[int], groups: Collection[Group]) -> dict[int, dict[str, int]]:
    """What stands to be removed of these cases: by case, by redactor, how many. Nothing is written.

    One query for each redactor of ``groups``, at any number of cases; what there is none of is left out.
    """
    found: dict[int, dict[str, int]] = {key: {} for key in keys}
    if not found:
        return found
    for name, redactor in REDACTORS.items():
        if redactor.group in groups:
            for key, number in redactor.count(list(found)).items():
                if number:
                    found[key][name] = number
    return found


def redact(*, case: Case, groups: frozenset[Group], by: Actor, payload: Mapping[str, Any]) -> Event:
    """Remove ``groups`` of a closed case for good, in one transaction, and append what was removed.

    The caller has asked the policy, and whether the case is due, and may hold ``writing`` around both. The
    case's version rises; ``redacted_at`` keeps the first time. Files leave the disk after the commit.
    ``payload`` joins the event's and holds keys, dates and digests alone. Said again with the same
    ``payload``, it removes what was left, and where nothing was, answers the event of before.

    Raises ``NotAllowedNow`` for a case that is not closed, or on which a date is still open: scheduled work
    would go on writing to it.
    """
    told = {"groups": sorted(groups), **payload}
    with writing():
        former = _former(case, told)
        if former is not None and not standing([case.pk], groups)[case.pk]:
            case.refresh_from_db(fields=["redacted_at", "version"])
            return former
        with rewriting(case) as held:
            if held.closed_at is None:
                raise NotAllowedNow(f"{held} is not closed, so nothing of it is removed.")
            if held.next_due_on is not None:
                raise NotAllowedNow(f"A date is still open on {held}, so nothing of it is removed.")
            removed = empty(held, groups)
            held.redacted_at = held.redacted_at or clock.now()
            return append(EVENT, case=held, by=by, payload={**told, "removed": removed})


def empty(held: Case, groups: Collection[Group]) -> dict[str, int]:
    """Remove ``groups`` of a case, for a deed that holds it; answers how many by redactor. Call it inside
    ``writing``, with an event after it that says so (``kinds.REMOVERS``)."""
    named = {name: each for name, each in REDACTORS.items() if each.group in groups}
    done = {name: redactor.remove(held) for name, redactor in named.items()}
    write_now([held.pk])
    return {name: number for name, number in done.items() if number}


def _former(case: Case, told: Mapping[str, Any]) -> Event | None:
    """The event of an earlier redaction that was told the same."""
    for event in Event.objects.filter(case=case.pk, type=EVENT).order_by("sequence"):
        if {name: value for name, value in event.payload.items() if name != "removed"} == told:
            return event
    return None
