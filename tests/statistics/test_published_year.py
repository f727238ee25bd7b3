"""The published year 2023/24, as planned, comes out of the report with every published count.

The rows are written straight into the tables: that the year can be played through the services is tested
with ``load_year``. What is tested here is that this way of counting is the published one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import enforcement
from enforcement.models import Notice
from enforcement.year.plan import plan_year
from enforcement.year.published import PublishedYear
from enforcement.year.records import YearPlan
from enforcement.year.tables import read_year
from inspections.models import Finding, Inspection
from notifications.models import Cause, TaxonomyVersion
from notifications.taxonomy import read_taxonomy
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import ActivityReturn, Employer
from regulator.periods import reporting_year
from regulator.statistics.annual import AnnualReport, compose, tables_of
from regulator.statistics.disagreements import Holds, disagreements_with
from tests.factories import UserFactory
from tests.statistics import published_report
from tests.statistics.published_report import differences, prose_differences, rows_of
from tests.statistics.rows import Row, store

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def year() -> PublishedYear:
    return read_year(Path(enforcement.__file__).parent / "data" / "years" / "2023-24")


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def stored_employers(plan: YearPlan) -> dict[str, Employer]:
    made = Employer.objects.bulk_create(
        Employer(key=each.key.lower(), name=each.name, type=each.employer_type) for each in plan.employers
    )
    return {each.key: employer for each, employer in zip(plan.employers, made, strict=True)}


def stored_causes() -> dict[str, Cause]:
    version = TaxonomyVersion.objects.create(key="2023-24", label="2023/24", effective_from=date(2023, 4, 1))
    fields = ("slug", "modality", "tier1", "tier2", "tier3", "rollup_tier2", "rollup")
    made = Cause.objects.bulk_create(
        Cause(version=version, position=place, **{name: getattr(leaf, name) for name in fields})
        for place, leaf in enumerate(read_taxonomy(), start=1)
    )
    return {cause.slug: cause for cause in made}


def store_notifications(plan: YearPlan, employers: Mapping[str, Employer]) -> None:
    causes = stored_causes()
    rows = (
        Row(
            employer=employers[each.employer_key],
            modality=each.modality,
            sub_modality=each.submodality,
            cause=causes[each.cause],
            status="closed",
            opened_at=noon(each.notified_on),
            discovered_on=each.discovered_on,
            wrong_radiopharmaceutical=bool(each.dose.wrong_radiopharmaceutical),
        )
        for each in plan.notifications
    )
    store(rows, coder=UserFactory.create())


def stored_case(kind: str, key: str, employer: Employer, modality: str) -> Case:
    return Case.objects.create(
        kind=kind, reference=f"TEST-{key}", status="closed", employer=employer, modality=modality
    )


def store_inspections(plan: YearPlan, employers: Mapping[str, Employer]) -> dict[str, Inspection]:
    made = {}
    for each in plan.inspections:
        made[each.key] = Inspection.objects.create(
            case=stored_case("inspection", each.key, employers[each.employer_key], each.modality),
            trigger="focused" if each.focused else "reactive" if each.reactive else "planned",
            brachytherapy=each.brachytherapy,
            planned_on=each.inspected_on,
            visited_on=each.inspected_on,
        )
    return made


def stored_provisions(plan: YearPlan) -> dict[str, Provision]:
    named = {reference for one in plan.recommendations for reference in one.regulations} | {
        reference for notice in plan.notices for reference in notice.provisions
    }
    made = Provision.objects.bulk_create(
        Provision(
            instrument="IR(ME)R 2017",
            reference=reference,
            heading="Heading",
            own_words="Words",
            in_force_from=date(2018, 2, 6),
            verified="yes",
            position=place,
        )
        for place, reference in enumerate(sorted(named))
    )
    return {each.reference: each for each in made}


def store_findings_and_notices(plan: YearPlan, employers: Mapping[str, Employer]) -> None:
    inspections = store_inspections(plan, employers)
    provisions = stored_provisions(plan)
    for each in plan.recommendations:
        finding = Finding.objects.create(
            inspection=inspections[each.inspection_key], kind="recommendation", text="Do it."
        )
        finding.provisions.set([provisions[reference] for reference in each.regulations])
    for each_breach in plan.breaches:
        found_at = inspections[each_breach.inspection_key]
        Finding.objects.create(inspection=found_at, kind="breach", text="Breached.")
    for each_notice in plan.notices:
        notice = Notice.objects.create(
            case=stored_case(
                "notice", each_notice.key, employers[each_notice.employer_key], each_notice.modality
            ),
            type="improvement",
            legal_power=next(iter(provisions.values())),
            breach_on=each_notice.breach_on,
            served_on=each_notice.served_on,
        )
        found_at = inspections[each_notice.inspection_key]
        Finding.objects.create(inspection=found_at, kind="breach", text="Breached.")
        for reference in each_notice.provisions:
            notice.breaches.create(provision=provisions[reference])


def store_activity(plan: YearPlan, employers: Mapping[str, Employer], year: PublishedYear) -> None:
    ActivityReturn.objects.bulk_create(
        ActivityReturn(
            employer=employers[each.employer_key],
            modality=each.modality,
            period_start=year.period.start,
            period_end=year.period.end,
            quantity=each.quantity,
            unit=each.unit,
            source="Published year",
            completeness="estimated",
        )
        for each in plan.activity
    )


def leaves(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for label, node in tree.items():
        if isinstance(node, Mapping):
            yield from leaves(node["parts"], *above, label)
        else:
            yield (*above, label), node


@pytest.fixture
def report(year: PublishedYear) -> AnnualReport:
    plan = plan_year(year)
    employers = stored_employers(plan)
    store_notifications(plan, employers)
    store_findings_and_notices(plan, employers)
    store_activity(plan, employers, year)
    with CaptureQueriesContext(connection) as queries:
        report = compose(year.period)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 17
    return report


@pytest.fixture
def figures(report: AnnualReport) -> dict[str, Any]:
    return {each.name: each.value for each in report.figures}


def test_every_published_count_comes_out(year: PublishedYear, figures: dict[str, Any]) -> None:
    assert figures["notifications"] == {
        "total": 819,
        "by_modality": {"diagnostic_imaging": 447, "radiotherapy": 244, "nuclear_medicine": 128},
    }
    causes = figures["notifications_by_cause"]["by_modality"]
    in_report = {path: number for name, tree in causes.items() for path, number in leaves(tree, name)}
    assert in_report == {
        (each.modality, each.tier1, each.tier2, each.tier3): each.count for each in year.causes
    }
    tier1 = {(name, label): node["count"] for name, tree in causes.items() for label, node in tree.items()}
    assert tier1 == {(each.modality, each.tier1): each.count for each in year.tier1}
    overall: Counter[str] = Counter()
    for each in year.tier1:
        overall[each.tier1] += each.count
    assert figures["notifications_by_cause"]["tier1"] == dict(overall)
    kinds = figures["notifications_by_sub_modality"]["by_modality"]
    assert {(name, kind): number for name, table in kinds.items() for kind, number in table.items()} == {
        (each.modality, each.part): each.count for each in year.submodalities if each.count
    }
    types = figures["notifications_by_employer_type"]["by_modality"]
    assert {(name, kind): row["count"] for name, table in types.items() for kind, row in table.items()} == {
        (each.modality, each.part): each.count for each in year.sectors if each.count
    }


def test_inspections_recommendations_notices_and_activity_come_out(figures: dict[str, Any]) -> None:
    modalities = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    assert figures["inspections"]["by_modality"] == dict(zip(modalities, (15, 15, 10), strict=True))
    assert figures["inspections"]["focused"] == dict(zip(modalities, (0, 0, 1), strict=True))
    assert figures["recommendations"]["by_modality"] == dict(zip(modalities, (48, 26, 33), strict=True))
    assert figures["notices"]["by_modality"] == dict(zip(modalities, (4, 6, 4), strict=True))
    assert (figures["inspections"]["total"], figures["recommendations"]["total"]) == (40, 107)
    assert figures["notices"]["by_type"]["improvement"] == 14
    assert figures["activity"]["by_unit"] == {"examinations": 30_600_000, "episodes": 116_000}


def test_every_number_that_cqc_published_stands_in_the_tables(report: AnnualReport) -> None:
    assert len(rows_of("tables.csv")) + len(rows_of("causes.csv")) > 230
    assert differences(report) == []


def test_every_number_of_cqcs_text_is_given_by_name(report: AnnualReport) -> None:
    assert len(rows_of("prose.csv")) > 90
    assert prose_differences(report) == []


@pytest.mark.parametrize("name", ["tables.csv", "causes.csv", "prose.csv"])
def test_a_published_number_that_is_not_the_datas_is_found(
    name: str, report: AnnualReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards the comparison itself: each published number in turn is moved by one, and each is missed."""
    rows = rows_of(name)
    column = "count" if name == "causes.csv" else "value"
    off = [{**row, column: str(int(row[column]) + 1)} for row in rows]
    monkeypatch.setattr(published_report, "rows_of", lambda asked: off if asked == name else rows_of(asked))
    found = prose_differences(report) if name == "prose.csv" else differences(report)
    assert len(found) == len(rows)


