"""The published year 2023/24, as planned, comes out of the report with every published count.

The rows are written straight into the tables: that the year can be played through the services is tested
with ``load_year``. What is tested here is that this way of counting is the published one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import enforcement
from enforcement.year.plan import plan_year
from enforcement.year.published import PublishedYear
from enforcement.year.tables import read_year
from notifications.figures.counts import NOT_HELD
from notifications.models import InvestigationReport, Notification
from regulator.casework.models import Case
from regulator.periods import reporting_year
from regulator.statistics.annual import AnnualReport, compose, numbers_of, tables_of
from regulator.statistics.disagreements import Holds, disagreements_with
from regulator.statistics.tables import Mark
from tests.factories import UserFactory
from tests.statistics import published_report
from tests.statistics.published_report import differences, prose_differences, rows_of
from tests.statistics.rows import IN_YEAR
from tests.statistics.years import store_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def year() -> PublishedYear:
    return read_year(Path(enforcement.__file__).parent / "data" / "years" / "2023-24")


def leaves(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for label, node in tree.items():
        if isinstance(node, Mapping):
            yield from leaves(node["parts"], *above, label)
        else:
            yield (*above, label), node


@pytest.fixture
def report(year: PublishedYear) -> AnnualReport:
    store_plan(plan_year(year), year)
    with CaptureQueriesContext(connection) as queries:
        report = compose(year.period)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 20
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


@pytest.fixture
def reconstructed(year: PublishedYear) -> AnnualReport:
    """The year as ``load_year`` marks its cases, with a report of a case filed."""
    store_plan(plan_year(year), year)
    Case.objects.update(origin=Case.Origin.PUBLISHED_YEAR)
    made = Notification.objects.earliest("pk")
    InvestigationReport.objects.create(notification=made, filed_by=UserFactory.create(), filed_at=IN_YEAR)
    return compose(year.period)


@pytest.mark.parametrize(
    "name",
    [
        "notifications_apart",
        "licence_breaches",
        "corrective_actions_by_strength",
        "corrective_actions_by_strongest",
    ],
)
def test_what_a_reconstructed_year_does_not_hold_is_no_nought(name: str, reconstructed: AnnualReport) -> None:
    [table] = [table for table in tables_of(reconstructed) if table.name == name]
    assert {cell for row in table.rows for cell in row.cells[1:]} == {Mark.NOT_AVAILABLE}
    assert NOT_HELD in table.notes


def test_numbers_for_prose_of_what_is_not_held_are_no_nought(reconstructed: AnnualReport) -> None:
    found = numbers_of(reconstructed)
    for name in ("licence_breaches", "voluntary_reports", "reports_on_weak_actions"):
        assert found[name][1] is Mark.NOT_AVAILABLE
    [licences] = [each for each in disagreements_with(reconstructed) if each.name == "licence-breaches"]
    assert (licences.gives, licences.holds) == ("[x]", Holds.NEITHER)


@pytest.mark.parametrize(
    ("modality", "change"),
    [
        ("diagnostic_imaging", (447, 380, 67, 18)),
        ("radiotherapy", (244, 270, -26, -10)),
        ("nuclear_medicine", (128, 77, 51, 66)),
    ],
)
def test_the_total_beside_sub_modalities_is_the_published_one(
    report: AnnualReport, modality: str, change: tuple[int, ...]
) -> None:
    tables = {table.name: table for table in tables_of(report)}
    total = tables[f"notifications_by_sub_modality_{modality}"].rows[-1]
    assert (total.cells[1], *total.cells[3:]) == change


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
        "under-dosing": ("0", Holds.NEITHER),  # no activity is drawn where the year is stored row by row
        "licence-breaches": ("0", Holds.NEITHER),  # nor is the year marked as reconstructed
    }


def test_a_published_number_that_the_data_does_not_give_stands_in_no_table_but_among_the_disagreements(
    report: AnnualReport,
) -> None:
    """12% and 43 are published as much as 13% and 34 are; the comparison leaves out nothing else."""
    refused = {
        each.number: {statement.value for statement in (each.first, each.second) if statement}
        for each in disagreements_with(report)
        if each.second is not None and each.first.comparison == each.second.comparison == "="
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
