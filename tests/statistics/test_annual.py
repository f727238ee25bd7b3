"""The annual report: what counts, that the figures agree, and what the command prints."""

import json
import re
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enforcement.models import Notice, NoticeProvision
from inspections.models import Finding, Inspection
from notifications.indicators import incidents
from notifications.models import (
    Basis,
    Cause,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    Strength,
)
from notifications.models.actions import only_weak
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import ActivityReturn, Employer
from regulator.organisations.models.activity import EMPLOYERS_RETURN
from regulator.periods import DayRange, reporting_year
from regulator.risk.indicators import Asked
from regulator.statistics.annual import Contradiction, compose, tables_of
from regulator.statistics.figures import CHECKS
from regulator.statistics.tables import Cell, Table
from tests.factories import EmployerFactory, UserFactory, staff
from tests.reference import ship_reference
from tests.statistics.rows import IN_YEAR, Row, store

YEAR = reporting_year("2023/24")

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer() -> Employer:
    return EmployerFactory.create()


def value(name: str, year: str = "2023/24") -> Any:
    report = compose(reporting_year(year))
    return next(each.value for each in report.figures if each.name == name)


def table(name: str, year: str = "2023/24") -> Table:
    return next(each for each in tables_of(compose(reporting_year(year))) if each.name == name)


def beside(figure: str, name: str, year: str) -> list[Cell]:
    """The column of the year before."""
    held = table(f"{figure}_{name}", year)
    place = [column.key for column in held.columns].index("previous")
    return [row.cells[place] for row in held.rows]


def previous(name: str) -> Any:
    return next(each.previous for each in compose(YEAR).figures if each.name == name)


@pytest.mark.parametrize(
    ("opened_at", "counts"),
    [
        (datetime(2023, 3, 31, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2023, 3, 31, 23, 0, tzinfo=UTC), True),  # midnight in London: summer time began on 26 March
        (datetime(2024, 3, 31, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2024, 3, 31, 23, 0, tzinfo=UTC), False),
        (None, False),
    ],
)
def test_a_notification_counts_on_the_london_day_of_its_reference(
    employer: Employer, opened_at: datetime | None, counts: bool
) -> None:
    store([Row(employer, opened_at=opened_at, status="submitted" if opened_at else "draft")])
    assert value("notifications")["total"] == int(counts)


@pytest.mark.parametrize(
    ("status", "basis", "counts"),
    [
        ("submitted", Basis.STATUTORY, True),
        ("closed", Basis.STATUTORY, True),
        ("withdrawn", Basis.STATUTORY, False),
        ("not_notifiable", Basis.STATUTORY, False),
        ("closed", Basis.VOLUNTARY, False),
        ("closed", Basis.LICENCE_BREACH, False),
    ],
)
def test_statutory_notifications_that_stood_count_in_figures_and_in_risk(
    employer: Employer, status: str, basis: str, counts: bool
) -> None:
    store([Row(employer, status=status, basis=basis)])
    assert value("notifications")["total"] == int(counts)
    expected = [(employer.pk, "radiotherapy", date(2023, 8, 30))] if counts else []
    assert told_to_risk() == expected


def test_risk_counts_by_the_day_of_discovery(employer: Employer) -> None:
    store([Row(employer, discovered_on=date(2023, 3, 31)), Row(employer, discovered_on=date(2023, 4, 1))])
    assert told_to_risk() == [(employer.pk, "radiotherapy", date(2023, 4, 1))]


def told_to_risk() -> list[tuple[int, str, date]]:
    asked = Asked(DayRange(YEAR.start, YEAR.end))
    return [(each.employer, each.modality, each.discovered) for each in incidents(asked)]


def test_causes_stand_as_a_tree_with_tier_1_over_all_modalities(employer: Employer) -> None:
    ship_reference()
    coder = staff(Role.CASE_OFFICER)
    causes = {
        modality: Cause.objects.filter(modality=modality, tier1="Referrer").order_by("position").first()
        for modality in ("radiotherapy", "nuclear_medicine")
    }
    rows = [Row(employer, cause=causes["radiotherapy"])] * 3
    rows += [Row(employer, "nuclear_medicine", "pet", causes["nuclear_medicine"]), Row(employer)]
    store(rows, coder=coder)
    found = value("notifications_by_cause")
    assert found["tier1"] == {"Referrer": 4}
    assert found["not_yet_coded"] == {"diagnostic_imaging": 0, "radiotherapy": 1, "nuclear_medicine": 0}
    leaf = causes["radiotherapy"]
    assert leaf is not None
    assert found["by_modality"]["radiotherapy"] == {
        "Referrer": {"count": 3, "parts": {leaf.tier2: {"count": 3, "parts": {leaf.tier3: 3}}}}
    }