def test_each_disagreement_of_the_published_report_is_decided_by_the_data(report: AnnualReport) -> None:
    found = {each.name: (each.gives, each.holds) for each in disagreements_with(report)}
    assert found == {
        "total-rise": ("+13%", Holds.FIRST),
        "radiopharmaceuticals": ("34", Holds.SECOND),
        "radiopharmaceuticals-doubled": ("+89%", Holds.SECOND),
        "shares-of-modalities": ("101%", Holds.SECOND),
        "rounded-up-radiotherapy": ("44%", Holds.SECOND),
        "rounded-up-nuclear-medicine": ("41%", Holds.SECOND),
        "radiotherapy-fall": ("−38", Holds.SECOND),
        "nuclear-medicine-notices": ("4", Holds.FIRST),
    }


def test_a_published_number_that_the_data_does_not_give_stands_in_no_table_but_among_the_disagreements(
    report: AnnualReport,
) -> None:
    """12% and 43 are published as much as 13% and 34 are; the comparison leaves out nothing else."""
    refused = {
        each.number: {statement.value for statement in (each.first, each.second)}
        for each in disagreements_with(report)
        if each.first.comparison == each.second.comparison == "="
    }
    assert refused["notifications_change_percent"] == {12, 13}
    assert refused["radiopharmaceutical_preparing_or_administering"] == {34, 43}
    changes = {table.name: table for table in tables_of(report)}["notifications_change"]
    assert published_report.cell(changes, "All modalities", "change_percent") == 13


