"""The plan of a year: every published margin exact, dates in order, the same on every run and machine."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import enforcement
from enforcement.year.plan import YearPlan, plan_year
from enforcement.year.published import PublishedYear
from enforcement.year.records import PlannedInspection, PlannedNotification
from enforcement.year.tables import YearRefused, read_year
from notifications.criteria.reference import Condition, read_criteria
from notifications.taxonomy import read_taxonomy
from regulator.deadlines.calendar import is_working_day
from regulator.legislation.catalogue import read_catalogue

SHIPPED = Path(enforcement.__file__).parent / "data" / "years" / "2023-24"


@pytest.fixture(scope="module")
def year() -> PublishedYear:
    """The shipped year."""
    return read_year(SHIPPED)


@pytest.fixture(scope="module")
def plan(year: PublishedYear) -> YearPlan:
    """Its plan."""
    return plan_year(year)


def test_every_cause_has_its_published_count(year: PublishedYear, plan: YearPlan) -> None:
    assert Counter(one.cause for one in plan.notifications) == {one.slug: one.count for one in year.causes}
    modalities = {leaf.slug: leaf.modality for leaf in read_taxonomy()}
    assert all(modalities[one.cause] == one.modality for one in plan.notifications)


def test_every_sub_modality_has_its_count(year: PublishedYear, plan: YearPlan) -> None:
    counted = Counter((one.modality, one.submodality) for one in plan.notifications)
    assert counted == {(one.modality, one.part): one.count for one in year.submodalities}


def test_every_sector_has_its_count(year: PublishedYear, plan: YearPlan) -> None:
    types = {one.key: one.employer_type for one in plan.employers}
    counted = Counter((one.modality, types[one.employer_key]) for one in plan.notifications)
    assert counted == {(one.modality, one.part): one.count for one in year.sectors}


def test_activity_adds_up_to_the_published_totals(year: PublishedYear, plan: YearPlan) -> None:
    shared = Counter[tuple[str, str]]()
    for one in plan.activity:
        shared[one.modality, one.unit] += one.quantity
    assert shared == {(one.modality, one.unit): one.count for one in year.activity}
    assert all(one.quantity > 0 for one in plan.activity)
    keys = [(one.employer_key, one.modality) for one in plan.activity]
    assert len(set(keys)) == len(keys)


def test_inspections_recommendations_and_notices_are_as_published(
    year: PublishedYear, plan: YearPlan
) -> None:
    visits = {one.key: one for one in plan.inspections}
    for published in year.inspections:
        made = [one for one in plan.inspections if one.modality == published.modality]
        assert len(made) == len({one.employer_key for one in made}) == published.count
        assert sum(one.reactive for one in made) == published.reactive
        assert sum(one.focused for one in made) == published.focused
        assert sum(one.brachytherapy for one in made) == published.brachytherapy
    recommended = Counter(
        (visits[one.inspection_key].modality, one.regulations) for one in plan.recommendations
    )
    assert recommended == {(one.modality, one.regulations): one.count for one in year.recommendations}
    served = Counter((visits[one.inspection_key].modality, one.provisions) for one in plan.notices)
    assert served == Counter((one.modality, one.provisions) for one in year.notices)
    assert len({one.inspection_key for one in plan.notices}) == len(plan.notices)


def test_every_provision_named_is_in_the_catalogue(plan: YearPlan) -> None:
    known = {row.reference for row in read_catalogue()}
    assert {reference for one in plan.recommendations for reference in one.regulations} <= known
    assert {reference for one in plan.notices for reference in one.provisions} <= known


def test_employers_are_invented_and_say_so(plan: YearPlan) -> None:
    assert len(plan.employers) == 120
    assert all(one.name.endswith(" (invented)") and 1 <= len(one.sites) <= 3 for one in plan.employers)
    assert all(site.name.endswith(" (invented)") for one in plan.employers for site in one.sites)
    assert len({one.name for one in plan.employers}) == 120
    sites = [site.key for one in plan.employers for site in one.sites]
    assert len(set(sites)) == len(sites)


def test_cases_are_about_an_employer_that_does_that_work_at_its_own_site(plan: YearPlan) -> None:
    active = {(one.employer_key, one.modality) for one in plan.activity}
    sites = {one.key: {site.key for site in one.sites} for one in plan.employers}
    cases: list[PlannedNotification | PlannedInspection] = [*plan.notifications, *plan.inspections]
    for one in cases:
        assert (one.employer_key, one.modality) in active
        assert one.site_key in sites[one.employer_key]


def test_some_busy_employers_notify_nothing(plan: YearPlan) -> None:
    notified = {one.employer_key for one in plan.notifications}
    silent = [one for one in plan.activity if one.employer_key not in notified]
    assert any(one.quantity > 100_000 for one in silent)


def test_the_dates_of_a_notification_are_in_order_and_in_the_year(
    year: PublishedYear, plan: YearPlan
) -> None:
    for one in plan.notifications:
        assert one.occurred_on <= one.discovered_on <= one.notified_on <= one.report_on <= one.closed_on
        assert year.period.contains(one.notified_on)
        assert is_working_day(one.notified_on)
        assert read_criteria().regime_on(one.occurred_on).id == "SAUE-2023"
    assert [one.notified_on for one in plan.notifications] == sorted(
        one.notified_on for one in plan.notifications
    )
    assert len({one.notified_on for one in plan.notifications}) > 240


def test_a_few_notifications_and_reports_are_late(plan: YearPlan) -> None:
    late = sum(one.notified_on > one.discovered_on + timedelta(days=14) for one in plan.notifications)
    late_reports = sum(one.report_on > one.discovered_on + timedelta(days=84) for one in plan.notifications)
    assert 0 < late < 0.08 * 819
    assert 0 < late_reports < 0.15 * 819


def test_inspections_and_notices_follow_each_other_within_the_year(
    year: PublishedYear, plan: YearPlan
) -> None:
    visits = {one.key: one for one in plan.inspections}
    prompts = {one.key: one for one in plan.notifications}
    for visit in plan.inspections:
        assert year.period.contains(visit.inspected_on)
        assert (visit.reactive or visit.focused) == (visit.prompted_by is not None)
        if visit.prompted_by is not None:
            prompt = prompts[visit.prompted_by]
            assert (prompt.employer_key, prompt.modality) == (visit.employer_key, visit.modality)
            assert prompt.notified_on < visit.inspected_on
    for notice in plan.notices:
        visit = visits[notice.inspection_key]
        assert (notice.employer_key, notice.modality) == (visit.employer_key, visit.modality)
        assert visit.inspected_on == notice.breach_on
        assert 2 <= (notice.served_on - notice.breach_on).days <= 13
        assert year.period.contains(notice.served_on)
        assert (notice.compliance_on - notice.served_on).days >= 21
        assert notice.complied_on > notice.served_on


def test_keys_are_unique_and_in_order(plan: YearPlan) -> None:
    for records in (plan.notifications, plan.inspections, plan.recommendations, plan.notices, plan.employers):
        keys = [one.key for one in records]
        assert keys == sorted(set(keys))


def _quantities(one: PlannedNotification) -> dict[str, Decimal | str]:
    """What the criteria ask about, worked out from the planned facts."""
    dose = one.dose
    found: dict[str, Decimal | int | str | None] = {
        "exposure_kind": dose.exposure_kind,
        "intended_effective_dose": dose.intended_effective_dose,
        "total_effective_dose": dose.total_effective_dose,
        "total_to_intended_ratio": _ratio(dose.total_effective_dose, dose.intended_effective_dose),
        "foetal_dose": dose.foetal_dose,
        "delivered_to_intended_course_ratio": _ratio(dose.delivered_target_dose, dose.intended_target_dose),
        "administered_to_prescribed_ratio": _ratio(dose.administered_activity, dose.prescribed_activity),
        "planning_scans_total": dose.planning_scans_total,
        "images_in_fraction": dose.images_in_fraction,
        "additional_images_ratio": _ratio(dose.additional_images, dose.planned_images),
        **{flag: str(getattr(dose, flag)).lower() for flag in _FLAGS},
    }
    return {
        key: value if isinstance(value, str) else Decimal(value)
        for key, value in found.items()
        if value is not None
    }


_FLAGS = (
    "tissue_reaction",
    "wrong_radiopharmaceutical",
    "total_geographical_miss",
    "set_up_error",
    "hardware_or_software_failure",
)


def _ratio(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if part is not None and whole else None


def _holds(condition: Condition, quantities: dict[str, Decimal | str], exposed: str) -> bool:
    value = quantities.get(condition.quantity)
    if value is None or condition.who not in {"anyone", exposed}:
        return False
    if isinstance(value, str):
        return value == condition.value
    limit = condition.number
    return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[
        condition.comparison
    ]


def test_every_dose_reaches_the_threshold_of_its_code(plan: YearPlan) -> None:
    rules = {rule.code: rule for rule in read_criteria().regime("SAUE-2023").rules}
    for one in plan.notifications:
        rule, quantities = rules[one.criteria_code], _quantities(one)
        assert one.modality in rule.modalities
        assert any(
            all(_holds(condition, quantities, one.exposed) for condition in alternative)
            for alternative in rule.notifiable_when_any
        ), one


def test_repeated_images_are_put_down_to_a_failure_where_equipment_caused_them(plan: YearPlan) -> None:
    repeated = [one for one in plan.notifications if one.criteria_code == "4.2a"]
    assert {one.dose.hardware_or_software_failure for one in repeated} == {True, False}
    for one in repeated:
        assert one.dose.hardware_or_software_failure == ("-equipment-" in one.cause)
        assert one.dose.set_up_error != one.dose.hardware_or_software_failure


def _codes(ones: Iterable[PlannedNotification]) -> set[str]:
    return {one.criteria_code for one in ones}


def test_codes_suit_their_causes(year: PublishedYear, plan: YearPlan) -> None:
    wrong = [one for one in plan.notifications if one.criteria_code == "9"]
    assert len(wrong) == year.totals["wrong_radiopharmaceutical_notifications"]
    assert {one.cause for one in wrong} == {"nm-operator-administration", "nm-operator-preparation"}
    pregnant = [one for one in plan.notifications if one.cause.endswith("unknown-pregnancy")]
    assert _codes(pregnant) == {"5"}
    assert {one.exposed for one in pregnant} == {"foetus"}
    missed = [one for one in plan.notifications if "geographical-miss" in one.cause]
    assert _codes(missed) == {"7.3"}
    imaging = [one for one in plan.notifications if one.submodality == "planning_verification"]
    assert _codes(imaging) <= {"4.1", "4.2a", "4.2b"}
    for one in plan.notifications:
        assert ("equipment" in one.complementary) == ("-equipment-" in one.cause)
        assert ("multiple_individuals" in one.complementary) == (one.people > 1)


def test_two_plans_of_one_folder_are_equal(year: PublishedYear, plan: YearPlan) -> None:
    assert plan_year(read_year(SHIPPED)) == plan


def test_the_plan_does_not_depend_on_the_hash_seed(plan: YearPlan) -> None:
    script = (
        "import sys, hashlib; from pathlib import Path; from enforcement.year.plan import plan_year;"
        " from enforcement.year.tables import read_year;"
        " print(hashlib.sha256(repr(plan_year(read_year(Path(sys.argv[1])))).encode()).hexdigest())"
    )
    expected = hashlib.sha256(repr(plan).encode()).hexdigest()
    for seed in ("0", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(SHIPPED)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SHIPPED.parents[3])},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((("year.csv", "criteria_regime,SAUE-2023", "criteria_regime,SAUE-2020"),), "SAUE-2023 only"),
        (
            (
                ("year.csv", "\ninspections,40", "\ninspections,125"),
                ("year.csv", "inspections_radiotherapy,15", "inspections_radiotherapy,100"),
                ("inspections.csv", "radiotherapy,15", "radiotherapy,100"),
            ),
            "invented employers left to inspect",
        ),
        (
            (
                ("year.csv", "\ninspections,40", "\ninspections,30"),
                ("year.csv", "inspections_nuclear_medicine,10", "inspections_nuclear_medicine,0"),
                ("inspections.csv", "nuclear_medicine,10,0,1", "nuclear_medicine,0,0,0"),
            ),
            "no inspection in nuclear_medicine",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_by_its_row(
    tmp_path: Path, changes: tuple[tuple[str, str, str], ...], said: str
) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "year"))
    for name, old, new in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(YearRefused, match=said) as refused:
        plan_year(read_year(folder))
    assert refused.value.line is not None