def test_types_of_employer_are_shown_with_their_share(employer: Employer) -> None:
    independent = EmployerFactory.create(type="independent")
    store([Row(employer), Row(employer), Row(independent)])
    shares = value("notifications_by_employer_type")["by_modality"]["radiotherapy"]
    assert {name: (each["count"], str(each["percent"])) for name, each in shares.items()} == {
        "nhs_acute": (2, "67"),
        "independent": (1, "33"),
    }


def test_the_year_before_is_shown_where_it_is_held_and_never_as_nought(employer: Employer) -> None:
    store([Row(employer)])
    assert beside("notifications", "change", "2030/31") == ["[x]"] * 4
    store([Row(employer, opened_at=datetime(2022, month, 9, tzinfo=UTC)) for month in range(4, 13)])
    store([Row(employer, opened_at=datetime(2023, month, 9, tzinfo=UTC)) for month in (1, 2, 3)])
    assert previous("notifications")["total"] == 12
    assert not any("as CQC published it" in note for note in table("notifications_change").notes)


def test_a_year_before_that_is_held_in_part_is_as_published(employer: Employer) -> None:
    store([Row(employer)])
    store([Row(employer, opened_at=datetime(2023, 3, 31, 12, tzinfo=UTC))])
    assert previous("notifications")["total"] == 727
    assert beside("notifications", "change", "2023/24") == [380, 270, 77, 727]
    assert any("2022/23 as CQC published it" in note for note in table("notifications_change").notes)


def test_a_year_of_which_two_months_are_held_is_neither_more_nor_fewer(employer: Employer) -> None:
    """Neither of the two was published."""
    months = [datetime(2026, month, 9, tzinfo=UTC) for month in (2, 3, *range(4, 13))]
    months += [datetime(2027, month, 9, tzinfo=UTC) for month in (1, 2, 3)]
    store([Row(employer, opened_at=month) for month in months for _ in range(9)])
    (told,) = [each for each in compose(reporting_year("2026/27")).figures if each.name == "notifications"]
    assert told.previous is not None
    assert told.previous["total"] == 18
    change = {each.name: each for each in told.tables()}["notifications_change"]
    assert "Of 2025/26 the cases of only 2 of 12 months are held." in change.notes
    assert not [note for note in change.notes if "beyond what chance" in note or "no more than" in note]
    assert {row.cells[-1] for row in change.rows} <= {"Neither a rise nor a fall can be stated", "[x]"}


def test_dental_imaging_and_a_dental_practice_are_told_apart_in_print() -> None:
    store([Row(EmployerFactory.create(type="dental"), "diagnostic_imaging", "dental")])
    kinds = table("notifications_by_sub_modality_diagnostic_imaging")
    types = table("notifications_by_employer_type_diagnostic_imaging")
    assert [row.cells[0] for row in kinds.rows] == ["Dental", "All diagnostic imaging notifications"]
    assert [row.cells[0] for row in types.rows] == ["Dental practice", "All diagnostic imaging notifications"]


def test_of_a_year_before_that_is_not_held_the_published_numbers_stand_there_and_are_marked_as_such(
    employer: Employer,
) -> None:
    store([Row(employer)])
    assert beside("notifications", "change", "2023/24") == [380, 270, 77, 727]
    (note,) = [note for note in table("notifications_change").notes if "as CQC published it" in note]
    assert "2022/23 as CQC published it" in note
    assert "https://www.cqc.org.uk/publications/irmer-annual-report/irmer-annual-report-202223" in note
    assert not any("as CQC published it" in note for note in table("notifications_by_modality").notes)


def reported(employer: Employer, *strengths: str, filed_at: datetime = IN_YEAR, **row: Any) -> Notification:
    """A notification with its report, and with an action of each of the ``strengths``; one after "-" was
    cancelled."""
    store([Row(employer, **row)])
    made = Notification.objects.latest("pk")
    by = UserFactory.create()
    InvestigationReport.objects.create(notification=made, filed_by=by, filed_at=filed_at)
    for strength in strengths:
        ended = {"cancelled_at": IN_YEAR, "cancelled_reason": "Not needed."} if strength[0] == "-" else {}
        CorrectiveAction.objects.create(
            notification=made,
            strength=strength.lstrip("-"),
            planned_for=date(2024, 1, 1),
            added_by=by,
            **ended,
        )
    return made


