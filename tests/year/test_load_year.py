"""The published year, loaded through the services: every published figure comes out, and nothing else."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from enforcement.year.plan import plan_year
from enforcement.year.published import PublishedYear
from regulator.accounts.actors import Scheduled
from regulator.casework.models import Case, Event
from regulator.casework.references import format_reference
from regulator.organisations.models import ActivityReturn, Employer
from regulator.outbox.models import Message
from regulator.periods import reporting_year
from regulator.risk.models import RiskRun, RiskSeries
from regulator.risk.services import run_risk
from regulator.statistics.annual import compose
from tests.statistics.published_report import differences, prose_differences
from tests.year.conftest import FOLDER

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("loaded"),
]
MODALITIES = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


@pytest.fixture
def figures() -> dict[str, Any]:
    """The values of the figures of 2023/24."""
    return {each.name: each.value for each in compose(reporting_year("2023/24")).figures}


def leaves(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for label, node in tree.items():
        if isinstance(node, Mapping):
            yield from leaves(node["parts"], *above, label)
        else:
            yield (*above, label), node


def flat(table: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Any]:
    return {(first, second): each for first, row in table.items() for second, each in row.items()}


def totals(year: PublishedYear, what: str) -> dict[str, int]:
    return {modality: year.totals[f"{what}_{modality}"] for modality in MODALITIES}


def test_the_tables_hold_the_totals_that_were_published(published: PublishedYear) -> None:
    """Guards the tables themselves: everything else here is compared with them."""
    assert published.totals["notifications"] == 819
    assert totals(published, "notifications") == dict(zip(MODALITIES, (447, 244, 128), strict=True))
    assert totals(published, "inspections") == dict(zip(MODALITIES, (15, 15, 10), strict=True))
    assert totals(published, "recommendations") == dict(zip(MODALITIES, (48, 26, 33), strict=True))
    assert totals(published, "notices") == dict(zip(MODALITIES, (4, 6, 4), strict=True))


@pytest.mark.parametrize("what", ["notifications", "inspections", "recommendations", "notices"])
def test_totals_and_modalities_are_as_published(
    what: str, figures: dict[str, Any], published: PublishedYear
) -> None:
    assert figures[what]["total"] == published.totals[what]
    assert figures[what]["by_modality"] == totals(published, what)


def test_every_cause_is_counted_as_published_at_each_tier(
    figures: dict[str, Any], published: PublishedYear
) -> None:
    causes = figures["notifications_by_cause"]
    assert {path: n for name, tree in causes["by_modality"].items() for path, n in leaves(tree, name)} == {
        (each.modality, each.tier1, each.tier2, each.tier3): each.count for each in published.causes
    }
    assert flat(causes["tier1_by_modality"]) == {
        (each.modality, each.tier1): each.count for each in published.tier1
    }
    tier2 = {
        (name, first, second): node["count"]
        for name, tree in causes["by_modality"].items()
        for first, branch in tree.items()
        for second, node in branch["parts"].items()
    }
    assert tier2 == {(each.modality, each.tier1, each.tier2): each.count for each in published.tier2}
    overall: Counter[str] = Counter()
    for each in published.tier1:
        overall[each.tier1] += each.count
    assert causes["tier1"] == dict(overall)
    assert not any(causes["not_yet_coded"].values())


def test_sub_modalities_and_sectors_are_shared_out_as_published(
    figures: dict[str, Any], published: PublishedYear
) -> None:
    kinds = flat(figures["notifications_by_sub_modality"]["by_modality"])
    assert kinds == {(each.modality, each.part): each.count for each in published.submodalities if each.count}
    types = flat(figures["notifications_by_employer_type"]["by_modality"])
    assert {key: row["count"] for key, row in types.items()} == {
        (each.modality, each.part): each.count for each in published.sectors if each.count
    }
    for each in published.sectors:
        if each.percent is not None:
            assert types[each.modality, each.part]["percent"] == each.percent


def test_recommendations_and_notices_name_the_published_regulations(
    figures: dict[str, Any], published: PublishedYear
) -> None:
    recommended: Counter[tuple[str, str]] = Counter()
    for each in published.recommendations:
        for reference in each.regulations:
            recommended[each.modality, reference] += each.count
    assert flat(figures["recommendations_by_provision"]["by_modality"]) == recommended
    breached = Counter((each.modality, name) for each in published.notices for name in each.provisions)
    assert flat(figures["notices_by_provision"]["by_modality"]) == breached
    assert {kind: n for kind, n in figures["notices"]["by_type"].items() if n} == {
        "improvement": len(published.notices)
    }


def test_inspections_are_reactive_and_of_brachytherapy_as_published(
    figures: dict[str, Any], published: PublishedYear
) -> None:
    for each in published.inspections:
        assert figures["inspections"]["reactive"][each.modality] == each.reactive
        assert figures["inspections"]["brachytherapy"][each.modality] == each.brachytherapy


def test_activity_adds_up_to_the_published_denominators(
    figures: dict[str, Any], published: PublishedYear
) -> None:
    assert figures["activity"]["by_unit"] == {"examinations": 30_600_000, "episodes": 116_000}
    assert figures["activity"]["by_modality"] == {each.modality: each.count for each in published.activity}


def test_the_tables_and_the_numbers_of_the_report_are_those_that_cqc_published() -> None:
    report = compose(reporting_year("2023/24"))
    assert differences(report) == []
    assert prose_differences(report) == []


def test_every_case_is_over_and_numbered_without_a_gap(published: PublishedYear) -> None:
    plan = plan_year(published)
    held = Counter(Case.objects.values_list("kind", flat=True))
    assert held == {
        "notification": len(plan.notifications),
        "inspection": len(plan.inspections),
        "notice": len(plan.notices),
    }
    assert not Case.objects.open().exists()
    references = set(Case.objects.values_list("reference", flat=True))
    for prefix in {reference.split("-")[0] for reference in references if reference}:
        for year in (2023, 2024):
            number = sum(bool(each and each.startswith(f"{prefix}-{year}-")) for each in references)
            assert {format_reference(prefix, year, each + 1) for each in range(number)} <= references


def test_every_employer_is_invented_and_says_so() -> None:
    employers = Employer.objects.all()
    assert employers
    assert all(each.is_invented and "invented" in each.name.lower() for each in employers)
    assert set(Case.objects.values_list("origin", flat=True)) == {Case.Origin.PUBLISHED_YEAR}


def test_its_letters_are_kept_and_none_will_be_sent() -> None:
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.NOT_SENT}
    assert not Message.objects.due().exists()


def test_the_chain_of_events_is_intact_and_keeps_both_days(published: PublishedYear) -> None:
    assert "intact" in printed("verify_audit")
    submitted = Event.objects.filter(type="notifications.submitted")
    assert submitted.count() == published.totals["notifications"]
    first, last = published.period.start, published.period.end
    assert all(first <= each.occurred_at.date() <= last < each.recorded_at.date() for each in submitted)


def test_loading_it_again_changes_nothing_and_says_so(
    loaded: str, rows_of_every_table: Callable[[], dict[str, int]]
) -> None:
    assert loaded == "Loaded 873 cases, 819 of them notifications."
    before = rows_of_every_table()
    assert printed("load_year", str(FOLDER)) == "Nothing to do: all 873 cases are loaded."
    assert rows_of_every_table() == before


def test_a_year_of_which_only_a_part_is_there_is_refused(
    rows_of_every_table: Callable[[], dict[str, int]],
) -> None:
    Case.objects.filter(source_key="2023/24:N-0001").update(source_key=None)
    before = rows_of_every_table()
    with pytest.raises(CommandError, match="872 of the 873 cases of 2023/24 are here already"):
        printed("load_year", str(FOLDER))
    assert rows_of_every_table() == before


def test_the_nightly_risk_run_scores_everybody_with_activity_and_repeats_itself_to_the_byte() -> None:
    first, second = (run_risk(as_of=date(2024, 3, 31), by=Scheduled("risk.nightly_run")) for _ in range(2))
    assert first.pk != second.pk
    assert _content(first) == _content(second)
    active = set(ActivityReturn.objects.values_list("employer_id", "modality"))
    series = RiskSeries.objects.filter(score__run=first, has_activity=True)
    assert set(series.values_list("score__employer_id", "modality")) == active


def test_the_scores_print_the_same_bytes_twice_and_the_risk_page_quotes_three_of_them() -> None:
    one, other = (printed("score_risk", "--as-of", "2024-03-31", "--json") for _ in range(2))
    assert one == other
    assert len(json.loads(one)["employers"]) == Employer.objects.count()
    page = (Path(__file__).resolve().parents[2] / "docs" / "risk.md").read_text(encoding="utf-8")
    quoted = page.split("```text\n")[1].split("\n```")[0]
    names = [block.split(": ")[0] for block in quoted.split("\n\n")]
    asked = [argument for name in names for argument in ("--employer", name)]
    assert printed("score_risk", "--as-of", "2024-03-31", *asked) == quoted


def _content(run: RiskRun) -> bytes:
    """All that a run says, without when and under which number."""
    left_out = {"id", "run_id", "score_id", "computed_at"}
    rows = [*run.scores.order_by("employer_id").values()]
    series = RiskSeries.objects.filter(score__run=run).order_by("score__employer_id", "modality")
    scores = [
        {name: value for name, value in row.items() if name not in left_out}
        for row in (*rows, *series.values())
    ]
    what = [run.parameters_hash, run.snapshot_hash, run.diagnostics, run.rows, scores]
    return json.dumps(what, default=str).encode()
