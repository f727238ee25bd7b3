"""What the desk's page of an employer says of the actions that it promised in answer to inspections."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Count, Q

from inspections.plans.models import PlanAction
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.links import case_link
from regulator.casework.models import Case
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Table,
)
from regulator.organisations.models import Employer

NEWEST: Final = 20


def promised(employer: Employer, reader: User) -> Sequence[Block]:
    """How many actions of accepted plans stand where, and those that are open, the one planned first before
    the others; of inspections that the reader may see (2 queries)."""
    cases = Case.objects.for_user(reader).filter(kind="inspection", employer=employer).order_by()
    mine = PlanAction.objects.begun().filter(finding__inspection__in=cases.values("pk")).order_by()
    is_open = Q(done_on=None, cancelled_at=None)
    counts = mine.aggregate(
        opened=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(planned_for__lt=clock.today())),
        unconfirmed=Count("pk", filter=Q(done_on__isnull=False, confirmed_at=None)),
        confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
    )
    waiting = mine.filter(is_open).select_related("finding__inspection__case")
    columns = ("opened", "overdue", "unconfirmed", "confirmed", "cancelled")
    return (
        Table(
            title="How many",
            headings=("Open", "Of these overdue", "Done, to be confirmed", "Confirmed", "Cancelled"),
            rows=(tuple(counts[each] for each in columns),) if any(counts.values()) else (),
            empty="No action of an accepted plan is on record that you may see.",
        ),
        Table(
            title="Open actions",
            headings=("Planned for", "Standing", "Strength", "Inspection"),
            rows=tuple(_line(each) for each in waiting.order_by("planned_for", "pk")[:NEWEST]),
            empty="No action is open.",
            note=f"The first {NEWEST} of {counts['opened']}." if counts["opened"] > NEWEST else "",
        ),
    )


def contribute() -> None:
    """Register the section. Called once, when the application is ready."""
    section = EmployerSection("Actions in answer to inspections", "casework.read", 55, promised)
    EMPLOYER_SECTIONS.register("plans", section)


def _line(action: PlanAction) -> tuple[object, ...]:
    case = action.finding.inspection.case
    return (action.planned_for, action.standing, action.get_strength_display(), case_link(case))
