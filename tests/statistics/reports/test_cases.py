"""Cases of the library of learning in the annual report: told by number, frozen as they are told, and no
longer shown once the library has withdrawn them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.learning.library import put, take_out
from notifications.learning.models import PublishedLearning
from regulator.casework.errors import NotAllowedNow
from regulator.periods import Period, reporting_year
from regulator.statistics.annual import AnnualReport, compose
from regulator.statistics.figures import moments
from regulator.statistics.reports import services
from regulator.statistics.reports.composing import CasesGone, present
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import FrozenCase, Report
from regulator.statistics.reports.moved import moved
from regulator.statistics.reports.outline import modality_of, places
from regulator.statistics.reports.prose import placed
from tests.notifications.learning.told import published, told
from tests.notifications.pages import boxes, browser, text
from tests.statistics.reports.room import YEAR, Room
from tests.statistics.reports.test_public import tables_named

PLACE: Final = "imaging_themes"
REPORT: Final = "/statistics/reports/2023-24/"
API: Final = "/api/v1/statistics/reports/2023-24/"
SECRET: Final = "The image for single fractions was a field of view too small"


@pytest.fixture
def case(db: None) -> PublishedLearning:
    return published(title="A case that is told", system=f"{SECRET}.")


def telling(room: Room, case: PublishedLearning) -> Report:
    """A report of which one text tells the case."""
    report = room.started()
    room.write(report, f"Words.\n\n{placed(case.number)}", PLACE)
    return report


def out(room: Room, case: PublishedLearning) -> Report:
    """The same, published."""
    report = telling(room, case)
    room.freeze(report)
    return room.publish(room.sign(report))


def newest(report: Report) -> Content:
    return Content.read(report.freezes.latest("number").content)


# Writing


def test_a_case_is_told_from_its_number_to_the_page_that_the_public_reads(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    report = out(room, case)
    page = client.get(REPORT).content.decode()
    for words in (case.title, case.system, case.what_happened, case.actions, case.learning):
        assert words in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert client.get(case.get_absolute_url()).status_code == 200
    assert newest(report).data["cases"][0]["title"] == case.title
    assert list(FrozenCase.objects.values_list("freeze__report", "number")) == [(report.pk, case.number)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{{ case_999 }}", "There is no case 999 in the library"),
        ("As in {{ case_999 }}.", "on a line of its own"),
        ("{{ case_999 }}\n{{ case_999 }}", "stands 2 times in this text"),
    ],
)
def test_a_case_that_cannot_be_told_is_refused_beside_the_text(room: Room, typed: str, said: str) -> None:
    report = room.started()
    with pytest.raises(ValidationError) as refused:
        room.write(report, typed, PLACE)
    assert said in " ".join(refused.value.message_dict["text"])
    assert not report.blocks.filter(place=PLACE, number__gt=1).exists()  # but for the one that ships


def test_a_report_tells_a_case_once_and_says_where(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    with pytest.raises(ValidationError) as refused:
        room.write(report, placed(case.number), "imaging")
    [said] = refused.value.message_dict["text"]
    assert f"Case {case.number} is told already in “{places()[PLACE].heading}”. A report" in said
    room.write(report, f"Other words.\n\n{placed(case.number)}", PLACE)
    room.write(report, "No case.", PLACE)
    room.write(report, placed(case.number), "imaging")
    assert set(present(report).cases) == {case.number}


def test_a_case_that_was_withdrawn_cannot_be_written_again(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    take_out(case.number)
    with pytest.raises(ValidationError, match="There is no case"):
        room.write(report, f"More.\n\n{placed(case.number)}", PLACE)


# Freezing


def test_the_digest_follows_what_the_library_says(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    first = newest(report)
    put(told(title=case.title, system="Said anew."), number=case.number, revision=2)
    now = present(report)
    assert now.input_sha256 != first.input_sha256
    assert now.values_sha256 == first.values_sha256
    [said] = moved(first, now).cases
    assert (said.number, said.what) == (case.number, "was revised in the library")
    assert Content.read(now.written()).cases == now.cases


def test_without_a_case_a_freeze_is_what_it_was(room: Room) -> None:
    content = present(room.started())
    assert "cases" not in content.data
    assert content.cases == {}


def test_cases_stand_in_a_freeze_by_their_numbers(room: Room) -> None:
    first, second = published(), published()
    report = room.started()
    room.write(report, f"{placed(second.number)}\n{placed(first.number)}", PLACE)
    assert list(present(report).cases) == [first.number, second.number]


def test_what_was_withdrawn_since_it_was_written_is_not_frozen(
    room: Room, case: PublishedLearning, tmp_path: Path
) -> None:
    report = telling(room, case)
    seen = present(report).input_sha256
    take_out(case.number)
    with pytest.raises(CasesGone) as gone:
        present(report)
    assert f"Case {case.number} was withdrawn" in str(gone.value)
    assert f"of “{places()[PLACE].heading}”." in str(gone.value)
    assert PLACE not in str(gone.value)
    with pytest.raises(ValidationError) as refused:
        services.freeze(report=report, by=room.analyst, version=report.version, seen=seen)
    assert refused.value.messages[1] == str(gone.value)
    page = text(browser(room.analyst).get(f"/desk/reports/report/{report.pk}/freeze/"))
    assert f"Case {case.number} was withdrawn" in page
    assert "Freeze the report</button>" not in page
    for form in ("html", "pdf", "json"):
        with pytest.raises(CommandError, match="was withdrawn"):
            call_command("annual_report", "2023/24", "--format", form)
    for form in ("csv", "ods"):  # they hold no text
        file = tmp_path / f"report.{form}"
        call_command("annual_report", "2023/24", "--format", form, "--output", str(file))
        assert file.stat().st_size > 1_000


def test_what_was_withdrawn_while_it_was_counted_is_not_frozen(
    room: Room, case: PublishedLearning, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = telling(room, case)
    content = present(report)
    monkeypatch.setattr("regulator.statistics.reports.services.freezing.present", lambda report: content)
    take_out(case.number)
    with pytest.raises(NotAllowedNow, match="moved since you looked"):
        services.freeze(report=report, by=room.analyst, version=report.version, seen=content.input_sha256)
    assert not FrozenCase.objects.exists()


def test_what_was_withdrawn_since_the_freeze_is_neither_signed_nor_published(
    room: Room, case: PublishedLearning
) -> None:
    report = telling(room, case)
    room.freeze(report)
    other = published()
    take_out(other.number)
    room.sign(report)
    make_due()
    take_out(case.number)
    with pytest.raises(NotAllowedNow, match=f"Case {case.number} was withdrawn from the library since"):
        room.publish(report)
    room.write(report, "Words.", PLACE)
    room.freeze(report)
    assert room.publish(room.sign(report)).state == Report.State.PUBLISHED
    second = room.started(reporting_year("2022/23"))
    more = published()
    room.write(second, placed(more.number), PLACE)
    room.freeze(second)
    take_out(more.number)
    with pytest.raises(NotAllowedNow, match="withdrawn from the library since"):
        room.sign(second)


# Starting


def test_a_year_without_texts_begins_with_the_cases_of_the_year(room: Room) -> None:
    period = reporting_year("2022/23")
    first, after = moments(period)
    of = {"diagnostic_imaging": 7, "radiotherapy": 1}
    made = {
        modality: [published(modality=modality, sub_modality="") for _ in range(times)]
        for modality, times in of.items()
    }
    for at, each in enumerate(made["diagnostic_imaging"]):
        PublishedLearning.objects.filter(pk=each.pk).update(published_at=first + timedelta(days=6 - at))
    [own] = made["radiotherapy"]
    PublishedLearning.objects.filter(pk=own.pk).update(published_at=after)  # the next year's
    take_out(made["diagnostic_imaging"][6].number)
    report = room.started(period)
    [block] = report.blocks.all()
    oldest = [each.number for each in made["diagnostic_imaging"][5:0:-1]]
    assert (block.place, block.text) == (PLACE, "\n\n".join(map(placed, oldest)))
    assert list(present(report).cases) == sorted(oldest)


def test_a_text_that_ships_stands_before_the_cases_of_the_year(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = published()
    PublishedLearning.objects.update(published_at=moments(YEAR)[0])
    monkeypatch.setattr(
        "regulator.statistics.reports.services.starting.ready_texts", lambda slug: {PLACE: "Ready."}
    )
    report = room.started()
    assert [block.text for block in report.blocks.all()] == [f"Ready.\n\n{placed(case.number)}"]
    assert case.number in present(report).cases


def test_each_chapter_of_a_modality_has_its_places() -> None:
    found = {place: modality_of(place) for place in places()}
    themes = {modality for place, modality in found.items() if place.endswith("_themes")}
    assert themes == {"diagnostic_imaging", "radiotherapy", "nuclear_medicine"}
    assert (found["summary"], found["introduction"], found["notifications"]) == ("", "", "")


# Published, and withdrawn since


def test_a_withdrawn_case_is_shown_in_no_form_and_the_pdf_is_not_given_out(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    report = out(room, case)
    pages = (REPORT, f"{REPORT}editions/1/", f"{REPORT}report.json", API)
    tags = {}
    for each in pages:
        answer = client.get(each)
        assert SECRET in answer.content.decode(), each
        tags[each] = answer["ETag"]
    digest = client.get(API).json()["input_sha256"]
    pdf = client.get(f"{REPORT}report.pdf")["ETag"]
    take_out(case.number)
    assert client.get(f"{REPORT}report.pdf", headers={"If-None-Match": pdf}).status_code == 410
    for each in pages:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(each, headers={"If-None-Match": tags[each]})
        assert answer.status_code == 200, each
        said = answer.content.decode()
        assert SECRET not in said, each
        assert case.title not in said, each
        assert "This case was withdrawn from the library on" in said, each
        assert len(captured) <= 6
        assert all(name.startswith("reports_") for name in tables_named(captured.captured_queries))
    found = client.get(API).json()
    file = json.loads(client.get(f"{REPORT}report.json").content)
    assert found["input_sha256"] == digest == file["input_sha256"]
    for each in (f"{REPORT}report.pdf", f"{REPORT}editions/1/report.pdf"):
        refused = client.get(each)
        assert refused.status_code == 410
        assert "tells a case that was withdrawn" in refused.content.decode()
        assert "CQC is to publish a corrected edition" in refused.content.decode()
        assert "s-maxage" not in refused.get("Cache-Control", "")
    assert f'href="{REPORT}report.pdf"' not in client.get(REPORT).content.decode()
    assert f'href="{REPORT}report.pdf"' not in client.get("/statistics/reports/").content.decode()
    held = report.freezes.get()
    assert SECRET in held.content  # what was signed never changes


def test_another_case_that_was_withdrawn_changes_nothing(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    out(room, case)
    other = published()
    tag = client.get(REPORT)["ETag"]
    take_out(other.number)
    assert client.get(REPORT, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{REPORT}report.pdf").status_code == 200


def test_the_corrected_edition_is_whole_and_the_former_one_says_nothing_of_the_case(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    report = out(room, case)
    take_out(case.number)
    report.refresh_from_db()
    made = services.correct(report=report, reason="A case went.", by=room.analyst, version=report.version)
    with pytest.raises(CasesGone):
        present(made)
    room.write(made, "Words.", PLACE)
    room.freeze(made)
    room.publish(room.sign(made))
    assert client.get(f"{REPORT}report.pdf").status_code == 200
    former = client.get(f"{REPORT}editions/1/report.pdf")
    assert former.status_code == 410
    assert "This edition was replaced" in former.content.decode()
    changes = client.get(f"{REPORT}editions/2/changes/").content.decode()
    assert f"Case {case.number} was withdrawn from the library." in changes
    assert case.title not in changes


def test_whoever_writes_is_told_that_a_correction_is_due(room: Room, case: PublishedLearning) -> None:
    report = out(room, case)
    desk = f"/desk/reports/report/{report.pk}/"

    def due(address: str, by: str = "analyst") -> bool:
        said = text(browser(getattr(room, by)).get(address))
        return "To be corrected: a case was withdrawn" in said or "A correction is due" in said

    assert not due("/desk/")
    assert not due(desk)
    take_out(case.number)
    assert due("/desk/")
    assert due(desk)
    assert not due("/desk/", "manager")
    frozen = text(browser(room.analyst).get(f"{desk}freezes/1/"))
    assert "This case was withdrawn from the library on" in frozen
    assert SECRET not in frozen


# The page on which a text is written


def test_the_page_of_a_text_lists_the_cases_of_its_modality(room: Room) -> None:
    own = published(title="Of imaging")
    other = published(title="Of therapy", modality="radiotherapy", sub_modality="")
    report = room.started()
    room.write(report, placed(own.number), "imaging")
    client = browser(room.analyst)
    themes = text(client.get(f"/desk/reports/report/{report.pk}/text/{PLACE}/"))
    assert f"<code>{placed(own.number)}</code>" in themes
    assert f'<td data-heading="Told already">{places()["imaging"].heading}</td>' in themes
    assert "Of therapy" not in themes
    summary = text(client.get(f"/desk/reports/report/{report.pk}/text/summary/"))
    assert "Of imaging" in summary
    assert f"<code>{placed(other.number)}</code>" in summary


def test_cases_are_found_by_words_and_a_preview_tells_one(room: Room, case: PublishedLearning) -> None:
    published(title="Another list")
    report = room.started()
    client = browser(room.analyst)
    address = f"/desk/reports/report/{report.pk}/text/{PLACE}/"
    sent = boxes(client.get(address))
    found = text(client.post(address, {**sent, "find": "vertebrae fractions", "step": "find"}))
    assert f"<code>{placed(case.number)}</code>" not in found
    found = text(client.post(address, {**sent, "find": "single fractions", "step": "find"}))
    assert f"<code>{placed(case.number)}</code>" in found
    assert "Another list" not in found
    shown = text(client.post(address, {**sent, "text": placed(case.number), "step": "look"}))
    assert f"<h3>{case.title}</h3>" in shown
    assert SECRET in shown
    assert not report.blocks.filter(place=PLACE, number__gt=1).exists()  # but for the one that ships
    refused = client.post(address, {**sent, "text": "{{ case_999 }}", "step": "look"})
    assert refused.status_code == 400
    assert "There is no case 999" in text(refused)


def test_more_cases_freezes_and_texts_cost_the_page_no_more_queries(
    room: Room, case: PublishedLearning
) -> None:
    report = telling(room, case)
    room.freeze(report)
    client = browser(room.analyst)
    address = f"/desk/reports/report/{report.pk}/text/{PLACE}/"

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = asked()
    for _ in range(30):
        more = published()
        room.write(report, f"{placed(case.number)}\n{placed(more.number)}", PLACE)
    room.freeze(report)
    assert asked() == few <= 12
    assert text(client.get(address)).count('<td data-heading="To type">') == 20


def test_the_page_shows_the_numbers_of_the_last_freeze_until_it_is_asked_to_count(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = room.frozen()
    room.notify(2)
    client = browser(room.analyst)
    address = f"/desk/reports/report/{report.pk}/text/introduction/"
    counted: list[Period] = []

    def counting(period: Period) -> AnnualReport:
        counted.append(period)
        return compose(period)

    monkeypatch.setattr("regulator.statistics.reports.desk_pages.writing.compose", counting)
    sent = {**boxes(client.get(address)), "text": "We had {{ notifications_total }}."}
    shown = text(client.post(address, {**sent, "step": "look"}))
    assert "We had 3." in shown
    assert "freeze 1" in shown
    assert counted == []
    now = text(client.post(address, {**sent, "step": "count"}))
    assert "We had 5." in now
    assert "The numbers are counted now." in now
    assert len(counted) == 1
