"""Opening, meeting, extending, ending and resuming deadlines, always on a case held by ``casework.changing``.

Each keeps the held case's ``next_due_on`` in step; ``changing`` saves it in the same transaction.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import Happening, append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline, Extension
from regulator.deadlines.requests import GONE_BY, lapse
from regulator.deadlines.rules import Rule, rule_on

REACH: Final = timedelta(days=5 * 366)
"""How far ahead a person may set a date. The portal's own bound: a date beyond it is a slip."""
BEYOND_REACH: Final = "This date is more than five years ahead. Check the year."


def within_reach(day: date) -> bool:
    """Whether ``day`` is near enough for a person to have meant it: at most five years from today."""
    return day - clock.today() <= REACH


def due_date(kind: str, start_on: date) -> date:
    """The last day on which the thing is in time, by the rule that holds on its start. Raises ``ValueError``
    where a person sets the date."""
    return rule_on(kind, start_on).due_on(start_on)


def counted(kind: str, start_on: date) -> tuple[date, str]:
    """``due_date``, and the words of the rule for ``Deadline.counted_as``."""
    rule = rule_on(kind, start_on)
    return rule.due_on(start_on), rule.in_words


def open_deadline(
    *, case: Case, kind: str, start_on: date, by: Actor, due_on: date | None = None, subject_id: int = 0
) -> Deadline:
    """Start a clock on a held case; starting it again with another start moves it and keeps its row.

    ``due_on`` is given only for kinds whose date a person sets.
    """
    DEADLINES.get(kind)
    due, counted_as = (due_on, "") if due_on is not None else counted(kind, start_on)
    deadline = _clocks(case).get((kind, subject_id))
    if deadline and (deadline.start_on, deadline.first_due_on) == (start_on, due) and deadline.is_open:
        return deadline
    fresh = deadline is None
    deadline = deadline or Deadline(case=case, kind=kind, subject_id=subject_id)
    deadline.start_on, deadline.due_on, deadline.first_due_on = start_on, due, due
    deadline.counted_as = counted_as
    deadline.met_on = deadline.ended_at = deadline.escalated_at = None
    deadline.save()
    _clocks(case)[kind, subject_id] = deadline
    append("deadlines.opened", case=case, by=by, payload=_opened(deadline))
    if fresh:
        case.next_due_on = min(due, case.next_due_on or due)
    else:
        _keep_next_due(case)
    return deadline


def set_only_deadline(*, case: Case, kind: str, start_on: date, fresh: bool = False) -> Happening:
    """Start, or start anew, the clock of a held case that can have no other: a draft's. One query where it
    ran before or the case is ``fresh``, else two. Answers what the caller appends with its own event."""
    due, counted_as = counted(kind, start_on)
    deadline = Deadline(
        case=case, kind=kind, start_on=start_on, due_on=due, first_due_on=due, counted_as=counted_as
    )
    afresh = {"met_on": None, "ended_at": None, "escalated_at": None, "counted_as": counted_as}
    dates = {"start_on": start_on, "due_on": due, "first_due_on": due}
    clock_of_case = Deadline.objects.filter(case=case, kind=kind, subject_id=0)
    if fresh or not clock_of_case.update(**dates, **afresh):
        deadline.save(force_insert=True)
    vars(case).pop("_clocks", None)
    case.next_due_on = due
    return Happening("deadlines.opened", _opened(deadline))


def _opened(deadline: Deadline) -> dict[str, object]:
    """What the chain records of a clock that was started."""
    dates = {"start_on": deadline.start_on.isoformat(), "due_on": deadline.due_on.isoformat()}
    return {**_which(deadline), **dates, "counted_as": deadline.counted_as, **_doubt(deadline)}


def _which(deadline: Deadline) -> dict[str, object]:
    """What the chain records of which clock of the case it is."""
    return {"kind": deadline.kind, "subject": deadline.subject_id}


