"""Writing a letter into the outbox: once, complete, with the change that it tells of, or not at all."""

import logging
from datetime import date

import jinja2
import kombu.exceptions
import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from regulator import clock
from regulator.casework.models import Case
from regulator.outbox import hint
from regulator.outbox.letters import LETTERS, Letter
from regulator.outbox.models import Message
from regulator.outbox.services import enqueue

CONTEXT = {
    "deadline_label": "Investigation report",
    "due_on": date(2026, 3, 2),
    "days_left": -2,
    "reference": "IRN-2026-00001-A",
    "case_summary": "",
    "employer": "Invented Trust",
    "case_url": "http://localhost/",
}


@pytest.fixture(autouse=True)
def _letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        LETTERS._items, "tests", Letter("deadline-overdue", 3, "Overdue:\n {{ deadline_label }}")
    )


def write(**changed: object) -> Message:
    values = {
        "letter": "tests",
        "to": "Office@Example.invalid ",
        "context": CONTEXT,
        "dedupe_key": "k",
        **changed,
    }
    return enqueue(**values)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_letter_is_rendered_when_it_is_written_and_knows_its_template(case: Case) -> None:
    message = write(case=case)
    assert (message.to, message.case, message.template, message.template_version) == (
        "office@example.invalid",
        case,
        "deadline-overdue",
        3,
    )
    assert message.subject == "Overdue: Investigation report"
    assert "Invented Trust" in message.body
    assert "2 days late" in message.body


@pytest.mark.django_db
def test_the_same_key_and_address_keep_one_letter_and_another_address_gets_its_own() -> None:
    first, again, other = write(), write(to="office@example.invalid"), write(to="lead@example.invalid")
    assert first.pk == again.pk != other.pk
    assert first.message_id != other.message_id


@pytest.mark.django_db
def test_the_message_id_follows_from_the_key_and_fits_on_one_header_line() -> None:
    message = write()
    Message.objects.all().delete()
    assert write().message_id == message.message_id
    assert len(f"Message-ID: {message.message_id}") <= 78
    assert message.message_id.endswith(f"@{settings.OUTBOX_MESSAGE_ID_DOMAIN}>")


@pytest.mark.django_db
def test_a_letter_with_a_gap_in_it_is_refused() -> None:
    with pytest.raises(jinja2.UndefinedError):
        write(context={"deadline_label": "x"})
    with pytest.raises(LookupError, match="letter"):
        write(letter="unheard of")
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_letter_of_the_replayed_past_is_kept_and_nobody_is_woken(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with clock.at(clock.now()), django_capture_on_commit_callbacks() as woken:
        assert write().state == Message.State.NOT_SENT
    assert woken == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_vanishes_with_the_change_that_it_tells_of(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda *args, **kwargs: told.append(args[0]))
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 (it fails after the write)
        write()
        raise ZeroDivisionError
    assert (Message.objects.count(), told) == (0, [])
    write()
    assert told == ["outbox.deliver_due"]


@pytest.mark.parametrize("fault", [kombu.exceptions.OperationalError("refused"), OSError("disk full")])
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_nobody_their_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise fault

    monkeypatch.setattr("celery.current_app.send_task", refuse)
    with caplog.at_level(logging.WARNING, logger="regulator.hint"):
        message = write()
    assert message.state == Message.State.QUEUED
    assert "the sweeper will find the work" in caplog.text


def test_a_real_broker_that_refuses_connections_raises_what_the_hint_catches(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nobody_listens = Celery("elsewhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
    nobody_listens.conf.broker_transport_options = {"max_retries": 0}
    monkeypatch.setattr("regulator.hint.current_app", nobody_listens)
    with caplog.at_level(logging.WARNING, logger="regulator.hint"):
        hint.wake()
    assert "the sweeper will find the work" in caplog.text


def test_hints_of_a_test_stay_in_its_process() -> None:
    assert settings.CELERY_BROKER_URL == "memory://"