def counts(rows: Any) -> dict[str, tuple[int, str]]:
    return {name: (row["count"], str(row["percent"])) for name, row in rows.items() if row["count"]}


def test_actions_count_by_strength_and_reports_by_the_strongest_of_theirs(employer: Employer) -> None:
    reported(employer, "training", "barrier", "training")
    reported(employer, "reminder", "training")
    reported(employer, "-barrier", "reminder")
    reported(employer)
    reported(employer, "-checklist")
    held = value("corrective_actions")
    assert (held["actions"], held["reports"]) == (6, 5)
    assert counts(held["by_strength"]) == {
        "barrier": (1, "17"),
        "training": (3, "50"),
        "reminder": (2, "33"),
    }
    assert list(held["by_strength"]) == list(Strength.values)
    assert counts(held["by_strongest"]) == {
        "stronger": (1, "20"),
        "only_weak": (2, "40"),
        "none": (2, "40"),
    }


@pytest.mark.parametrize("strength", list(Strength))
def test_training_and_reminders_alone_are_weak_and_nothing_else_is(
    employer: Employer, strength: Strength
) -> None:
    made = reported(employer, strength, strength)
    weak = only_weak(made.actions.all())
    assert weak == (strength in {"training", "reminder"})
    assert counts(value("corrective_actions")["by_strongest"]) == {
        "only_weak" if weak else "stronger": (1, "100")
    }


@pytest.mark.parametrize(
    ("filed_at", "row", "counted"),
    [
        (datetime(2023, 3, 31, 22, 59, 59, tzinfo=UTC), {}, False),
        (datetime(2023, 3, 31, 23, 0, tzinfo=UTC), {}, True),  # midnight in London
        (datetime(2024, 3, 31, 22, 59, 59, tzinfo=UTC), {}, True),
        (datetime(2024, 3, 31, 23, 0, tzinfo=UTC), {}, False),
        (IN_YEAR, {"opened_at": datetime(2022, 12, 1, tzinfo=UTC)}, True),
        (IN_YEAR, {"status": "withdrawn"}, False),
        (IN_YEAR, {"status": "not_notifiable"}, False),
        (IN_YEAR, {"basis": Basis.VOLUNTARY}, False),
    ],
)
def test_actions_count_by_the_london_day_on_which_the_report_was_filed(
    employer: Employer, filed_at: datetime, row: dict[str, Any], counted: bool
) -> None:
    reported(employer, "barrier", filed_at=filed_at, **row)
    held = value("corrective_actions")
    assert (held["actions"], held["reports"]) == (int(counted), int(counted))


def test_actions_without_a_report_are_not_counted_yet(employer: Employer) -> None:
    made = reported(employer, "barrier")
    InvestigationReport.objects.filter(pk=made.pk).delete()
    held = value("corrective_actions")
    assert (held["actions"], held["reports"], counts(held["by_strongest"])) == (0, 0, {})


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ("actions", "Corrective actions by strength: the parts add up to 2, not to 3"),
        ("reports", "Reports by their strongest action: the parts add up to 1, not to 2"),
    ],
)
def test_actions_that_do_not_add_up_are_refused(employer: Employer, whole: str, said: str) -> None:
    reported(employer, "barrier", "training")
    values = {each.name: each.value for each in compose(YEAR).figures}
    check = CHECKS.get("notifications")
    assert list(check(values)) == []
    held: dict[str, Any] = {**value("corrective_actions")}
    held[whole] += 1
    assert [each.rstrip(".") for each in check({**values, "corrective_actions": held})] == [said]


def test_the_printed_report_says_how_many_reports_rest_on_training_alone(employer: Employer) -> None:
    reported(employer, "training")
    reported(employer, "automation", "training")
    text = printed("2023/24")
    assert "Corrective actions by strength" in text
    assert re.search(r"Training or reminders only +1 +50%", text)
    assert re.search(r"Automation +1 +33%", text)
    assert "Date of filing" in text
    report = json.loads(printed("2023/24", "--format", "json"))
    figure = next(each for each in report["figures"] if each["name"] == "corrective_actions")
    [table] = [each for each in report["tables"] if "strongest" in {one["key"] for one in each["columns"]}]
    rows = {row["strongest"]: row for row in table["rows"]}
    assert rows["Training or reminders only"]["count"] == 1
    assert rows["Training or reminders only"]["percent"] == 50
    assert any("reconstructed" in each for each in figure["caveats"])


