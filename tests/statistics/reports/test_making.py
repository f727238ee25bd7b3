"""Setting the PDF of a freeze: progress, a worker that is killed, one that was too slow, one that fails."""

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import typst

from regulator import clock
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.organisations.policies import NotPermitted
from regulator.statistics.reports import making, services, setting
from regulator.statistics.reports.making import LEASE, MOST_ATTEMPTS, make_due
from regulator.statistics.reports.models import Document
from regulator.statistics.reports.setting import set_report
from regulator.statistics.reports.tasks import make_documents
from tests.notifications.pages import boxes, browser, text
from tests.statistics.reports.room import Room

State = Document.State


class Killed(BaseException):
    """As a worker ends that the system stops: no handler runs."""


@pytest.fixture
def document(room: Room) -> Document:
    return Document.objects.get(freeze=room.frozen().freezes.get())


def test_it_becomes_ready_once_and_is_the_same_whenever_it_is_set(document: Document) -> None:
    assert document.state == State.WAITING
    assert (make_documents(), make_documents()) == (1, 0)
    document.refresh_from_db()
    pdf = bytes(document.pdf or b"")
    assert (document.state, document.percent, document.size) == (State.READY, 100, len(pdf))
    assert document.sha256 == hashlib.sha256(pdf).hexdigest()
    assert pdf == set_report(document.freeze)


def test_it_says_how_far_it_is(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, str, str]] = []
    real = setting.set_report

    def watched(freeze: Any, *, progress: Any) -> bytes:
        def step(percent: int, words: str) -> None:
            progress(percent, words)
            now = Document.objects.get(pk=document.pk)
            seen.append((now.percent, now.words, now.state))

        return real(freeze, progress=step)

    monkeypatch.setattr(making, "set_report", watched)
    make_due()
    assert [percent for percent, _, _ in seen] == sorted({percent for percent, _, _ in seen})
    assert len(seen) >= 3
    assert {state for _, _, state in seen} == {State.RUNNING}


def test_a_killed_worker_leaves_a_row_that_the_next_one_takes_up(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = setting.set_report

    def killed(freeze: Any, *, progress: Any) -> bytes:
        progress(40, "Setting the pages")
        raise Killed

    monkeypatch.setattr(making, "set_report", killed)
    with pytest.raises(Killed):
        make_due()
    document.refresh_from_db()
    assert (document.state, document.percent) == (State.RUNNING, 40)
    monkeypatch.setattr(making, "set_report", real)
    assert make_due() == 0, "its lease still holds: another worker leaves it alone"
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1), tick=False):
        assert make_due() == 1
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.READY, 2)


def given_up(document: Document, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Try a document as often as it is tried, each time with this end, and once more."""

    def ends(freeze: Any, *, progress: Any) -> bytes:
        progress(40, "Setting the pages")
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(making, "set_report", ends)
        for attempt in range(MOST_ATTEMPTS):
            with (
                time_machine.travel(clock.now() + (attempt + 1) * 2 * LEASE, tick=False),
                pytest.raises(type(fault)),
            ):
                make_due()
        with time_machine.travel(clock.now() + 10 * LEASE, tick=False):
            assert make_due() == 0
    document.refresh_from_db()
    assert document.state == State.FAILED


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        (Killed(), "Setting the pages"),
        (OSError("No space left on device"), "OSError: No space left on device"),
        (ValueError("x" * 300), f"ValueError: {'x' * 300}"),
    ],
)
def test_a_document_whose_attempts_never_come_to_their_end_is_given_up_and_says_what_was_last(
    document: Document, monkeypatch: pytest.MonkeyPatch, fault: BaseException, last: str
) -> None:
    given_up(document, monkeypatch, fault)
    assert document.words == f"No attempt came to its end. The last one: {last}"[:200]


def test_what_was_given_up_is_set_again_and_published_under_the_signature_that_it_has(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = room.signed()
    frozen = report.freezes.get()
    given_up(frozen.document, monkeypatch, Killed())
    with pytest.raises(NotAllowedNow, match="could not be made"):
        services.publish(report=report, by=room.manager, version=report.version)
    with pytest.raises(NotPermitted):
        services.set_again(report=report, freeze=frozen, by=room.manager, version=report.version)
    with pytest.raises(StaleVersion):
        services.set_again(report=report, freeze=frozen, by=room.analyst, version=report.version - 1)
    services.set_again(report=report, freeze=frozen, by=room.analyst, version=report.version)
    assert (report.state, report.signed_by, report.signed_freeze) == ("signed", room.colleague, frozen)
    told = Event.objects.get(type="reports.pdf_set_again")
    assert (told.actor, told.payload["freeze"]) == (room.analyst, frozen.number)
    with pytest.raises(NotAllowedNow, match="nothing to set again"):
        services.set_again(report=report, freeze=frozen, by=room.analyst, version=report.version)
    assert room.publish(report).state == "published"
    document = Document.objects.get(freeze=frozen)
    assert (document.state, document.attempts) == (State.READY, 1)
    with pytest.raises(NotAllowedNow, match="nothing to set again"):
        services.set_again(report=report, freeze=frozen, by=room.analyst, version=report.version)


def test_whoever_writes_finds_the_way_beside_what_failed(
    document: Document, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/desk/reports/report/{document.freeze.report_id}/"
    again = f"{page}freezes/1/again/"
    writer, reader = browser(room.analyst), browser(room.manager)
    assert again not in text(writer.get(page))
    given_up(document, monkeypatch, Killed())
    assert again in text(writer.get(page))
    assert again not in text(reader.get(page))
    assert reader.get(again).status_code == 403
    assert writer.get(f"{page}freezes/2/again/").status_code == 404
    sent = boxes(writer.get(again))
    assert writer.post(again, {}).status_code == 400
    assert writer.post(again, sent | {"version": ["x"]}).status_code == 400
    assert writer.post(again, sent).status_code == 302
    assert writer.post(again, sent).status_code == 409
    assert writer.post(again, boxes(writer.get(again))).status_code == 409, "it is no longer given up"
    assert "PDF of an annual report to be set again" in text(writer.get(page))
    assert make_due() == 1


def test_what_the_typesetter_refuses_is_tried_again_and_then_said(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(freeze: Any, *, progress: Any) -> bytes:
        raise typst.TypstError("a fault of the template", "")

    monkeypatch.setattr(making, "set_report", refused)
    states = []
    for _ in range(MOST_ATTEMPTS + 1):
        make_due()
        states.append(Document.objects.get(pk=document.pk).state)
    assert states == [State.WAITING] * (MOST_ATTEMPTS - 1) + [State.FAILED] * 2


def test_a_worker_that_was_taken_for_dead_writes_nothing(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = setting.set_report
    inside: list[int] = []

    def slow(freeze: Any, *, progress: Any) -> bytes:
        if not inside:
            inside.append(os.getpid())
            with time_machine.travel(clock.now() + 2 * LEASE, tick=False):
                assert make_due() == 1, "the second worker takes it over"
        return real(freeze, progress=lambda percent, words: None)

    monkeypatch.setattr(making, "set_report", slow)
    assert make_due() == 0
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.READY, 2)
