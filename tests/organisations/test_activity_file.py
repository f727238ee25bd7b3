"""Returns sent as a file: looked at first, filed when the page is sent again, nothing half done or lost."""

from typing import Any, Final

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations.models import ActivityReturn, Modality, Site
from regulator.organisations.returns import years_open
from regulator.organisations.returns_csv import LARGEST, written
from tests.factories import member
from tests.notifications.pages import boxes, browser, problems, text
from tests.organisations.returning import EARLIER, Returning, data_set, said
from tests.organisations.test_activity_csv import CELLS, HEADING, ROW, TODAY, WORKBOOK

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(in_may: time_machine.Traveller) -> Returning:
    return Returning()


@pytest.fixture
def lead(house: Returning) -> Client:
    return browser(house.lead)


def choose(client: Any, house: Returning, content: str | bytes, name: str = "returns.csv") -> Any:
    body = content if isinstance(content, bytes) else content.encode()
    return client.post(house.path("activity_upload"), {"file": SimpleUploadedFile(name, body)})


def test_a_file_is_shown_first_old_and_new_and_filed_when_it_is_sent_again(house: Returning) -> None:
    house.file(said(1000, year=EARLIER), said(90_000, modality=Modality.DIAGNOSTIC_IMAGING))
    before, client = house.numbers(), browser(house.lead)
    rows = [ROW, "2024/25,radiotherapy,1100,complete", "2025/26,diagnostic_imaging,90000,complete"]
    shown = choose(client, house, "\n".join([HEADING, *rows]))
    assert shown.status_code == 200
    page = text(shown)
    assert page.index("1,000 treatment episodes") < page.index("1,100 treatment episodes")
    assert "The same" in page
    assert house.numbers() == before
    answer = client.post(house.path("activity_upload"), boxes(shown), follow=True)
    assert "The file was filed: 2 returns." in text(answer)
    assert house.numbers() == before | {
        ("2025", "radiotherapy"): (1200, "complete", 1),
        ("2024", "radiotherapy"): (1100, "complete", 2),
    }
    again = choose(client, house, "\n".join([HEADING, *rows]))
    assert "The file changes nothing" in text(again)
    assert "File these returns" not in text(again)


@pytest.mark.parametrize("name", ["returns.csv", "../../x.csv", "=1+1", "x" * 300, "нет.xlsx"])
def test_the_name_of_a_file_is_of_no_interest(house: Returning, name: str) -> None:
    assert choose(browser(house.lead), house, f"{HEADING}\n{ROW}\n", name).status_code == 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (WORKBOOK, "This is a workbook"),
        (f"{HEADING}\n2025/26,radiotherapy,=1+1,complete\n".encode(), "Row 2, quantity: This is a formula"),
        (f"{HEADING}\n<b>,xray,-5,perhaps\n".encode(), "The file has 4 faults, so nothing was taken from it"),
        (f"{HEADING}\n{ROW}\n".encode() + b"\n" * LARGEST, "The file is larger than 64 KB"),
    ],
)
def test_a_wrong_file_is_answered_in_words_and_nothing_is_filed(
    house: Returning, content: bytes, message: str
) -> None:
    answer = choose(browser(house.lead), house, content)
    assert answer.status_code == 400
    assert problems(answer)[0].startswith(message)
    assert "What is wrong in the file" in text(answer)
    assert "<b>" not in text(answer).partition("<main")[2]
    assert not ActivityReturn.objects.exists()


def test_without_a_file_one_is_asked_for(house: Returning) -> None:
    address = house.path("activity_upload")
    for sent in ({}, {"file": "typed"}):
        answer = browser(house.lead).post(address, sent)
        assert (answer.status_code, problems(answer)) == (400, ["Choose a CSV file"])


def test_improbable_numbers_of_a_file_are_asked_about_once_for_all(house: Returning) -> None:
    house.file(said(1000, year=EARLIER))
    client, address = browser(house.lead), house.path("activity_upload")
    shown = choose(client, house, f"{HEADING}\n2025/26,radiotherapy,10000,complete\n")
    assert "You give 10,000. For 2024/25 it was 1,000." in text(shown)
    unticked = client.post(address, boxes(shown))
    assert (unticked.status_code, problems(unticked)) == (
        400,
        ["Some numbers look improbable. Tick if they are right."],
    )
    assert ("2025", "radiotherapy") not in house.numbers()
    assert client.post(address, boxes(unticked) | {"confirmed": "true"}).status_code == 302
    assert house.numbers()["2025", "radiotherapy"] == (10_000, "complete", 1)


def test_a_number_that_became_improbable_since_the_look_is_asked_about(house: Returning) -> None:
    client, address = browser(house.lead), house.path("activity_upload")
    shown = choose(client, house, f"{HEADING}\n{ROW}\n")
    house.file(said(12, year=EARLIER))
    asked = client.post(address, boxes(shown) | {"confirmed": "true"})
    assert asked.status_code == 400
    assert "For 2024/25 it was 12." in text(asked)
    assert "confirmed" not in boxes(asked)
    assert client.post(address, boxes(asked) | {"confirmed": "true"}).status_code == 302