def provision(reference: str, position: int) -> Provision:
    return Provision.objects.create(
        instrument="IR(ME)R 2017",
        reference=reference,
        heading="Heading",
        own_words="Words",
        in_force_from=date(2018, 2, 6),
        verified="yes",
        position=position,
    )


def inspected(
    employer: Employer, number: int, *, visited_on: date | None, status: str = "on_site", **fields: Any
) -> Inspection:
    case = Case.objects.create(
        kind="inspection",
        reference=f"TEST-I-{number}",
        status=status,
        employer=employer,
        modality="radiotherapy",
    )
    fields = {"trigger": "planned", "planned_on": date(2023, 5, 1), **fields}
    return Inspection.objects.create(case=case, visited_on=visited_on, **fields)


def test_inspections_count_by_visit_and_recommendations_with_them(employer: Employer) -> None:
    made = inspected(employer, 1, visited_on=date(2023, 5, 1))
    inspected(employer, 2, visited_on=date(2024, 3, 31), trigger="reactive", brachytherapy=True)
    inspected(employer, 3, visited_on=date(2024, 4, 1))
    inspected(employer, 4, visited_on=None, status="planned")
    finding = Finding.objects.create(inspection=made, kind="recommendation", text="Do it.")
    finding.provisions.set([provision("17(1)", 2), provision("6(5)(b)", 1)])
    Finding.objects.create(inspection=made, kind="good_practice", text="Well done.")
    held = value("inspections")
    assert (held["total"], held["by_modality"]["radiotherapy"]) == (2, 2)
    assert (held["reactive"]["radiotherapy"], held["brachytherapy"]["radiotherapy"]) == (1, 1)
    assert value("recommendations")["by_modality"]["radiotherapy"] == 1
    named = value("recommendations_by_provision")["by_modality"]["radiotherapy"]
    assert list(named.items()) == [("6(5)(b)", 1), ("17(1)", 1)]


def served(
    employer: Employer, number: int, *, served_on: date | None, named: list[Provision], **fields: Any
) -> None:
    status = "served" if served_on else "draft"
    case = Case.objects.create(
        kind="notice", reference=f"TEST-E-{number}", status=status, employer=employer, modality="radiotherapy"
    )
    fields = {"type": "improvement", "legal_power": named[0], "breach_on": date(2023, 5, 1), **fields}
    notice = Notice.objects.create(case=case, served_on=served_on, **fields)
    for each in named:
        NoticeProvision.objects.create(notice=notice, provision=each)


def test_notices_count_by_service_whatever_became_of_them(employer: Employer) -> None:
    first, second = provision("6(1)", 1), provision("15(2)", 2)
    served(employer, 1, served_on=date(2023, 6, 1), named=[first, second])
    served(employer, 2, served_on=date(2024, 3, 31), named=[second], type="prohibition_immediate")
    served(employer, 3, served_on=date(2023, 7, 1), named=[first], withdrawn_on=date(2023, 8, 1))
    served(employer, 4, served_on=date(2024, 4, 1), named=[first])
    served(employer, 5, served_on=None, named=[first])
    held = value("notices")
    assert (held["total"], held["by_type"]["improvement"]) == (3, 2)
    assert (held["by_modality"]["radiotherapy"], held["improvement_by_modality"]["radiotherapy"]) == (3, 2)
    named = value("notices_by_provision")["by_modality"]["radiotherapy"]
    assert list(named.items()) == [("6(1)", 2), ("15(2)", 2)]


def activity(employer: Employer, quantity: int, **fields: Any) -> None:
    fields = {
        "period_start": YEAR.start,
        "period_end": YEAR.end,
        "source": "Return",
        "completeness": "complete",
        **fields,
    }
    ActivityReturn.objects.create(
        employer=employer, modality="radiotherapy", quantity=quantity, unit="episodes", **fields
    )


