"""A case's clocks on the staff desk: each with its start, the rule and which days it counts, what stopped or
extended it, the day that follows, how it stands and who was reminded of it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from regulator import clock
from regulator.casework.desk import DeskTable
from regulator.casework.models import Case, Event
from regulator.casework.reading import CASE_LISTS, CaseList, listed
from regulator.casework.wording import as_text, days
from regulator.deadlines.calendar import bank_holidays_within
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline, Extension, ExtensionRequest


def hang_clocks() -> None:
    """What ``read_clocks`` reads, with the other lists of a case."""
    extensions, asked = Extension.objects, ExtensionRequest.objects
    resumed = Event.objects.filter(type="deadlines.resumed")
    CASE_LISTS.register("deadlines.clocks", CaseList(lambda pk: Deadline.objects.filter(case=pk)))
    CASE_LISTS.register("deadlines.extensions", CaseList(lambda pk: extensions.filter(deadline__case=pk)))
    CASE_LISTS.register("deadlines.requests", CaseList(lambda pk: asked.filter(deadline__case=pk)))
    CASE_LISTS.register("deadlines.resumed", CaseList(lambda pk: resumed.filter(case=pk)))


def read_clocks(case: Case) -> None:
    """Let ``case.deadlines`` know its rows, each with what extended it and what was asked for: no query once
    the case's lists are read, or where it knows them."""
    known = vars(case).setdefault("_prefetched_objects_cache", {})
    if "_clocks" in vars(case) and "deadlines" in known:
        return
    clocks = listed(case, "deadlines.clocks")
    extensions = _by_clock(listed(case, "deadlines.extensions"))
    requests = _by_clock(listed(case, "deadlines.requests"))
    for each in clocks:
        _let_know(each, "extensions", extensions[each.pk])
        _let_know(each, "extension_requests", requests[each.pk])
        each.case = case
    _let_know(case, "deadlines", clocks)
    vars(case)["_clocks"] = True


def _by_clock(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.deadline_id].append(row)
    return found


def _let_know(owner: Any, name: str, rows: list[Any]) -> None:
    """What ``prefetch_related_objects`` leaves behind, for rows that are in hand already."""
    held = getattr(owner, name).all()
    held._result_cache, held._prefetch_done = rows, True
    vars(owner).setdefault("_prefetched_objects_cache", {})[name] = held


def clocks(case: Case) -> DeskTable:
    """The deadlines of a case, running ones first (no query once its lists are read)."""
    read_clocks(case)
    deadlines = sorted(case.deadlines.all(), key=lambda each: not each.is_open)
    resumed: list[Event] = listed(case, "deadlines.resumed")
    return DeskTable(
        title="Clocks",
        headings=("What", "Started", "Rule", "Due", "How it stands"),
        rows=tuple(
            (
                each.label,
                each.start_on,
                [each.rule, *days_counted(each)],
                [each.due_on, *moved(each, resumed)],
                [standing(each), *chased(each)],
            )
            for each in deadlines
        ),
        empty="No clock runs on this case.",
    )


def days_counted(deadline: Deadline) -> list[str]:
    """Which days between the start and the day first due count, in words; nothing where somebody set the
    day."""
    if not deadline.is_counted:
        return []
    if not deadline.counts_working_days:
        return ["every day counts, weekends and bank holidays too"]
    left_out = bank_holidays_within(deadline.start_on, deadline.first_due_on)
    named = f", nor do {', '.join(map(as_text, left_out))}" if left_out else "; no bank holiday lies between"
    return [f"Saturdays and Sundays do not count{named}"]


def moved(deadline: Deadline, resumed: Iterable[Event]) -> list[str]:
    """What became of the day first due: each time the clock was stopped and ran again, and each extension
    with its reason, in their order; that there was none."""
    told = [(each.granted_at, extended(each)) for each in deadline.extensions.all()]
    told += [
        (each.occurred_at, f"was stopped, and runs again since {_day(each)}")
        for each in resumed
        if each.payload["kind"] == deadline.kind and not deadline.subject_id
    ]
    if not told:
        return ["no pause, no extension"]
    return [f"first {as_text(deadline.first_due_on)}", *(words for _, words in sorted(told))]


def _day(event: Event) -> str:
    return as_text(timezone.localtime(event.occurred_at).date())


def extended(extension: Extension) -> str:
    return f"extended from {as_text(extension.former_due_on)}: {extension.reason}"


def chased(deadline: Deadline) -> list[str]:
    """When whoever owes it was last reminded, and when CQC's lead was told that it is overdue, if they were
    (no query)."""
    told = []
    if deadline.last_reminded_at is not None:
        on = as_text(timezone.localdate(deadline.last_reminded_at))
        often = "" if deadline.times_reminded == 1 else f" {deadline.times_reminded} times, last"
        told.append(f"reminded{often} on {on}")
    if deadline.escalated_at is not None:
        told.append(f"CQC’s lead told on {as_text(timezone.localdate(deadline.escalated_at))}")
    return told


def standing(deadline: Deadline) -> str:
    """Running, overdue, done or ended, in words. A window that merely closes is over, never overdue."""
    if deadline.ended_at is not None:
        return "Stopped: no longer needed"
    if deadline.met_on is not None:
        late = " late" if deadline.is_late else ""
        return f"Done{late} on {as_text(deadline.met_on)}"
    left = (deadline.due_on - clock.today()).days
    if left < 0 and not DEADLINES.get(deadline.kind).escalates:
        return "Over"
    if left < 0:
        return f"Overdue by {days(-left)}"
    return "Due today" if left == 0 else f"{days(left)} left"
