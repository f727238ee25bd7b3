"""What the case apps tell risk: incidents, their severity and root, lateness, recurrence, notices, visits."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from enforcement import indicators as enforcing
from enforcement.models import Notice
from inspections import contributions as inspecting
from inspections.models import Finding, Inspection
from notifications import indicators as notifying
from notifications.models import Basis, Cause, Harm, Notification
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer
from regulator.periods import DayRange
from regulator.risk.indicators import (
    INCIDENTS,
    INDICATORS,
    INSPECTED,
    OUTCOMES,
    REGIMES,
    REPORTS,
    RULES,
    Asked,
)
from regulator.risk.parameters import read_parameters
from tests.factories import EmployerFactory, staff
from tests.reference import ship_provisions, ship_reference

YEAR = DayRange(date(2023, 4, 1), date(2024, 3, 31))
ASKED = Asked(YEAR)
DAY = date(2023, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer() -> Employer:
    return EmployerFactory.create()


def case(employer: Employer, kind: str, status: str) -> Case:
    number = Case.objects.count()
    return Case.objects.create(
        kind=kind,
        status=status,
        employer=employer,
        modality="radiotherapy",
        reference=f"IR-{kind}-{number}",
        opened_at=datetime(2023, 6, 2, tzinfo=UTC),
    )


def told(employer: Employer, *, status: str = "closed", **fields: Any) -> Notification:
    held = {"basis": Basis.STATUTORY, "discovered_on": DAY} | fields
    return Notification.objects.create(case=case(employer, "notification", status), **held)


def clock_of(notification: Notification, kind: str, due: date, met: date | None) -> None:
    Deadline.objects.create(
        case=notification.case, kind=kind, start_on=DAY, due_on=due, first_due_on=due, met_on=met
    )


def test_each_indicator_that_is_contributed_has_a_weight_and_each_source_answers_for_one_employer(
    employer: Employer,
) -> None:
    ship_reference()
    names = {each.weighs_as for each in INDICATORS.values()}
    assert names == {"late_reports", "late_notices", "recurrence", "overdue_actions", "concerns", "breaches"}
    assert names == read_parameters().indicators.keys()
    one = Asked(YEAR, employer.pk)
    sources = [*INCIDENTS.values(), *INSPECTED.values(), *OUTCOMES.values(), *REPORTS.values()]
    sources += [each.facts for each in INDICATORS.values()] + [each.found for each in RULES.values()]
    assert len(sources) >= 11
    assert all(list(source(one)) == [] for source in sources)
    assert {day for source in REGIMES.values() for day in source()} >= {date(2019, 6, 3)}


def test_incidents_are_severe_where_they_harmed_or_mattered_clinically(employer: Employer) -> None:
    told(employer)
    told(employer, clinically_significant=True)
    told(employer, harm=Harm.LASTING)
    told(employer, harm=Harm.TEMPORARY)
    assert sorted(each.severe for each in notifying.incidents(ASKED)) == [False, False, True, True]


@pytest.mark.parametrize("status", ["withdrawn", "not_notifiable", "merged", "draft"])
def test_what_did_not_stand_and_what_is_not_statutory_is_no_incident(employer: Employer, status: str) -> None:
    told(employer, status=status)
    told(employer, basis=Basis.VOLUNTARY)
    told(employer, discovered_on=date(2023, 3, 31))
    assert list(notifying.incidents(ASKED)) == []


def test_notifications_of_one_failing_machine_share_their_root(employer: Employer) -> None:
    machine: dict[str, Any] = {"equipment_manufacturer": "Maker", "equipment_model": "X  1"}
    told(employer, equipment_failure=True, **machine)
    told(employer, equipment_failure=False, **machine)
    assert sorted(each.root for each in notifying.incidents(ASKED)) == ["", "maker x 1"]


def test_late_is_what_came_after_its_day_or_has_not_come_though_due(employer: Employer) -> None:
    due = DAY + timedelta(days=84)
    after = date(2024, 6, 1)
    for met in (due, due + timedelta(days=1), None, after):
        clock_of(told(employer), "report", due, met)
    clock_of(told(employer), "report", after, None)  # not due yet
    clock_of(told(employer), "notify", DAY + timedelta(days=14), DAY + timedelta(days=20))
    assert list(notifying.late_reports(ASKED)) == [(employer.pk, 3, 4)]
    assert list(notifying.late_notices(ASKED)) == [(employer.pk, 1, 1)]


def test_what_is_known_only_later_does_not_count_before(employer: Employer) -> None:
    clock_of(told(employer), "report", date(2024, 3, 1), date(2024, 4, 20))
    clock_of(told(employer), "report", date(2024, 4, 30), date(2024, 5, 30))
    assert list(notifying.late_reports(ASKED)) == [(employer.pk, 1, 1)]


def test_a_cause_that_comes_again_within_a_year_recurs(employer: Employer) -> None:
    ship_reference()
    one, other = Cause.objects.filter(modality="radiotherapy").order_by("position")[:2]
    coded: dict[str, Any] = {"coded_at": datetime(2023, 9, 1, tzinfo=UTC), "coded_by": staff()}
    for cause, day in ((one, DAY), (other, date(2023, 7, 1)), (one, date(2023, 12, 1))):
        told(employer, cqc_cause=cause, discovered_on=day, **coded)
    told(EmployerFactory.create(), cqc_cause=one, **coded)
    assert list(notifying.recurrence(ASKED)) == [(employer.pk, 1, 2)]


def test_lasting_harm_is_a_rule(employer: Employer) -> None:
    told(employer, harm=Harm.DEATH)
    told(employer, harm=Harm.NONE)
    assert list(notifying.lasting_harm(ASKED)) == [(employer.pk, 1)]


def notice(employer: Employer, kind: str, status: str = "served", **fields: Any) -> Notice:
    provision = Provision.objects.order_by("pk").first()
    held = {"breach_on": DAY, "served_on": DAY, "legal_power": provision} | fields
    return Notice.objects.create(case=case(employer, "notice", status), type=kind, **held)


@pytest.fixture
def law() -> None:
    ship_provisions()


@pytest.mark.usefixtures("law")
def test_a_notice_past_its_day_is_overdue_and_a_prohibition_is_a_rule(employer: Employer) -> None:
    improvement, prohibition = Notice.Type.IMPROVEMENT, Notice.Type.PROHIBITION_IMMEDIATE
    due = date(2023, 9, 1)
    notice(employer, improvement, compliance_on=due)
    notice(employer, improvement, "complied", compliance_on=due, complied_on=due)
    notice(employer, improvement, "withdrawn", compliance_on=due, withdrawn_on=due)
    notice(employer, improvement, compliance_on=date(2024, 9, 1))
    notice(employer, prohibition)
    notice(EmployerFactory.create(), prohibition, "cancelled")
    assert list(enforcing.overdue(ASKED)) == [(employer.pk, 1, 1)]
    assert list(enforcing.prohibited(ASKED)) == [(employer.pk, 1)]


_SINCE: Final[dict[str, Any]] = {"suspended_from": date(2023, 6, 20)}
_OVER: Final[dict[str, Any]] = {"disposed_on": date(2024, 1, 10), "outcome": "affirmed"}
_FAILED: Final[dict[str, Any]] = {"lodged_on": date(2023, 9, 2), "former_status": "not_complied"}


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    ("kind", "appeal", "complied_on", "overdue"),
    [
        ("improvement", {}, None, False),
        ("improvement", _FAILED, None, True),
        ("prohibition_deferred", {}, None, True),
        ("prohibition_deferred", _SINCE, None, False),
        ("prohibition_deferred", _SINCE | {"suspended_until": date(2024, 3, 31)}, None, False),
        ("prohibition_deferred", _SINCE | {"suspended_until": date(2024, 3, 29)}, None, True),
        ("prohibition_deferred", {"suspended_from": date(2023, 9, 2)}, None, True),
        ("prohibition_deferred", _SINCE | _OVER, None, True),
        ("prohibition_deferred", _SINCE | _OVER, date(2023, 12, 1), False),
    ],
)
def test_a_notice_that_an_appeal_suspends_over_its_day_is_not_overdue(
    employer: Employer,
    kind: str,
    appeal: dict[str, Any],
    complied_on: date | None,
    overdue: bool,
    django_assert_num_queries: Any,
) -> None:
    """An appeal lodged in June 2023 against a notice whose day is 1 September, asked at the year's end."""
    status = "served" if "outcome" in appeal else "under_appeal"
    made = notice(
        employer, Notice.Type(kind), status, compliance_on=date(2023, 9, 1), complied_on=complied_on
    )
    made.appeals.create(**({"lodged_on": date(2023, 6, 10)} | appeal))
    with django_assert_num_queries(2):
        assert list(enforcing.overdue(ASKED)) == ([(employer.pk, 1, 1)] if overdue else [])