def test_another_year_has_no_known_disagreements() -> None:
    assert disagreements_with(compose(reporting_year("2021/22"))) == ()


@pytest.mark.parametrize("figure", ["Figure 3", "Figure 5", "Figure 7"])
def test_the_published_figures_agree_with_themselves_at_each_tier(figure: str) -> None:
    """So that none of their sums belongs among the disagreements."""
    rows = [row for row in rows_of("causes.csv") if row["figure"] == figure]
    counts = {(row["tier1"], row["tier2"], row["tier3"]): int(row["count"]) for row in rows}
    tier2, tier1 = Counter[tuple[str, str]](), Counter[str]()
    for (first, second, third), count in counts.items():
        if third:
            tier2[first, second] += count
            tier1[first] += count
    assert {path[:2]: count for path, count in counts.items() if path[1] and not path[2]} == dict(tier2)
    assert {path[0]: count for path, count in counts.items() if path[0] and not path[1]} == dict(tier1)
    assert counts["", "", ""] == tier1.total()


@pytest.mark.parametrize("modality", ["radiotherapy", "nuclear_medicine"])
def test_the_published_recommendations_by_regulation_add_up_to_their_total(modality: str) -> None:
    name = f"recommendations_by_provision_{modality}"
    rows = {row["row"]: int(row["value"]) for row in rows_of("tables.csv") if row["table"] == name}
    total = rows.pop(f"All {modality.replace('_', ' ')} recommendations")
    assert sum(rows.values()) == total