def test_activity_is_prorated_and_the_most_complete_return_counts_once(employer: Employer) -> None:
    activity(employer, 1000)
    activity(employer, 5, source="Guess", completeness="estimated")
    activity(EmployerFactory.create(), 731, period_end=date(2025, 3, 31))  # two years, of 366 and 365 days
    held = value("activity")
    assert held["by_modality"]["radiotherapy"] == 1366
    assert held["by_unit"] == {"examinations": 0, "episodes": 1366}
    assert held["returns"] == 2


def test_of_equally_complete_returns_the_employers_own_counts(employer: Employer) -> None:
    activity(employer, 1000, source=EMPLOYERS_RETURN)
    activity(employer, 900, source="National data set")
    assert value("activity")["by_modality"]["radiotherapy"] == 1000


def test_a_day_that_returns_of_different_length_cover_counts_once(employer: Employer) -> None:
    activity(employer, 366, source=EMPLOYERS_RETURN)
    activity(employer, 2, source="First day", period_end=YEAR.start)
    activity(employer, 73_100, source="Two years", period_end=date(2025, 3, 31), completeness="partial")
    held = value("activity")
    assert (held["by_modality"]["radiotherapy"], held["returns"]) == (366, 1)


def test_figures_that_contradict_each_other_are_refused_by_name(
    employer: Employer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Row(employer)])
    check = CHECKS.get("notifications")

    def tampered(values: Any) -> Any:
        values["notifications"]["total"] += 1
        return check(values)

    monkeypatch.setitem(CHECKS._items, "notifications", tampered)
    with pytest.raises(Contradiction, match="Notifications by modality: the parts add up to 1, not to 2"):
        compose(YEAR)
    with pytest.raises(CommandError, match="contradict"):
        call_command("annual_report", "2023/24", stdout=StringIO())


@pytest.mark.parametrize("size", [2, 40])
def test_the_report_takes_at_most_20_queries_at_any_size(employer: Employer, size: int) -> None:
    store([Row(employer), Row(employer, "nuclear_medicine", "pet")] * size)
    for strength in [*Strength.values] * (size // 2):
        reported(employer, strength, "training")
    for number in range(size):
        activity(EmployerFactory.create(), 10)
        inspected(employer, number, visited_on=date(2023, 5, 1))
    with CaptureQueriesContext(connection) as queries:
        compose(YEAR)
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 20, "\n".join(asked)


def printed(*args: str) -> str:
    out = StringIO()
    call_command("annual_report", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_json_that_says_how_it_counted(employer: Employer) -> None:
    store([Row(employer), Row(employer, "nuclear_medicine", "pet")])
    report = json.loads(printed("2023/24", "--format", "json"))
    assert report["year"] == "2023/24"
    by_modality = next(each for each in report["tables"] if each["name"] == "notifications_by_modality")
    assert {row["modality"]: row["count"] for row in by_modality["rows"]} == {
        "Diagnostic imaging": 0,
        "Radiotherapy": 1,
        "Nuclear medicine": 1,
        "All modalities": 2,
    }
    figure = next(each for each in report["figures"] if each["name"] == "notifications")
    assert "Date of notification" in figure["basis"]


def test_the_command_prints_text_for_people(employer: Employer) -> None:
    store([Row(employer)] * 1200)
    text = printed("2023/24")
    assert "Radiotherapy" in text
    assert "1,200" in text
    assert "nhs_acute" not in text
    assert "100%" in text


def test_an_unchanged_year_prints_the_same_bytes(employer: Employer) -> None:
    store([Row(employer)] * 3)
    first = printed("2023/24", "--format", "json")
    assert printed("2023/24", "--format", "json") == first
    store([Row(employer)])
    again = printed("2023/24", "--format", "json")
    assert json.loads(again)["input_sha256"] != json.loads(first)["input_sha256"]
    assert json.loads(again)["values_sha256"] != json.loads(first)["values_sha256"]


@pytest.mark.parametrize("year", ["2023", "2023/25", "nonsense", "1066/67", "2023/24 "])
def test_a_year_that_makes_no_sense_is_refused_in_plain_words(year: str) -> None:
    with pytest.raises(CommandError, match="is not a reporting year") as refused:
        call_command("annual_report", year, stdout=StringIO())
    assert refused.value.returncode == 1


def test_a_year_of_which_nothing_is_held_has_figures_of_nought() -> None:
    assert value("notifications", "2031/32") == {
        "total": 0,
        "by_modality": {"diagnostic_imaging": 0, "radiotherapy": 0, "nuclear_medicine": 0},
    }