def visit(employer: Employer, day: date | None, trigger: str = "planned") -> Inspection:
    return Inspection.objects.create(
        case=case(employer, "inspection", "visited"),
        trigger=trigger,
        planned_on=day or date(2024, 5, 1),
        visited_on=day,
    )


def test_breaches_are_those_of_the_last_visit_and_an_old_visit_still_counts_as_one(
    employer: Employer,
) -> None:
    first, last = visit(employer, date(2023, 5, 1)), visit(employer, date(2023, 11, 1), "reactive")
    visit(employer, None)
    for inspection, kind in ((first, "breach"), (first, "breach"), (last, "breach"), (last, "good_practice")):
        Finding.objects.create(inspection=inspection, kind=kind, text="Something.")
    old = EmployerFactory.create()
    visit(old, date(2010, 1, 1))
    assert dict(inspecting.last_visits(ASKED)) == {employer.pk: date(2023, 11, 1), old.pk: date(2010, 1, 1)}
    assert list(inspecting.breaches_at_last_visit(ASKED)) == [(employer.pk, 1, 1)]
    for day in (date(2023, 11, 1), date(2024, 1, 10), ASKED.window.end + timedelta(1)):
        last.visits.create(visited_on=day, announced=True)
    assert dict(inspecting.last_visits(ASKED))[employer.pk] == date(2024, 1, 10), "of the same inspection"
    assert [(each.breaches, each.arm) for each in inspecting.outcomes(ASKED)] == [(2, ""), (1, "reactive")]
