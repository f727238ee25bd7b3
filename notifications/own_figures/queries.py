"""The reads on an employer's own figures: each says how many SQL queries it takes.

What counts, and by which day, is ``notifications.figures`` and ``notifications.counting``; what is late is
``Deadline.is_late``; rates and bands are those that a risk run stored (docs/decisions/0025).
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from notifications.counting import NOT_COUNTED, counted
from notifications.figures.counts import (
    causes_of,
    every_cause,
    groups_of,
    received_in,
    sub_modalities_of,
)
from notifications.models import CorrectiveAction, Notification
from notifications.queries import KIND
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.organisations.activity import returns_of
from regulator.organisations.models import Employer
from regulator.organisations.returns import last_ended, year_before
from regulator.periods import Period, reporting_year_of
from regulator.risk.models import YearRate

CLOCKS: Final = ("notify", "report")


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of notifications by modality and sub-modality, in a year and in the year before; ``None`` where
    CQC holds no notification of that year from anybody: a year that is not held is not one without
    incidents."""

    now: dict[str, dict[str, int]]
    before: dict[str, dict[str, int]] | None

    @property
    def total(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.now.values())


def years_of(employer: Employer) -> list[Period]:
    """The reporting years that the employer can look at, the newest first: from that of its first
    notification or rate, or the last that ended, to the one that runs (1 query)."""
    received = counted().filter(case__employer=OuterRef("pk")).order_by("case__opened_at")
    rated = YearRate.objects.filter(employer=OuterRef("pk")).order_by("starts_on")
    firsts = Employer.objects.filter(pk=employer.pk).values_list(
        Subquery(received.values("case__opened_at")[:1]), Subquery(rated.values("starts_on")[:1])
    )
    notified, rate = firsts.get()
    days = [timezone.localdate(notified)] if notified else []
    begin = min([last_ended(clock.today()).start, *days, *([rate] if rate else [])])
    year, found = reporting_year_of(clock.today()), list[Period]()
    while year.end >= begin:
        found.append(year)
        year = year_before(year)
    return found


def received_of(employer: Employer, year: Period) -> QuerySet[Notification]:
    """The employer's notifications that count in a year."""
    return received_in(year).filter(case__employer=employer)


def counts_of(employer: Employer, year: Period) -> Counts:
    """What it notified in the year and in the year before (3 queries)."""
    now, former = (groups_of(received_of(employer, each)) for each in (year, year_before(year)))
    is_held = received_in(year_before(year)).exists()
    return Counts(sub_modalities_of(now), sub_modalities_of(former) if is_held else None)


def worked_in(employer: Employer, year: Period) -> bool:
    """Whether a return, whoever made it, says that the employer did anything in the year (1 query). Without
    one nothing is known: it may not have begun, or not have been the employer then."""
    touching = returns_of(employer).filter(period_start__lte=year.end, period_end__gte=year.start)
    return touching.filter(quantity__gt=0).exists()


def causes(employer: Employer, year: Period) -> dict[str, Any]:
    """Why, as CQC coded it: as ``notifications.figures.causes_of`` (2 queries)."""
    return causes_of(groups_of(received_of(employer, year)), every_cause())


def clocks_of(employer: Employer, year: Period) -> list[Deadline]:
    """The clocks to notify and to report on what it notified in the year (1 query)."""
    cases = received_of(employer, year).values("case")
    return list(Deadline.objects.filter(kind__in=CLOCKS, case__in=cases, ended_at=None))


def open_actions(employer: Employer, reader: User) -> list[CorrectiveAction]:
    """The corrective actions that are neither done nor cancelled, on notifications of the employer's that
    stand and that the reader may see, the one planned first before the others (1 query, and one for
    memberships)."""
    seen = Case.objects.for_user(reader).filter(kind=KIND, employer=employer).order_by()
    standing = Notification.objects.submitted().exclude(case__status__in=NOT_COUNTED)
    waiting = CorrectiveAction.objects.filter(
        notification__in=standing.filter(case__in=seen.values("pk")).values("pk"),
        done_on=None,
        cancelled_at=None,
    )
    return list(waiting.select_related("notification__case").order_by("planned_for", "pk"))
