"""Draining the outbox: what leaves, what waits, what is given up, and who may send."""

import hashlib
import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings

from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case, Event
from regulator.outbox.delivery import MAXIMUM_ATTEMPTS, back_off, deliver_due, is_permanent
from regulator.outbox.lease import delivery_lease
from regulator.outbox.models import Message
from regulator.outbox.sweep import SWEEPERS, sweep
from regulator.outbox.tasks import deliver_due as deliver_task
from regulator.outbox.tasks import sweep_all
from tests.outbox.backends import Scripted

pytestmark = pytest.mark.django_db
NOON = "2026-03-02 12:00:00+00:00"
SERVER_BUSY = smtplib.SMTPResponseException(451, b"busy")


@pytest.fixture(autouse=True)
def mail(settings: Settings) -> Iterator[type[Scripted]]:
    settings.EMAIL_BACKEND = "tests.outbox.backends.Scripted"
    Scripted.reset()
    yield Scripted
    Scripted.reset()


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr("regulator.outbox.hint.wake", lambda: told.append("wake"))
    return told


def letter(number: int = 1, *, case: Case | None = None) -> Message:
    return Message.objects.create(
        dedupe_key=f"key-{number}",
        case=case,
        to="office@example.invalid",
        template="test",
        template_version=1,
        subject="Subject",
        body="Body",
        message_id=f"<{number}@example.invalid>",
    )


def in_flight(number: int, *, attempts: int = 1, lapsed: bool = True) -> Message:
    message = letter(number)
    message.state, message.attempts, message.lease_token = Message.State.SENDING, attempts, "dead"
    message.lease_until = clock.now() + timedelta(seconds=-1 if lapsed else 30)
    message.save()
    return message


def test_what_is_due_leaves_in_order_over_one_connection_under_its_own_message_id(
    mail: type[Scripted],
) -> None:
    letters = [letter(number) for number in range(3)]
    assert deliver_due() == 3
    assert [sent.extra_headers["Message-ID"] for sent in mail.sent] == [each.message_id for each in letters]
    assert len(mail.opened) == 1
    assert set(Message.objects.values_list("state", "sent_at", "lease_token")) == {("sent", clock.now(), "")}


def test_a_letter_that_left_never_leaves_again(mail: type[Scripted]) -> None:
    letter()
    assert [deliver_due(), deliver_due()] == [1, 0]
    assert len(mail.sent) == 1


def test_a_letter_that_left_is_on_the_timeline_of_its_case_without_its_address(case: Case) -> None:
    message = letter(case=case)
    letter(2)
    deliver_due()
    event = Event.objects.get(type="outbox.sent")
    assert (event.case, event.scheduled_by) == (case, "outbox.deliver_due")
    message.refresh_from_db()
    assert event.payload == {
        "message": message.pk,
        "letter": "test",
        "version": 1,
        "edition": None,
        "attempts": 1,
        "body_sha256": hashlib.sha256(b"Body").hexdigest(),
        "html_sha256": message.html_sha256,
        "layout": message.layout,
    }
    assert first_broken_link() is None


@pytest.mark.parametrize("fault", [SERVER_BUSY, smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow")])
def test_a_fault_puts_the_letter_off_and_the_next_one_still_leaves(
    mail: type[Scripted], travel: time_machine.Traveller, fault: Exception
) -> None:
    first = letter(1)
    letter(2)
    mail.faults.append(fault)
    assert deliver_due() == 2
    first.refresh_from_db()
    assert (first.state, first.attempts, first.lease_token) == (Message.State.QUEUED, 1, "")
    assert first.next_attempt_at == clock.now() + timedelta(minutes=1)
    assert type(fault).__name__ in first.last_error
    assert len(mail.opened) == 2
    travel.shift(59)
    assert deliver_due() == 0
    travel.shift(1)
    assert deliver_due() == 1
    first.refresh_from_db()
    assert (first.state, first.last_error) == (Message.State.SENT, "")


def test_waiting_grows_fourfold_up_to_six_hours() -> None:
    assert [back_off(n) / timedelta(minutes=1) for n in range(1, 8)] == [1, 4, 16, 64, 256, 360, 360]


def test_a_letter_is_given_up_after_the_last_attempt_and_its_case_says_so(
    mail: type[Scripted], travel: time_machine.Traveller, case: Case
) -> None:
    message = letter(case=case)
    mail.faults.extend([SERVER_BUSY] * MAXIMUM_ATTEMPTS)
    for _ in range(MAXIMUM_ATTEMPTS + 2):
        deliver_due()
        travel.shift(timedelta(hours=7))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.FAILED, MAXIMUM_ATTEMPTS)
    assert "451" in message.last_error
    assert list(case.events.values_list("type", flat=True)) == ["outbox.failed"]


@pytest.mark.parametrize(("code", "permanent"), [(550, True), (450, False)])
def test_only_a_refusal_of_the_address_for_good_is_final_at_once(
    mail: type[Scripted], code: int, permanent: bool
) -> None:
    fault = smtplib.SMTPRecipientsRefused({"office@example.invalid": (code, b"no")})
    assert is_permanent(fault) is permanent
    message = letter()
    mail.faults.append(fault)
    deliver_due()
    message.refresh_from_db()
    assert message.state == (Message.State.FAILED if permanent else Message.State.QUEUED)


def test_a_defect_is_raised_and_leaves_the_way_free_for_the_other_letters(
    mail: type[Scripted], travel: time_machine.Traveller
) -> None:
    broken = letter(1)
    letter(2)
    mail.faults.append(KeyError("a defect"))
    with pytest.raises(KeyError):
        deliver_due()
    assert deliver_due() == 1
    broken.refresh_from_db()
    assert broken.state == Message.State.SENDING


def test_a_letter_over_which_every_sender_died_is_given_up(mail: type[Scripted]) -> None:
    message = in_flight(1, attempts=MAXIMUM_ATTEMPTS)
    assert deliver_due() == 0
    message.refresh_from_db()
    assert message.state == Message.State.FAILED
    assert mail.sent == []


def test_while_no_mail_server_is_reached_no_letter_loses_an_attempt(mail: type[Scripted]) -> None:
    message = letter()
    mail.unreachable.append(ConnectionRefusedError())
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.QUEUED, 0)
    mail.unreachable.clear()
    assert deliver_due() == 1