def resume_deadline(
    *, case: Case, kind: str, by: Actor, due_on: date | None = None, subject_id: int = 0
) -> Deadline | None:
    """Let a clock of a held case that was stopped run again: to its former day, or to ``due_on``.

    What it first was and what extended it stay on record. ``None`` if there never was one.
    """
    deadline = _clocks(case).get((kind, subject_id))
    if deadline is None:
        return None
    due = due_on or deadline.due_on
    if deadline.is_open and due == deadline.due_on:
        return deadline
    if due != deadline.due_on:
        deadline.escalated_at = None
    deadline.due_on, deadline.met_on, deadline.ended_at = due, None, None
    deadline.save(update_fields=["due_on", "met_on", "ended_at", "escalated_at"])
    append("deadlines.resumed", case=case, by=by, payload={**_which(deadline), "due_on": due.isoformat()})
    _keep_next_due(case)
    return deadline


def meet_deadline(
    *, case: Case, kind: str, by: Actor, on: date | None = None, subject_id: int = 0
) -> Deadline | None:
    """Stop a clock because the thing was done ``on`` that day (today unless said). ``None`` if none runs."""
    deadline = _clocks(case).get((kind, subject_id))
    if deadline is None or not deadline.is_open:
        return None
    deadline.met_on = on or clock.today()
    deadline.save(update_fields=["met_on"])
    dates = {"due_on": deadline.due_on.isoformat(), "met_on": deadline.met_on.isoformat()}
    append("deadlines.met", case=case, by=by, payload={**_which(deadline), **dates})
    lapse([deadline], case=case, by=by)
    _keep_next_due(case)
    return deadline


def stop_deadline(*, case: Case, kind: str, by: Actor, subject_id: int = 0) -> Deadline | None:
    """Stop one clock of a held case, undone: the thing is no longer owed. ``None`` if it does not run."""
    deadline = _clocks(case).get((kind, subject_id))
    if deadline is None or not deadline.is_open:
        return None
    deadline.ended_at = clock.now()
    deadline.save(update_fields=["ended_at"])
    append("deadlines.ended", case=case, by=by, payload=_ended([deadline]))
    lapse([deadline], case=case, by=by)
    _keep_next_due(case)
    return deadline


def end_deadlines(*, case: Case, by: Actor, kinds: Collection[str] | None = None) -> int:
    """Stop the running clocks of a held case, or only those of ``kinds``, undone; answers how many."""
    running = [
        each for each in _clocks(case).values() if each.is_open and (kinds is None or each.kind in kinds)
    ]
    if running:
        for deadline in running:
            deadline.ended_at = clock.now()
        Deadline.objects.bulk_update(running, ["ended_at"])
        append("deadlines.ended", case=case, by=by, payload=_ended(running))
        lapse(running, case=case, by=by)
        _keep_next_due(case)
    return len(running)


def _ended(stopped: Collection[Deadline]) -> dict[str, object]:
    """What the chain records of clocks that were stopped, undone: which, in the same order twice."""
    return {"kinds": [each.kind for each in stopped], "subjects": [each.subject_id for each in stopped]}


