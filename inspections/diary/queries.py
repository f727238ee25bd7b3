"""What stands in a person's diary, and how the inspections are shared among people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet

from inspections.models import Inspection
from inspections.queries import on_team
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.models import Case
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Modality

KEPT: Final = timedelta(days=90)
"""How long a visit stays in the feed after the inspection is over."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a diary. ``key`` names it for good, so that a calendar moves it rather than adding another;
    ``version`` rises as the case changes. ``is_visit``: the day is taken; a deadline leaves it free."""

    key: str
    day: date
    title: str
    case: int
    version: int
    is_visit: bool


def entries(person: User) -> list[Entry]:
    """What is planned, visited and due on the inspections that ``person`` leads or is on the team of, and may
    see; by day (2 queries).

    Reference and modality alone: no employer, no site.
    """
    theirs = Q(kind="inspection", assignee=person) | on_team(person)
    mine = Case.objects.for_user(person).filter(theirs)
    lately = Q(closed_at__isnull=True) | Q(closed_at__gte=clock.now() - KEPT)
    cases = list(mine.filter(lately).select_related("inspection").order_by("pk"))
    found = [_of(case, case.inspection) for case in cases if not case.is_over or case.inspection.visited_on]
    keys = [case.pk for case in cases if case.closed_at is None]
    due = Deadline.objects.open().filter(case__in=keys).select_related("case").order_by("pk")
    found += [_due(deadline) for deadline in due]
    return sorted(found, key=lambda each: (each.day, each.key))


def _of(case: Case, inspection: Inspection) -> Entry:
    visited = inspection.visited_on
    what = "inspection visit" if visited else "inspection planned"
    title = f"{case.reference}: {what}, {Modality(case.modality).label.lower()}"
    key = f"inspection-{case.pk}"
    return Entry(key, visited or inspection.planned_on, title, case.pk, case.version, is_visit=True)


def _due(deadline: Deadline) -> Entry:
    label = DEADLINES.get(deadline.kind).label.lower()
    title = f"{deadline.case.reference}: {label} due"
    case = deadline.case
    return Entry(f"deadline-{deadline.pk}", deadline.due_on, title, case.pk, case.version, is_visit=False)


@dataclass(frozen=True, slots=True)
class Load:
    """One person who conducts inspections: how many are open, before and after the visit, and what is
    next."""

    person: User
    open: int
    before_visit: int
    next_visit_on: date | None
    next_due_on: date | None

    @property
    def after_visit(self) -> int:
        return self.open - self.before_visit


def workload() -> list[Load]:
    """Everybody who conducts inspections, the busiest first (2 queries). Counts tell nothing of any case, so
    restricted ones are among them."""
    led = Inspection.objects.filter(case__closed_at__isnull=True, case__assignee__isnull=False).order_by()
    ahead = Q(visited_on__isnull=True)
    counted = {
        row["case__assignee"]: row
        for row in led.values("case__assignee").annotate(
            open=Count("pk"),
            before=Count("pk", filter=ahead),
            visit=Min("planned_on", filter=ahead & Q(planned_on__gte=clock.today())),
            due=Min("case__next_due_on"),
        )
    }
    people = _conducting().order_by("name", "pk")
    loads = [_load(person, counted.get(person.pk)) for person in people]
    return sorted(loads, key=lambda each: -each.open)


def unled() -> int:
    """Open inspections that nobody leads (1 query)."""
    return Inspection.objects.filter(case__closed_at__isnull=True, case__assignee__isnull=True).count()


def _conducting() -> "QuerySet[User]":
    return User.objects.filter(is_active=True, role__in=roles_with("inspections.conduct"))


def _load(person: User, row: Mapping[str, Any] | None) -> Load:
    if row is None:
        return Load(person, 0, 0, None, None)
    return Load(person, row["open"], row["before"], row["visit"], row["due"])


def coming(found: Iterable[Entry]) -> list[Entry]:
    """Those of today and later."""
    return [each for each in found if each.day >= clock.today()]
