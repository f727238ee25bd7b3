"""What the desk's page of an employer says of its notifications and of its corrective actions.

Only what the reader may see is listed and counted, as in the work queue. The figures of rates and risk count
everything, and are risk's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from notifications.counting import NOT_COUNTED
from notifications.indicators import root_of
from notifications.models import Basis, CorrectiveAction, Notification
from notifications.queries import KIND
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.home import queue_url
from regulator.casework.links import case_link
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Link,
    Table,
)
from regulator.organisations.models import Employer, Modality
from regulator.periods import Period, reporting_year_of
from regulator.risk.incidents import Incident, distinct
from regulator.risk.parameters import read_parameters

NEWEST: Final = 20
QUARTERS: Final = 12
MONTHS: Final = 24
YEARS: Final = 3
_NO_CODE: Final = "No code"
_HEADINGS: Final = (
    "Statutory",
    "Incidents, each cause once",
    "Voluntary",
    "Licence breaches",
    "Withdrawn, merged or not notifiable",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One notification, by the day of discovery; that of receipt where none is given."""

    day: date
    basis: str
    stood: bool
    code: str
    cause: str
    incident: Incident

    @property
    def counts(self) -> bool:
        return self.stood and self.basis == Basis.STATUTORY


def history(employer: Employer, reader: User) -> Sequence[Block]:
    """Its notifications by year, quarter and month, by criterion and cause, what came late, and the newest
    (3 queries)."""
    seen = _seen(employer, reader)
    told = [_told(*row) for row in seen.values_list(*_COLUMNS)]
    return (
        _by(told, _year, "By reporting year", "Year", len(told), folded=False),
        _by(told, _quarter, f"By quarter, the last {QUARTERS} with any", "Quarter", QUARTERS),
        _by(told, _month, f"By month, the last {MONTHS} with any", "Month", MONTHS),
        _by_year("By criterion", "Criterion", told, lambda each: each.code),
        _by_year("By cause, as CQC coded it", "Cause", told, lambda each: each.cause),
        _late(seen),
        _newest(employer, seen),
    )


def actions(employer: Employer, reader: User) -> Sequence[Block]:
    """Corrective actions on its notifications, without those that ended as no incident of their own: how many
    stand where, and those that are open, the one planned first before the others (2 queries)."""
    standing = _seen(employer, reader).exclude(case__status__in=NOT_COUNTED)
    mine = CorrectiveAction.objects.filter(notification__in=standing.values("pk")).order_by()
    is_open = Q(done_on=None, cancelled_at=None)
    counts = mine.aggregate(
        overdue=Count("pk", filter=is_open & Q(planned_for__lt=clock.today())),
        opened=Count("pk", filter=is_open),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
    )
    waiting = mine.filter(is_open).select_related("notification__case").order_by("planned_for", "pk")
    totals = (counts["opened"], counts["overdue"], counts["done"], counts["cancelled"])
    how_many = Table(
        title="How many",
        headings=("Open", "Of these overdue", "Done", "Cancelled"),
        rows=(totals,) if any(totals) else (),
        empty="No corrective action is on record that you may see.",
    )
    if not any(totals):
        return (how_many,)
    return (
        how_many,
        Table(
            title="Open actions",
            headings=("Planned for", "Standing", "Strength", "Notification"),
            rows=tuple(_waiting(each) for each in waiting[:NEWEST]),
            empty="No action is open.",
            note=f"The first {NEWEST} of {counts['opened']}." if counts["opened"] > NEWEST else "",
        ),
    )


def _waiting(action: CorrectiveAction) -> tuple[object, ...]:
    case = case_link(action.notification.case)
    return (action.planned_for, action.standing, action.get_strength_display(), case)


def contribute() -> None:
    """Register the sections. Called once, when the application is ready."""
    told = EmployerSection("History of notifications", "casework.read", 20, history)
    EMPLOYER_SECTIONS.register("notifications.history", told)
    done = EmployerSection("Corrective actions", "casework.read", 50, actions)
    EMPLOYER_SECTIONS.register("notifications.actions", done)


_COLUMNS: Final = (
    "pk",
    "basis",
    "case__status",
    "case__modality",
    "case__opened_at",
    "discovered_on",
    "criteria_regime",
    "criterion_code",
    "cqc_cause__tier1",
    "equipment_failure",
    "equipment_manufacturer",
    "equipment_model",
)


def _seen(employer: Employer, reader: User) -> QuerySet[Notification]:
    """What CQC received of the employer and ``reader`` may see."""
    cases = Case.objects.for_user(reader).filter(kind=KIND, employer=employer).order_by()
    return Notification.objects.submitted().filter(case__in=cases.values("pk")).order_by()


