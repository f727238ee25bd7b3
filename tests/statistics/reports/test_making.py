"""Setting the PDF of a freeze: progress, a worker that is killed, one that was too slow, one that fails."""

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import typst

from regulator import clock
from regulator.statistics.reports import making, setting
from regulator.statistics.reports.making import LEASE, MOST_ATTEMPTS, make_due
from regulator.statistics.reports.models import Document
from regulator.statistics.reports.setting import set_report
from regulator.statistics.reports.tasks import make_documents
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


def test_a_document_whose_workers_die_each_time_is_given_up(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(freeze: Any, *, progress: Any) -> bytes:
        raise Killed

    monkeypatch.setattr(making, "set_report", killed)
    for attempt in range(MOST_ATTEMPTS):
        with (
            time_machine.travel(clock.now() + (attempt + 1) * 2 * LEASE, tick=False),
            pytest.raises(Killed),
        ):
            make_due()
    with time_machine.travel(clock.now() + 10 * LEASE, tick=False):
        assert make_due() == 0
    document.refresh_from_db()
    assert document.state == State.FAILED
    assert "stopped during each attempt" in document.words


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
