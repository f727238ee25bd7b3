"""Annual reports on the desk: each deed through its page, what is refused, and that nothing is lost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator.accounts.models import User
from regulator.periods import reporting_year
from regulator.statistics.figures import CHECKS
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Report
from tests.notifications.pages import boxes, browser, text
from tests.statistics.reports.room import Room

DESK = "/desk/reports/report/"


def post(client: Client, address: str, **said: Any) -> Any:
    """Send the form of a page as it stands, with ``said`` typed into it."""
    return client.post(address, {**boxes(client.get(address)), **said})


def page_of(report: Report, tail: str = "") -> str:
    return f"{DESK}{report.pk}/{tail}"


def test_the_whole_way_through_the_pages(room: Room) -> None:
    analyst, colleague, manager = map(browser, (room.analyst, room.colleague, room.manager))
    assert post(analyst, f"{DESK}start/", year="2023/24").status_code == 302
    report = Report.objects.get()
    assert (
        post(
            analyst, page_of(report, "text/introduction/"), text="We had {{ notifications_total }}."
        ).status_code
        == 302
    )
    frozen = post(analyst, page_of(report, "freeze/"))
    assert frozen.status_code == 302, text(frozen)
    assert "Waiting" in text(analyst.get(page_of(report)))
    make_due()
    assert "Read the PDF" in text(colleague.get(page_of(report)))
    assert colleague.get(page_of(report, "freezes/1/report.pdf")).content.startswith(b"%PDF")
    assert "We had 3." in text(colleague.get(page_of(report, "freezes/1/")))
    assert post(analyst, page_of(report, "sign/")).status_code == 409
    assert post(colleague, page_of(report, "sign/")).status_code == 302
    assert post(manager, page_of(report, "publish/")).status_code == 302
    assert "We had 3." in text(Client().get("/statistics/reports/2023-24/"))
    assert post(analyst, page_of(report, "correct/"), reason="One was late.").status_code == 302
    assert Report.objects.get(edition=2).why_corrected == "One was late."


def test_the_freezing_page_shows_what_moved_before_anything_is_kept(room: Room) -> None:
    report = room.frozen()
    room.notify(2, "nuclear_medicine", "pet")
    client = browser(room.analyst)
    page = text(client.get(page_of(report, "freeze/")))
    assert "What moved since freeze 1" in page
    assert "Nuclear medicine" in page
    assert report.freezes.count() == 1
    sent = boxes(client.get(page_of(report, "freeze/")))
    room.notify(1)
    answer = client.post(page_of(report, "freeze/"), sent)
    assert answer.status_code == 409
    assert "Something moved since you looked" in text(answer)
    assert client.post(page_of(report, "freeze/"), boxes(answer)).status_code == 302
    assert report.freezes.count() == 2


def test_contradictory_figures_are_said_and_nothing_is_offered(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = room.started()
    said = "All: the parts add up to 3, not to 4."
    monkeypatch.setitem(vars(CHECKS)["_items"], "a test", lambda values: [said])
    page = text(browser(room.analyst).get(page_of(report, "freeze/")))
    assert said in page
    assert "Freeze the report</button>" not in page
    block = text(browser(room.analyst).get(page_of(report, "text/introduction/")))
    assert "<textarea" in block


def test_a_preview_shows_the_numbers_and_keeps_nothing(room: Room) -> None:
    report = room.started()
    client = browser(room.analyst)
    address = page_of(report, "text/introduction/")
    typed = "We had {{ notifications_total }}.\n\n- <b>one</b>"
    answer = post(client, address, text=typed, step="look")
    assert answer.status_code == 200
    assert "We had 3." in text(answer)
    assert "&lt;b&gt;one&lt;/b&gt;" in text(answer)
    assert boxes(answer)["text"] == [typed] or typed in boxes(answer)["text"][0]
    assert report.blocks.filter(place="introduction").count() == 1


@pytest.mark.parametrize("step", ["look", ""])
def test_a_name_that_there_is_not_is_refused_beside_the_text(room: Room, step: str) -> None:
    report = room.started()
    typed = "It was {{ wrong_patient_refered }}."
    answer = post(browser(room.analyst), page_of(report, "text/introduction/"), text=typed, step=step)
    assert answer.status_code == 400
    assert "wrong_patient_referred" in text(answer)
    assert typed in boxes(answer)["text"][0]


def test_names_of_numbers_are_found_by_words_and_what_was_typed_stays(room: Room) -> None:
    report = room.started()
    answer = post(
        browser(room.analyst),
        page_of(report, "text/introduction/"),
        text="Mine.",
        find="wrong patient",
        step="find",
    )
    assert "wrong_patient_referred" in text(answer)
    assert "Mine." in boxes(answer)["text"][0]


def test_overtaken_by_a_colleague_both_texts_are_shown(room: Room) -> None:
    report = room.started()
    client = browser(room.analyst)
    address = page_of(report, "text/introduction/")
    sent = boxes(client.get(address)) | {"text": "Mine."}
    room.write(report, "Theirs.", by=room.colleague)
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "Theirs." in text(answer)
    assert "Mine." in boxes(answer)["text"][0]
    assert client.post(address, boxes(answer)).status_code == 302
    newest = report.blocks.filter(place="introduction").latest("number")
    assert newest.text == "Mine."


@pytest.mark.parametrize(
    ("tail", "status"),
    [
        ("text/nowhere/", 404),
        ("freezes/9/", 404),
        ("freezes/9/report.pdf", 404),
        ("freezes/99999999999999999999/", 404),
        ("freezes/1/report.pdf", 404),
    ],
)
def test_nonsense_is_not_found(room: Room, tail: str, status: int) -> None:
    report = room.frozen()
    assert browser(room.analyst).get(page_of(report, tail)).status_code == status


@pytest.mark.parametrize("year", ["", "soon", "2023/25", "2099/00", "2017/18", "%s"])
def test_a_year_that_makes_no_sense_is_said(room: Room, year: str) -> None:
    answer = post(browser(room.analyst), f"{DESK}start/", year=year)
    assert answer.status_code == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize("tail", ["", "freezes/1/"])
def test_more_freezes_and_texts_cost_no_more_queries(room: Room, tail: str) -> None:
    report = room.frozen()
    client = browser(room.colleague)

    def asked() -> int:
        client.get(page_of(report, tail))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(report, tail)).status_code == 200
        return len(captured)

    few = asked()
    for number in range(3):
        room.notify(1)
        room.write(report, f"Version {number}.")
        room.freeze(report)
    assert asked() == few <= 12


def test_the_list_costs_no_more_queries_with_more_reports(room: Room) -> None:

    client = browser(room.analyst)

    def asked() -> int:
        client.get(DESK)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(DESK).status_code == 200
        return len(captured)

    room.started()
    few = asked()
    for year in ("2021/22", "2022/23"):
        room.started(reporting_year(year))
    assert asked() == few


def test_the_home_counts_what_waits_for_whom(room: Room) -> None:
    room.frozen()

    def told(by: User) -> bool:
        return "For me to read and sign" in text(browser(by).get("/desk/"))

    assert (told(room.analyst), told(room.colleague), told(room.manager)) == (False, True, True)
