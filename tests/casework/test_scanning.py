"""Files that wait are scanned; without a verdict they wait on."""

import logging
import socket
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import scanning
from regulator.casework.clamd import CHUNK_BYTES
from regulator.casework.files import handed_over, why_unreadable
from regulator.casework.models import Attachment, Case
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from regulator.casework.tasks import scan_attachments
from tests.casework.clamd_server import MARKER, FakeClamd

pytestmark = pytest.mark.django_db
Send = Callable[..., Attachment]


@pytest.fixture
def send(case: Case, make_user: Callable[..., User]) -> Send:
    officer = make_user(Role.CASE_OFFICER)

    def send(content: bytes = b"A note.", name: str = "note.txt") -> Attachment:
        return attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)

    return send


@pytest.fixture
def clamd(settings: Settings) -> Iterator[FakeClamd]:
    with FakeClamd() as server:
        settings.CLAMAV_URL = server.url
        settings.CLAMAV_TIMEOUT = 10
        yield server


def state(kept: Attachment) -> tuple[str, str]:
    kept.refresh_from_db()
    return kept.scan, kept.checked_by


def test_a_file_in_which_clamd_finds_nothing_is_clean_and_can_be_read(clamd: FakeClamd, send: Send) -> None:
    content = b"line\n" * 40_000
    kept = send(content)
    with pytest.raises(Http404):
        handed_over(kept)
    assert "Waiting to be scanned" in kept.scan_label
    assert scan_pending() == 1
    assert state(kept) == ("clean", "clamav")
    assert clamd.received == [content]
    assert clamd.largest_chunk <= CHUNK_BYTES
    answer = handed_over(kept)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer) == content
    event = kept.case.events.get(type="casework.file_scanned")
    assert event.payload == {"attachment": kept.pk, "result": "clean", "checked_by": "clamav"}
    assert event.scheduled_by == "casework.scan_attachments"


def test_an_infected_file_is_never_handed_over(clamd: FakeClamd, send: Send) -> None:
    kept = send(MARKER)
    scan_pending()
    assert state(kept) == ("infected", "clamav")
    assert why_unreadable(kept) == "note.txt cannot be opened: it was found to be infected."
    with pytest.raises(Http404):
        handed_over(kept)


def test_scanning_again_changes_and_records_nothing(clamd: FakeClamd, send: Send) -> None:
    kept = send()
    assert (scan_attachments(), scan_attachments()) == (1, 0)
    assert kept.case.events.filter(type="casework.file_scanned").count() == 1


def test_the_first_of_two_workers_verdicts_stands(clamd: FakeClamd, send: Send) -> None:
    kept = send()
    assert scanning._record(kept, Attachment.Scan.INFECTED)
    assert not scanning._record(kept, Attachment.Scan.CLEAN)
    assert state(kept) == ("infected", "clamav")
    assert kept.case.events.filter(type="casework.file_scanned").count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: something else\0",
        b"\xff\xfe\0",
        b"OK\0",
        b"x" * 9000,
        b"",
    ],
)
def test_an_answer_that_is_no_verdict_keeps_the_file_waiting(
    settings: Settings, send: Send, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    kept = send()
    with FakeClamd(answer) as server, caplog.at_level(logging.WARNING, logger=scanning.__name__):
        settings.CLAMAV_URL = server.url
        assert scan_pending() == 0
    assert state(kept) == ("pending", "")
    assert "stays unread" in caplog.text


def test_a_scanner_that_never_answers_keeps_the_file_waiting(settings: Settings, send: Send) -> None:
    kept = send()
    with FakeClamd(None) as server:
        settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = server.url, 0.2
        assert scan_pending() == 0
    assert state(kept) == ("pending", "")


@pytest.mark.parametrize("url", ["", "unix:///nowhere/clamd.ctl", "clamd.example.invalid:3310"])
def test_a_scanner_that_is_down_keeps_every_file_waiting_and_the_turn_is_given_up(
    settings: Settings, send: Send, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody_listens = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    settings.CLAMAV_URL = url or nobody_listens
    sent = [send(f"{n}".encode()) for n in range(5)]
    with caplog.at_level(logging.WARNING, logger=scanning.__name__):
        assert scan_pending() == 0
    assert {state(kept) for kept in sent} == {("pending", "")}
    assert caplog.text.count("stays unread") == scanning.MOST_FAILURES


def test_a_file_that_cannot_be_scanned_holds_up_no_other(
    clamd: FakeClamd, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, other = send(b"lost"), send(b"other")
    lost.file.storage.delete(str(lost.file.name))
    monkeypatch.setattr(scanning, "A_TURN", 1)
    assert (scan_pending(), scan_pending()) == (0, 1)
    assert (state(lost)[0], state(other)[0]) == ("pending", "clean")


def test_without_a_scanner_a_file_passes_on_its_content_and_says_so(settings: Settings, send: Send) -> None:
    settings.CLAMAV_URL = ""
    kept = send()
    scan_pending()
    assert state(kept) == ("clean", "content")
    assert kept.scan_label == "Clean, checked by content only; no virus scanner is configured"


def test_a_worker_is_told_of_a_new_file_once_it_is_committed(
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told: list[str] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda task, **_: told.append(task))
    with django_capture_on_commit_callbacks(execute=True):
        send()
        assert told == []
    assert told == [
        "casework.scan_attachments",
        "casework.index_cases",
        "risk.rescore_changed",
        "totals.follow",
    ]


def test_a_scanner_configured_later_is_asked_about_what_passed_without_one(
    clamd: FakeClamd, send: Send, settings: Settings
) -> None:
    url, settings.CLAMAV_URL = settings.CLAMAV_URL, ""
    clean, infected = send(), send(MARKER)
    assert scan_pending() == 2
    assert scan_pending() == 0
    assert state(clean) == state(infected) == ("clean", "content")
    settings.CLAMAV_URL = url
    waiting = send(b"Sent since.")
    assert scan_pending() == 3
    assert clamd.received[0] == b"Sent since."
    assert state(clean) == state(waiting) == ("clean", "clamav")
    assert state(infected) == ("infected", "clamav")
    assert scan_pending() == 0
    results = [
        event.payload["checked_by"] for event in infected.case.events.filter(type="casework.file_scanned")
    ]
    assert results.count("content") == 2
    assert results.count("clamav") == 3


def test_an_outage_of_a_scanner_configured_later_takes_nothing_away(send: Send, settings: Settings) -> None:
    kept = send()
    assert scan_pending() == 1
    settings.CLAMAV_URL = "unix:///nonexistent/clamd.ctl"
    assert scan_pending() == 0
    assert state(kept) == ("clean", "content")
    assert not why_unreadable(kept)
