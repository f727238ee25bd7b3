"""What came in time, rates, silent employers, radiopharmaceuticals, licence breaches; numbers and tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from inspections.models import Finding, Inspection
from notifications.figures.rates import no_reporting, silent_cell
from notifications.models import Basis, LicenceBreach, Notification, RadionuclideExposure
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.organisations.models import ActivityReturn, Employer, EmployerType
from regulator.periods import reporting_year
from regulator.statistics.annual import AnnualReport, compose, numbers_of, tables_of
from regulator.statistics.suppression import RULE
from regulator.statistics.tables import Cell, Kind, Mark
from tests.factories import EmployerFactory
from tests.statistics.published_report import cell
from tests.statistics.rows import IN_YEAR, Row, store

pytestmark = pytest.mark.django_db
YEAR = reporting_year("2023/24")


def at(table: str, row: str, column: str, report: AnnualReport | None = None) -> Cell:
    tables = {each.name: each for each in tables_of(report or compose(YEAR))}
    return cell(tables[table], row, column)


def number(name: str, report: AnnualReport | None = None) -> Cell:
    return numbers_of(report or compose(YEAR))[name][1]


def clock(case: Case, kind: str, met_on: date | None, **fields: Any) -> None:
    due = date(2023, 9, 10)
    Deadline.objects.create(
        case=case, kind=kind, start_on=due, due_on=due, first_due_on=due, met_on=met_on, **fields
    )


def returned(employer: Employer, quantity: int, modality: str = "radiotherapy") -> None:
    ActivityReturn.objects.create(
        employer=employer,
        modality=modality,
        period_start=YEAR.start,
        period_end=YEAR.end,
        quantity=quantity,
        unit="episodes" if modality == "radiotherapy" else "examinations",
        source="Return",
        completeness="complete",
    )


def test_what_came_on_its_day_was_in_time_and_a_day_later_it_was_late() -> None:
    store([Row(EmployerFactory.create())] * 4 + [Row(EmployerFactory.create(), basis=Basis.VOLUNTARY)])
    cases = list(Case.objects.order_by("pk"))
    for case, met_on in zip(cases, [10, 11, 9, None, 30], strict=True):
        clock(case, "notify", date(2023, 9, met_on) if met_on else None)
        clock(case, "report", date(2023, 9, met_on) if met_on else None)
    clock(cases[0], "action", date(2023, 9, 30))
    report = compose(YEAR)
    for table in ("timeliness_notified", "timeliness_reports"):
        counted = [at(table, "Radiotherapy", column, report) for column in ("in_time", "late", "percent")]
        assert counted == [2, 1, 67]
    assert at("timeliness_reports", "All modalities", "not_in", report) == 1
    assert [number(name, report) for name in ("reports_late", "reports_in_time_percent")] == [1, 67]


def test_the_tables_name_no_number_of_days_since_each_clock_has_its_own() -> None:
    tables = [each for each in tables_of(compose(YEAR)) if each.name.startswith("timeliness_")]
    assert [each.title for each in tables] == [
        "Notified within the time limit, 2023/24",
        "Investigation reports within the time limit, 2023/24",
    ]
    assert not [column.heading for each in tables for column in each.columns if "days" in column.heading]


def test_a_clock_that_was_ended_counts_neither_way() -> None:
    store([Row(EmployerFactory.create())])
    clock(Case.objects.get(), "report", None, ended_at=IN_YEAR)
    assert at("timeliness_reports", "Radiotherapy", "not_in") == 0
    assert at("timeliness_reports", "Radiotherapy", "percent") is Mark.NOT_APPLICABLE


def test_a_rate_stands_with_its_exact_interval_and_none_without_activity() -> None:
    employer = EmployerFactory.create()
    store([Row(employer)] * 10 + [Row(employer, "nuclear_medicine", "pet")])
    returned(employer, 5000)
    report = compose(YEAR)
    columns = ("notifications", "activity", "rate", "rate_lower", "rate_upper")
    found = [at("notification_rates", "Radiotherapy", column, report) for column in columns]
    # Garwood limits of 10: 4.7954 and 18.3904, a fifth of them for each 1,000 of 5,000.
    assert found == [10, 5000, Decimal("2.00"), Decimal("0.95"), Decimal("3.68")]
    assert at("notification_rates", "Radiotherapy", "previous", report) == Decimal("1.90")
    assert at("notification_rates", "Nuclear medicine", "rate", report) is Mark.NOT_AVAILABLE
    assert number("radiotherapy_rate_upper", report) == Decimal("3.68")


def test_activity_alone_of_the_year_before_does_not_make_its_rate_nought() -> None:
    employer = EmployerFactory.create()
    store([Row(employer)])
    returned(employer, 5000)
    ActivityReturn.objects.update(period_start=date(2022, 4, 1))
    assert at("notification_rates", "Radiotherapy", "previous") == Decimal(
        "1.90"
    )  # 270 of 142,000, as published


def test_who_does_much_and_told_nothing_is_counted_above_the_bound_only() -> None:
    told, silent, small = (EmployerFactory.create() for _ in range(3))
    for employer, quantity in ((told, 5000), (silent, 4000), (small, 1000)):
        returned(employer, quantity)
    store([Row(told)] * 10)
    report = compose(YEAR)
    columns = ("active", "bound", "above", "none")
    # 10 of 10,000: three of them are expected of 3,000.
    counted: Any = no_reporting(YEAR)
    assert counted["radiotherapy"] == {"active": 3, "bound": 3000, "above": 2, "none": 1}
    cells = [at("no_reporting", "Radiotherapy", column, report) for column in columns]
    assert cells == [3, 3000, 2, Mark.CONFIDENTIAL]
    assert number("radiotherapy_silent_employers", report) is Mark.CONFIDENTIAL
    assert at("no_reporting", "Nuclear medicine", "bound", report) is Mark.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("above", "none", "shown"),
    [(8, 5, 5), (8, 4, Mark.CONFIDENTIAL), (5, 5, Mark.CONFIDENTIAL), (3, 0, Mark.CONFIDENTIAL), (0, 0, 0)],
)
def test_few_silent_employers_or_all_there_are_could_be_named(above: int, none: int, shown: Cell) -> None:
    assert silent_cell({"active": 9, "bound": 100, "above": above, "none": none}) == shown


@pytest.mark.parametrize("above", range(12))
def test_the_mark_of_silent_employers_stands_for_five_numbers_or_for_any(above: int) -> None:
    told = {
        none: silent_cell({"active": 20, "bound": 100, "above": above, "none": none})
        for none in range(above + 1)
    }
    kept_back = [none for none, shown in told.items() if shown is Mark.CONFIDENTIAL]
    assert not kept_back or len(kept_back) >= RULE.least or len(kept_back) == above + 1


def test_no_number_tells_what_a_table_keeps_back() -> None:
    kinds = {"nhs_acute": 30, "dental": 3, "general_practice": 2, "independent": 9}
    for kind, count in kinds.items():
        store([Row(EmployerFactory.create(type=kind))] * count)
    report = compose(YEAR)
    hidden = [
        kind
        for kind in kinds
        if at("notifications_by_employer_type_radiotherapy", str(EmployerType(kind).label), "count", report)
        is Mark.CONFIDENTIAL
    ]
    assert {"dental", "general_practice"} <= set(hidden)
    for kind in hidden:
        for name in ("notifications", "percent"):
            assert number(f"{kind}_{name}_of_radiotherapy", report) is Mark.CONFIDENTIAL
    assert number("nhs_acute_notifications_of_radiotherapy", report) in (30, Mark.CONFIDENTIAL)


def test_wrong_radiopharmaceuticals_and_under_dosing_are_counted_each() -> None:
    store([Row(EmployerFactory.create(), "nuclear_medicine", "pet")] * 4)
    facts: list[dict[str, Any]] = [
        {"wrong_radiopharmaceutical": True, "activity_prescribed_mbq": 10, "activity_administered_mbq": 9},
        {"activity_prescribed_mbq": 10, "activity_administered_mbq": 10},
        {"wrong_radiopharmaceutical": False, "activity_administered_mbq": 1},
        {"wrong_radiopharmaceutical": None, "activity_prescribed_mbq": 2, "activity_administered_mbq": 1},
    ]
    for notification, held in zip(Notification.objects.all(), facts, strict=True):
        RadionuclideExposure.objects.create(notification=notification, **held)
    report = compose(YEAR)
    assert [number(name, report) for name in ("wrong_radiopharmaceutical", "under_dosing")] == [1, 2]


def test_licence_breaches_are_counted_by_what_was_wrong_and_in_no_other_figure() -> None:
    employer = EmployerFactory.create()
    store([Row(employer, "nuclear_medicine", "", basis=Basis.LICENCE_BREACH)] * 3)
    for notification, kind in zip(Notification.objects.all(), ["expired", "expired", ""], strict=True):
        LicenceBreach.objects.create(notification=notification, breach_type=kind)
    report = compose(YEAR)
    assert at("licence_breaches", "The licence had expired", "percent", report) == 67
    assert at("licence_breaches", "Not stated", "count", report) == 1
    assert at("notifications_apart", "Licence breaches", "count", report) == 3
    assert number("notifications_total", report) == 0


def test_breaches_count_with_their_inspection_and_a_withdrawn_one_does_not() -> None:
    case = Case.objects.create(
        kind="inspection",
        reference="TEST-I-B",
        status="on_site",
        employer=EmployerFactory.create(),
        modality="radiotherapy",
    )
    visited = date(2023, 5, 1)
    made = Inspection.objects.create(case=case, trigger="planned", planned_on=visited, visited_on=visited)
    for superseded in (None, None, visited):
        Finding.objects.create(inspection=made, kind="breach", text="No.", superseded_on=superseded)
    Finding.objects.create(inspection=made, kind="recommendation", text="Do it.")
    report = compose(YEAR)
    assert at("breaches_by_modality", "All modalities", "count", report) == 2
    cited = "recommendations_by_provision_radiotherapy"
    assert at(cited, "No provision cited", "count", report) == 1


def test_between_years_of_the_same_criteria_a_change_is_stated_and_across_a_break_it_is_not() -> None:
    employer = EmployerFactory.create()
    for year, number in ((2023, 1), (2024, 4)):
        months = [datetime(year, month, 9, tzinfo=UTC) for month in range(4, 13)]
        months += [datetime(year + 1, month, 9, tzinfo=UTC) for month in (1, 2, 3)]
        store([Row(employer, opened_at=month) for month in months for _ in range(number)])
    unbroken = compose(reporting_year("2024/25"))
    verdict = at("notifications_change", "Radiotherapy", "verdict", unbroken)
    assert verdict == "A rise beyond what chance would give"
    broken = at("notifications_change", "Radiotherapy", "verdict")
    assert broken == "Neither a rise nor a fall can be stated"
    notes = {each.name: each.notes for each in tables_of(unbroken)}["notifications_change"]
    assert any(note.startswith("The change from 12 to 48 is a rise") for note in notes)
    assert not any("Break in series" in note for note in notes)


@pytest.mark.parametrize("year", ["2023/24", "2031/32"])
def test_of_a_year_of_which_nothing_is_held_every_number_is_nought_or_says_why_there_is_none(
    year: str,
) -> None:
    for name, (each, found) in numbers_of(compose(reporting_year(year))).items():
        assert name.isidentifier() and name == name.lower()  # noqa: PT018
        assert isinstance(found, int | Decimal | Mark), name
        if each.kind is Kind.PERCENT and not isinstance(found, Mark):
            assert 0 <= found <= 100


def test_tables_say_what_they_count_and_are_named_for_their_figure() -> None:
    store([Row(EmployerFactory.create())])
    report = compose(YEAR)
    tables = tables_of(report)
    for each in report.figures:
        for table in each.tables():
            assert table.name.startswith(each.name)
            assert table.basis == each.figure.basis
            assert set(each.figure.caveats) <= set(table.notes)
            assert table.title.endswith(", 2023/24")
            assert len({column.key for column in table.columns}) == len(table.columns)
            assert table.rows or each.name.endswith("by_provision")
    assert {table.number for table in tables if table.number} == {f"Figure {n}" for n in range(1, 8)}