def extend_deadline(
    *,
    case: Case,
    deadline: Deadline,
    due_on: date,
    reason: str,
    by: User,
    field: str = "due_on",
    identifies_nobody: str = "",
) -> Extension:
    """Move an open deadline of a held case to a later day. The caller has asked the policy.

    Raises ``NotAllowedNow`` for one that is over; ``ValidationError`` for a day that is not later, gone by or
    out of reach, beside ``field`` (what the caller calls the day), or for no reason; ``IdentifiersFound`` for
    one that seems to identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    deadline = _clocks(case)[deadline.kind, deadline.subject_id]
    if not deadline.is_open:
        raise NotAllowedNow("This deadline is over, so it cannot be extended.")
    if due_on <= deadline.due_on:
        raise ValidationError({field: "The new date must be later than the present one."})
    if due_on < clock.today():
        raise ValidationError({field: GONE_BY})
    if not within_reach(due_on):
        raise ValidationError({field: BEYOND_REACH})
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
    extension = Extension.objects.create(
        deadline=deadline, former_due_on=deadline.due_on, due_on=due_on, reason=reason.strip(), granted_by=by
    )
    deadline.due_on, deadline.escalated_at = due_on, None
    deadline.save(update_fields=["due_on", "escalated_at"])
    payload = {
        **_which(deadline),
        "from": extension.former_due_on.isoformat(),
        "to": due_on.isoformat(),
        "extension": extension.pk,
        "sha256": text_digest(extension.reason),
    }
    append("deadlines.extended", case=case, by=by, payload=payload)
    _keep_next_due(case)
    return extension


def redate_deadline(*, case: Case, kind: str, start_on: date, by: Actor) -> Deadline | None:
    """Count a clock of a held case anew from a start that was told wrongly, whether it runs or was met.

    What was extended keeps the day granted, unless counting anew gives a later one. ``None`` if there is no
    such clock, it was ended, or it started then already. Both dates are recorded.
    """
    deadline = _clocks(case).get((kind, 0))
    if deadline is None or deadline.ended_at is not None or deadline.start_on == start_on:
        return None
    before = {"from_start_on": deadline.start_on.isoformat(), "from": deadline.due_on.isoformat()}
    deadline.start_on = start_on
    due = _count_anew(deadline, rule_on(kind, start_on, met_on=deadline.met_on))
    first = deadline.first_due_on.isoformat()
    after = {"start_on": start_on.isoformat(), "first_due_on": first, "to": due.isoformat()}
    payload = {**_which(deadline), **before, **after, "counted_as": deadline.counted_as}
    append("deadlines.redated", case=case, by=by, payload=payload)
    lapse([deadline], case=case, by=by, reached=True)
    _keep_next_due(case)
    return deadline


def recount_deadline(*, case: Case, kind: str, rule: Rule, by: Actor, subject_id: int = 0) -> Deadline | None:
    """Count a running clock of a held case by another rule, which says that it holds for clocks that run too.

    What was extended keeps the day granted, unless counting anew gives a later one. ``None`` if it does not
    run or no day moves. Both dates are recorded, and by which edition.
    """
    deadline = _clocks(case).get((kind, subject_id))
    if deadline is None or not deadline.is_open:
        return None
    before, counted_before = deadline.due_on, deadline.first_due_on
    due = _count_anew(deadline, rule)
    if (due, deadline.first_due_on) == (before, counted_before):
        return None
    first = deadline.first_due_on.isoformat()
    after = {"first_due_on": first, "to": due.isoformat(), "edition": rule.edition}
    payload = {**_which(deadline), "from": before.isoformat(), **after, "counted_as": deadline.counted_as}
    append("deadlines.recounted", case=case, by=by, payload=payload)
    if due == before:  # the day that was granted stands
        return None
    lapse([deadline], case=case, by=by, reached=True)
    _keep_next_due(case)
    return deadline


def due_anew(deadline: Deadline, rule: Rule) -> tuple[date, date]:
    """The day that ``rule`` counts from a clock's start, and the day on which it would then be due.

    That is the later of it and of what was ever granted, or set when the clock was resumed. One query, unless
    the clock's extensions are in hand.
    """
    day = rule.due_on(deadline.start_on)
    given = [each.due_on for each in deadline.extensions.all()]
    if deadline.due_on != deadline.first_due_on:
        given.append(deadline.due_on)
    return day, max([day, *given])


def _count_anew(deadline: Deadline, rule: Rule) -> date:
    """Give a clock the day that ``rule`` counts from its start, and keep it; answers the day."""
    day, due = due_anew(deadline, rule)
    if due != deadline.due_on:
        deadline.escalated_at = None
    deadline.first_due_on, deadline.due_on, deadline.counted_as = day, due, rule.in_words
    deadline.save(update_fields=["start_on", "first_due_on", "due_on", "escalated_at", "counted_as"])
    return due


def _clocks(case: Case) -> dict[tuple[str, int], Deadline]:
    """Every deadline of a held case, by kind and subject: read once while it is held, since nobody else
    can change them meanwhile (one query for any number of changes)."""
    held: dict[tuple[str, int], Deadline] | None = vars(case).get("_clocks")
    if held is None:
        held = {(each.kind, each.subject_id): each for each in Deadline.objects.filter(case=case)}
        vars(case)["_clocks"] = held
    return held


def _doubt(deadline: Deadline) -> dict[str, bool]:
    """What the chain records of a date that was counted further than the bank holidays are known."""
    return {"beyond_horizon": True} if deadline.is_beyond_horizon else {}


def _keep_next_due(case: Case) -> None:
    case.next_due_on = min((each.due_on for each in _clocks(case).values() if each.is_open), default=None)
