"""The page of an employer's own figures and its files: who reads whose, what they say, what they cost."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.own_figures.asking import TO_ASK
from notifications.own_figures.views import _TABLES as MADE
from notifications.own_figures.views import MOST_SHOWN, Asked
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.organisations.models import Employer
from regulator.periods import reporting_year
from regulator.statistics.files import notes_of
from regulator.statistics.tables import MEANING_OF, Mark
from tests.factories import Cast, EmployerFactory, member, staff
from tests.notifications.own_figures.conftest import planned, returned, told
from tests.notifications.pages import browser, text
from tests.risk.conftest import Counted, counted
from tests.risk.rates.conftest import peers, ran

__all__ = ["counted"]

NO_YEARS = (
    *("2019-20", "2027-28", "2024-26", "nonsense", "", "2024", "0000-01", "2024%2F25%00", "%F0%9F%8F%A5"),
    "9" * 5000,
)
TABLES = ("notifications", "rates", "causes", "lateness", "actions")


def page(employer: Employer, year: str = "") -> str:
    return f"/employer/{employer.key}/figures/{f'?year={year}' if year else ''}"


def file(employer: Employer, table: str, year: str = "2024-25") -> str:
    return f"/employer/{employer.key}/figures/{table}/csv/?year={year}"


def read(employer: Employer, year: str = "", role: Role = Role.EMPLOYER_LEAD) -> str:
    answer: Any = browser(member(employer, role)).get(page(employer, year))
    assert answer.status_code == 200
    return " ".join(text(answer).split())


def lines(employer: Employer, table: str, year: str = "2024-25", role: Role = Role.EMPLOYER_LEAD) -> Any:
    """All that stands in the file."""
    answer: Any = browser(member(employer, role)).get(file(employer, table, year))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert f"own-figures-{employer.key}-{year}-{table}.csv" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def rows(employer: Employer, table: str, year: str = "2024-25", role: Role = Role.EMPLOYER_LEAD) -> Any:
    """The headings and the rows, without what a reader must know, which stands below an empty line."""
    held = lines(employer, table, year, role)
    return held[: held.index([])]


def test_the_page_of_the_year_that_ended_last(cast: Cast) -> None:
    shown = read(cast.employer)
    for words in (
        "Your figures, 2024/25",
        "What you notified in 2024/25",
        "All modalities",
        "+2",
        "−1",
        "Wrong patient",
        "Not coded by CQC yet",
        "84 calendar days",
        "No corrective action is open.",
        "No rate is on record for 2024/25.",
        "More notifications are not worse care",
    ):
        assert words in shown, words
    assert f'href="{page(cast.employer)}" aria-current="page">Figures' in shown
    assert "A question, not a verdict" not in shown


def test_a_reporter_reads_the_same(cast: Cast) -> None:
    assert "All modalities" in read(cast.employer, role=Role.EMPLOYER_REPORTER)
    assert rows(cast.employer, "causes", role=Role.EMPLOYER_REPORTER)[1] == ["0", "Diagnostic imaging", "3"]


def test_each_table_as_a_file(cast: Cast) -> None:
    assert rows(cast.employer, "notifications") == [
        ["depth", "kind", "notifications", "year_before", "change"],
        ["0", "Diagnostic imaging", "3", "2", "1"],
        ["1", "CT", "2", "1", "1"],
        ["1", "Mammography", "1", "0", "1"],
        ["1", "Fluoroscopy", "0", "1", "-1"],
        ["0", "Radiotherapy", "1", "0", "1"],
        ["1", "External beam therapy", "1", "0", "1"],
        ["0", "All modalities", "4", "2", "2"],
    ]
    assert rows(cast.employer, "lateness")[2][1:] == ["84 calendar days", "1", "3", "0", "95"]
    assert len(rows(cast.employer, "rates")) == 1
    assert len(rows(cast.employer, "actions")) == 1


def test_a_formula_in_an_action_is_defused(cast: Cast) -> None:
    planned(cast, told(cast, date(2026, 2, 20), "awaiting_report"), date(2026, 4, 1), "=HYPERLINK(1)")
    assert rows(cast.employer, "actions")[1][-1] == "'=HYPERLINK(1)"


def test_open_actions_lead_to_their_pages_and_the_file_has_them_all(cast: Cast) -> None:
    one = told(cast, date(2026, 2, 20), "awaiting_report")
    for place in range(MOST_SHOWN + 1):
        planned(cast, one, date(2026, 4, 1), f"Action {place}.")
    shown = read(cast.employer)
    assert f"{MOST_SHOWN + 1} are open today." in shown
    assert f"The first {MOST_SHOWN} are listed; the file has them all." in shown
    first = one.actions.earliest("pk")
    assert reverse("notifications:action", args=[one.case.reference, first.pk]) in shown
    assert "1 April 2026" in shown
    assert len(rows(cast.employer, "actions")) == MOST_SHOWN + 2


def test_nobody_elses_is_there(cast: Cast) -> None:
    addresses = [page(cast.employer), *(file(cast.employer, each) for each in TABLES)]
    for role in (Role.EMPLOYER_LEAD, Role.EMPLOYER_REPORTER):
        stranger = browser(member(EmployerFactory.create(), role))
        assert {stranger.get(each).status_code for each in addresses} == {404}
    for staff_role in STAFF_ROLES:
        assert {browser(staff(staff_role)).get(each).status_code for each in addresses} == {403}
    assert {browser().get(each).status_code for each in addresses} == {302}
    gone = member(cast.employer)
    gone.memberships.update(ended_at=clock.now())
    assert {browser(gone).get(each).status_code for each in addresses} == {403}
    assert {browser(cast.reporter).post(each).status_code for each in addresses} == {405}


def test_a_year_that_there_is_none_of_is_not_there(reference: None) -> None:
    employer = EmployerFactory.create()
    lead = browser(member(employer, Role.EMPLOYER_LEAD))
    for year in NO_YEARS:
        for address in (f"{page(employer)}?year={year}", file(employer, "causes", year)):
            assert lead.get(address).status_code == 404, address
    assert lead.get(file(employer, "others")).status_code == 404


def test_a_year_as_people_write_it(reference: None) -> None:
    employer = EmployerFactory.create()
    for year in ("2024/25", "2024-25", "2024–25", " 2024/2025 "):
        assert "Your figures, 2024/25" in read(employer, year)


def test_an_employer_that_notified_nothing_is_asked_about_it(reference: None) -> None:
    employer = EmployerFactory.create()
    returned(employer, date(2024, 4, 1), date(2025, 3, 31))
    shown = read(employer)
    for words in (
        "Nothing that counts was notified in 2024/25, nor in the year before.",
        "A question, not a verdict",
        "You notified nothing in 2024/25.",
        *TO_ASK,
    ):
        assert words in shown, words
    for table in TABLES:
        assert len(rows(EmployerFactory.create(), table)) == 1


def test_an_employer_of_which_no_activity_is_known_is_not_asked(reference: None) -> None:
    employer = EmployerFactory.create()
    returned(employer, date(2025, 4, 1), date(2026, 2, 28))
    shown = read(employer)
    assert "Nothing that counts was notified in 2024/25" in shown
    assert "A question" not in shown
    assert "You notified nothing" not in shown


def test_a_voice_reads_beneath_what_a_cause_stands(cast: Cast) -> None:
    shown = read(cast.employer)
    for below, above in (
        ("Referrer", "Diagnostic imaging"), ("Incorrect referral", "Referrer"),
        ("Wrong patient", "Incorrect referral"), ("Incorrect information", "Referrer"),
        ("Not coded by CQC yet", "Radiotherapy"), ("CT", "Diagnostic imaging"),
    ):  # fmt: skip
        assert f'{below}<span class="govuk-visually-hidden">, within {above}</span>' in shown, below
    assert "All modalities</th>" in shown


def test_a_year_that_runs_says_so_and_asks_nothing(cast: Cast) -> None:
    shown = read(cast.employer, "2025-26")
    assert "This year still runs" in shown
    assert "<strong>[z]:</strong> not applicable" in shown
    assert "Rates are worked out once the year has ended" in shown
    assert "A question" not in shown


@pytest.fixture
def england(counted: Counted, reference: None) -> list[Employer]:
    """Forty-five services of radiotherapy in 2023/24, of which the first notified least; it and the second
    told CQC of one incident each in that year."""
    with clock.at(datetime(2024, 4, 2, 12, tzinfo=UTC)):
        made = peers(counted, 45, reports=(3, 4, 5))
        counted[made[0].pk, "radiotherapy"] = 1
        ran()
    for each in made[:2]:
        told(Cast(each), date(2023, 6, 2), modality="radiotherapy")
    return made


def test_a_low_rate_is_a_question_beside_the_band_of_those_who_are_not_named(
    england: list[Employer],
) -> None:
    shown = read(england[0], "2023-24")
    assert shown.count("<svg") == 2
    assert "Your rate was 1.0 per 1,000 treatment episodes." in shown
    assert "A question, not a verdict" in shown
    assert "For what you did in radiotherapy, you notified fewer incidents than similar services" in shown
    for other in england[1:]:
        assert other.name not in shown
    [_, row] = rows(england[0], "rates", "2023-24")
    assert row[:4] == ["Radiotherapy", "1", "1,000 treatment episodes", "1.0"]
    assert row[6:9] == ["3.0", "5.0", "90"]
    together, low, high = map(float, row[9:])
    assert low <= 1.0 < together < high
    assert "A question" not in read(england[1], "2023-24")


def test_too_few_peers_are_kept_back_on_the_page_and_in_the_file(counted: Counted, reference: None) -> None:
    with clock.at(datetime(2024, 4, 2, 12, tzinfo=UTC)):
        made = peers(counted, 10, reports=(2, 7))
        ran()
    told(Cast(made[0]), date(2023, 6, 2), modality="radiotherapy")
    assert "Too few similar services" in read(made[0], "2023-24")
    assert rows(made[0], "rates", "2023-24")[1][6:] == ["[c]"] * 6


@pytest.mark.parametrize("table", TABLES)
def test_each_file_says_what_it_counts_and_what_its_marks_mean(
    counted: Counted, reference: None, table: str
) -> None:
    with clock.at(datetime(2024, 4, 2, 12, tzinfo=UTC)):
        made = peers(counted, 10, reports=(2, 7))
        ran()
    told(Cast(made[0]), date(2023, 6, 2), modality="radiotherapy")
    year = reporting_year("2023/24")
    asked = Asked(made[0], member(made[0], Role.EMPLOYER_LEAD), year)
    made_table = MADE[table](asked)
    held = lines(made[0], table, "2023-24")
    below = held[held.index([]) + 1 :]
    assert below == [list(pair) for pair in notes_of(made_table)]
    assert ["Counted", made_table.basis] in below
    assert all(["Note", note] in below for note in made_table.notes)
    if table == "rates":
        assert ["[c]", MEANING_OF[Mark.CONFIDENTIAL]] in below


def taken(employer: Employer, addresses: list[str]) -> list[int]:
    client, found = browser(member(employer, Role.EMPLOYER_LEAD)), []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer: Any = client.get(address)
            assert answer.status_code == 200
            assert answer.getvalue() if answer.streaming else answer.content
        found.append(len(captured))
    return found


def test_it_costs_the_same_at_any_size(england: list[Employer]) -> None:
    one = england[0]
    addresses = [page(one, "2023-24"), *(file(one, each, "2023-24") for each in TABLES)]
    few = taken(one, addresses)
    cast = Cast(one)
    for day in range(3, 9):
        made = told(cast, date(2023, 7, day), "awaiting_report", modality="radiotherapy")
        planned(cast, made, date(2026, 4, day))
        told(cast, date(2022, 7, day), sub_modality="mammography")
    assert taken(one, addresses) == few
    assert max(few) <= 12
    assert max(few[1:]) <= 7
