"""A case's clocks on the staff desk: each with its start, its rule, what extended it, how it stands and who
was reminded of it."""

from django.db.models import prefetch_related_objects
from django.utils import timezone

from regulator import clock
from regulator.casework.desk import DeskTable
from regulator.casework.models import Case
from regulator.casework.wording import as_text, days
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline, Extension


def clocks(case: Case) -> DeskTable:
    """The deadlines of a case, running ones first (two queries; none where the page has read them)."""
    prefetch_related_objects([case], "deadlines__extensions")
    deadlines = sorted(case.deadlines.all(), key=lambda each: not each.is_open)
    return DeskTable(
        title="Clocks",
        headings=("What", "Started", "Rule", "Due", "How it stands"),
        rows=tuple(
            (
                each.label,
                each.start_on,
                each.rule,
                [each.due_on, *map(extended, each.extensions.all())],
                [standing(each), *chased(each)],
            )
            for each in deadlines
        ),
        empty="No clock runs on this case.",
    )


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