def _told(
    pk: int,
    basis: str,
    status: str,
    modality: str,
    opened_at: object,
    discovered_on: date | None,
    regime: str,
    code: str,
    cause: str | None,
    failed: bool | None,
    maker: str,
    model: str,
) -> _Told:
    day = discovered_on or timezone.localdate(opened_at)  # type: ignore[arg-type]
    return _Told(
        day=day,
        basis=basis,
        stood=status not in NOT_COUNTED,
        code=f"{code} ({regime})" if code and regime else code or _NO_CODE,
        cause=cause or "Not yet coded",
        incident=Incident(0, modality, day, str(pk), root=root_of(failed, maker, model)),
    )


def _by(
    told: Sequence[_Told],
    period: Callable[[date], tuple[date, str]],
    title: str,
    heading: str,
    most: int,
    *,
    folded: bool = True,
) -> Table:
    """Counts by period, the newest first; periods without any are left out."""
    counts: dict[tuple[date, str], Counter[str]] = {}
    for each in told:
        kind = each.basis if each.stood else "out"
        counts.setdefault(period(each.day), Counter())[kind] += 1
    incidents = distinct(
        (each.incident for each in told if each.counts), within_days=read_parameters().one_cause_days
    )
    for incident in incidents:
        counts.setdefault(period(incident.discovered), Counter())["incidents"] += 1
    columns = (Basis.STATUTORY, "incidents", Basis.VOLUNTARY, Basis.LICENCE_BREACH, "out")
    newest = sorted(counts, reverse=True)[:most]
    return Table(
        title=title,
        headings=(heading, *_HEADINGS),
        rows=tuple((key[1], *(counts[key][column] for column in columns)) for key in newest),
        empty="Nothing was notified that you may see.",
        note=""
        if folded or not told
        else "By the day of discovery. An incident told in several notifications of one failing machine "
        "counts once. Voluntary reports and licence breaches are in no statutory figure.",
        folded=folded,
    )


def _year(day: date) -> tuple[date, str]:
    year = reporting_year_of(day)
    return year.start, year.label


def _quarter(day: date) -> tuple[date, str]:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, f"{first:%B} to {date(first.year, first.month + 2, 1):%B %Y}"


def _month(day: date) -> tuple[date, str]:
    return day.replace(day=1), f"{day:%B %Y}"


def _by_year(title: str, heading: str, told: Iterable[_Told], named: Callable[[_Told], str]) -> Table:
    """What counts, by a name and the last reporting years, the commonest first."""
    years = _last_years()
    counts: dict[str, Counter[str]] = {}
    for each in told:
        if each.counts:
            held = counts.setdefault(named(each), Counter())
            held[reporting_year_of(each.day).label] += 1
            held["all"] += 1
    order = sorted(counts, key=lambda name: (-counts[name]["all"], name))
    return Table(
        title=title,
        headings=(heading, *(year.label for year in years), "All years"),
        rows=tuple(
            (name, *(counts[name][year.label] for year in years), counts[name]["all"]) for name in order
        ),
        empty="No statutory notification stands that you may see.",
        folded=True,
    )


def _last_years() -> list[Period]:
    today = clock.today()
    return [reporting_year_of(date(today.year - back, today.month, 1)) for back in range(YEARS)]


def _late(seen: QuerySet[Notification]) -> Table:
    """What was due and came after its day, or has not come (1 query)."""
    today = clock.today()
    clocks = Deadline.objects.filter(
        kind__in=("notify", "report"), case__in=seen.values("case"), ended_at=None
    ).order_by()
    due, late = Counter[str](), Counter[str]()
    for kind, due_on, met_on in clocks.values_list("kind", "due_on", "met_on"):
        if met_on is not None or due_on < today:
            due[kind] += 1
            late[kind] += due_on < (met_on or today)
    names = {"notify": "Notifications", "report": "Investigation reports, as extended"}
    return Table(
        title="Late",
        headings=("What", "Came late, or has not come", "Of those due"),
        rows=tuple((label, late[kind], due[kind]) for kind, label in names.items() if due[kind]),
        empty="Nothing has been due yet.",
    )


def _newest(employer: Employer, seen: QuerySet[Notification]) -> Table:
    """The newest notifications (1 query)."""
    newest = seen.select_related("case").only(
        "basis", "discovered_on", "criterion_code", "case__reference", "case__kind", "case__status",
        "case__modality", "case__opened_at",
    )  # fmt: skip
    rows = list(newest.order_by("-case__opened_at", "-pk")[: NEWEST + 1])
    return Table(
        title="Newest notifications",
        headings=("Received", "Notification", "Modality", "Ground", "Status"),
        rows=tuple(_line(each) for each in rows[:NEWEST]),
        empty="Nothing was notified that you may see.",
        note=f"The newest {NEWEST}." if len(rows) > NEWEST else "",
        links=(Link("All its cases in the work queue", queue_url(employer=employer.key, state="all")),),
    )


def _line(each: Notification) -> tuple[object, ...]:
    case = each.case
    modality = Modality(case.modality).label if case.modality else ""
    received = timezone.localdate(case.opened_at) if case.opened_at else None
    return (received, case_link(case), modality, each.get_basis_display(), case.status_label)