def test_a_server_that_goes_away_ends_the_drain(
    mail: type[Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(1)
    second = letter(2)
    mail.faults.append(smtplib.SMTPServerDisconnected("gone"))
    monkeypatch.setattr(mail, "close", lambda self: mail.unreachable.append(ConnectionRefusedError()))
    assert deliver_due() == 1
    second.refresh_from_db()
    assert second.attempts == 0


def test_only_one_sender_is_at_work_and_a_dead_one_is_succeeded(
    mail: type[Scripted], travel: time_machine.Traveller, settings: Settings
) -> None:
    letter()
    with delivery_lease() as lease, delivery_lease() as second:
        assert lease is not None
        assert second is None
        assert deliver_due() == 0
        travel.shift(settings.OUTBOX_LEASE_SECONDS + 1)
        assert deliver_due() == 1
        assert not lease.renew()


def test_a_sender_taken_for_dead_records_nothing(
    mail: type[Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = letter()
    send = mail.send_messages

    def lose_the_claim(self: Scripted, messages: list[object]) -> int:
        Message.objects.update(lease_token="somebody else")
        return send(self, messages)  # type: ignore[arg-type]

    monkeypatch.setattr(mail, "send_messages", lose_the_claim)
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.lease_token) == (Message.State.SENDING, "somebody else")


@pytest.mark.parametrize("lapsed", [True, False])
def test_a_letter_left_in_flight_is_repeated_under_the_same_message_id_once_its_lease_ran_out(
    mail: type[Scripted], lapsed: bool
) -> None:
    message = in_flight(1, lapsed=lapsed)
    assert deliver_due() == int(lapsed)
    assert [sent.extra_headers["Message-ID"] for sent in mail.sent] == [message.message_id] * lapsed


def test_a_replayed_letter_is_kept_and_never_leaves(mail: type[Scripted]) -> None:
    Message.objects.filter(pk=letter().pk).update(state=Message.State.NOT_SENT)
    assert deliver_due() == 0
    assert mail.sent == []


def test_the_sweep_queues_what_a_dead_sender_left_and_wakes_the_deliverer(hints: list[str]) -> None:
    message = in_flight(1)
    assert sweep_all() == {"outbox.messages": 1}
    message.refresh_from_db()
    assert (message.state, message.lease_token) == (Message.State.QUEUED, "")
    assert hints == ["wake"]


def test_the_sweep_leaves_alone_what_a_living_sender_has_in_flight(hints: list[str]) -> None:
    in_flight(1)
    with delivery_lease():
        assert sweep() == {}
    assert sweep() == {"outbox.messages": 1}


def test_the_sweep_runs_what_other_apps_contribute(monkeypatch: pytest.MonkeyPatch, hints: list[str]) -> None:
    monkeypatch.setitem(SWEEPERS._items, "tests", lambda: 3)
    assert sweep_all() == {"tests": 3}
    assert hints == []


def test_a_drain_stops_at_its_limit_and_the_task_asks_for_another_turn(
    monkeypatch: pytest.MonkeyPatch, hints: list[str]
) -> None:
    for number in range(3):
        letter(number)
    monkeypatch.setattr(deliver_due, "__kwdefaults__", {"limit": 2})
    assert deliver_task() == 2
    assert hints == ["wake"]
    assert deliver_task() == 1
    assert hints == ["wake"]


def test_looking_for_work_where_there_is_none_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        deliver_due()