def test_what_somebody_filed_since_the_look_is_told_and_replaced_only_knowingly(house: Returning) -> None:
    client, address = browser(house.lead), house.path("activity_upload")
    shown = choose(client, house, f"{HEADING}\n{ROW}\n")
    house.file(said(1500))
    told = client.post(address, boxes(shown))
    assert told.status_code == 409
    assert "Someone else changed this return" in problems(told)[0]
    assert "1,500 treatment episodes" in text(told)
    assert house.numbers()["2025", "radiotherapy"] == (1500, "complete", 1)
    assert client.post(address, boxes(told)).status_code == 302
    assert house.numbers()["2025", "radiotherapy"] == (1200, "complete", 2)


FORGED: Final = [
    {"content": ""},
    {"content": "\x00"},
    {"content": "x" * (LARGEST + 1)},
    {"content": f"{HEADING}\n2025/26,radiotherapy,-1,complete\n"},
    {"content": f"{HEADING}\n{ROW}\n2024/25,radiotherapy,9,complete\n"},
    {"versions": ""},
    {"versions": "0,0"},
    {"versions": "-1"},
    {"versions": "9" * 5000},
    {"versions": "٠"},
    {"versions": "0\n"},
]


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_a_page_that_was_tampered_with_leads_back_to_the_choice_of_a_file(
    house: Returning, forged: dict[str, str]
) -> None:
    client = browser(house.lead)
    sent = boxes(choose(client, house, f"{HEADING}\n{ROW}\n")) | forged
    answer: Any = client.post(house.path("activity_upload"), sent)
    assert (answer.status_code, problems(answer)) == (400, ["Choose a CSV file"])
    assert not ActivityReturn.objects.exists()


def test_nothing_is_kept_between_the_look_and_the_filing(house: Returning) -> None:
    client = browser(house.lead)
    kept = dict(client.session)
    choose(client, house, f"{HEADING}\n{ROW}\n")
    assert dict(client.session) == kept
    assert not Event.objects.exists()


def test_another_lead_may_send_the_page_and_whoever_lost_the_role_may_not(house: Returning) -> None:
    sent = boxes(choose(browser(house.lead), house, f"{HEADING}\n{ROW}\n"))
    house.lead.memberships.update(role=Role.EMPLOYER_REPORTER)
    address = house.path("activity_upload")
    assert browser(house.lead).post(address, sent).status_code == 403
    assert browser(member(house.employer, Role.EMPLOYER_LEAD)).post(address, sent).status_code == 302


CONTENT: Final = st.one_of(
    st.binary(max_size=200),
    st.lists(CELLS, max_size=9).map(lambda cells: f"{HEADING}\n{','.join(cells)}".encode("utf-8", "replace")),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(content=CONTENT)
def test_no_file_breaks_the_page(house: Returning, lead: Client, content: bytes) -> None:
    with transaction.atomic():
        answer = choose(lead, house, content)
        sent = lead.post(house.path("activity_upload"), boxes(answer))
        transaction.set_rollback(True)
    assert answer.status_code in (200, 400)
    assert bool(problems(answer)) == (answer.status_code == 400)
    assert sent.status_code in (302, 400)


# Downloads ---------------------------------------------------------------------------------------------


def test_the_download_holds_the_employers_own_returns_and_goes_back_unchanged(house: Returning) -> None:
    house.file(said(), said(1000, year=EARLIER), said(90_000, modality=Modality.DIAGNOSTIC_IMAGING))
    data_set(house.employer, 7)
    answer: Any = browser(house.reporter).get(house.path("activity_download"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"activity-returns-{house.employer.key}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "private, no-store"
    assert text(answer).splitlines() == [
        HEADING,
        "2025/26,diagnostic_imaging,90000,complete",
        ROW,
        "2024/25,radiotherapy,1000,complete",
    ]
    assert "The file changes nothing" in text(choose(browser(house.lead), house, answer.content))


def test_the_template_asks_for_what_the_open_sites_carry_out_last_year(house: Returning) -> None:
    address = house.path("activity_template")
    rows = text(browser(house.lead).get(address)).splitlines()
    assert rows == [HEADING, "2025/26,diagnostic_imaging,,", "2025/26,radiotherapy,,"]
    unfilled = choose(browser(house.lead), house, "\n".join(rows))
    assert problems(unfilled) == ["The file has 4 faults, so nothing was taken from it"]
    Site.objects.update(modalities=[])
    assert len(text(browser(house.lead).get(address)).splitlines()) == 4


@pytest.mark.parametrize("step", ["look", "file"])
def test_a_file_takes_few_queries_at_any_size(house: Returning, step: str) -> None:
    client = browser(house.lead)
    years = years_open(TODAY)[1:]

    def queries(rows: int, number: int) -> int:
        details = [said(number, year=year, confirmed=True) for year in years[:rows]]
        with CaptureQueriesContext(connection) as looked:
            shown = choose(client, house, written(details))
        with CaptureQueriesContext(connection) as filed:
            assert client.post(house.path("activity_upload"), boxes(shown)).status_code == 302
        found = looked if step == "look" else filed
        return len([each for each in found if "SAVEPOINT" not in each["sql"]])

    queries(9, 1000)
    few, many = queries(1, 1001), queries(9, 1002)
    assert (few, many) == (few, few) if step == "look" else many - few <= 8 * 6
    assert few <= (6 if step == "look" else 18)
