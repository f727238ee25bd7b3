"""Two at once: a change is told once, a click counts once, and an address is asked by one letter."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from enforcement.alerts.models import Alert, Subscriber
from enforcement.alerts.services import ask_for_alert, confirm, forget_unconfirmed, stop
from enforcement.alerts.telling import tell_all
from regulator.outbox.models import Message
from tests.alerts.test_alerts import link_in
from tests.reference import ship_provisions
from tests.register.entries import entry

pytestmark = pytest.mark.django_db(transaction=True)
WHO = "reader@example.org"


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each answers, all begun together."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def ask(query: str) -> Callable[[], None]:
    return lambda: ask_for_alert(email=WHO, query=query, client="one")


def asked_secret() -> str:
    cache.clear()
    ship_provisions()
    ask("")()
    return link_in(Message.objects.get(), "confirm").split("/")[-2]


def test_two_who_ask_for_one_address_have_one_letter_written() -> None:
    cache.clear()
    at_once(ask("year=2025"), ask("year=2025"), ask("year=2024"))
    assert Subscriber.objects.count() == 1
    assert Alert.objects.count() == 2
    assert Message.objects.count() == 1


def test_two_workers_tell_a_change_once() -> None:
    confirm(secret=asked_secret())
    entry()
    assert sorted(at_once(tell_all, tell_all, tell_all)) == [0, 0, 1]
    assert Message.objects.filter(template="alerts_changes").count() == 1


def test_of_two_clicks_on_a_link_one_begins() -> None:
    secret = asked_secret()
    outcomes = at_once(lambda: confirm(secret=secret), lambda: confirm(secret=secret))
    assert sorted(outcome is None for outcome in outcomes) == [False, True]


def test_a_letter_written_while_its_alert_is_ended_does_not_leave() -> None:
    confirm(secret=asked_secret())
    entry()
    alert = Alert.objects.get()
    at_once(tell_all, lambda: stop(alert=alert))
    assert not Subscriber.objects.exists()
    assert not Message.objects.filter(to=WHO).exists()
    assert not Message.objects.due().filter(template="alerts_changes").exists()


def test_ending_twice_at_once_is_ending_once() -> None:
    confirm(secret=asked_secret())
    alert = Alert.objects.get()
    at_once(lambda: stop(alert=alert), lambda: stop(alert=alert), forget_unconfirmed)
    assert not Subscriber.objects.exists()
    assert not Message.objects.filter(to=WHO).exists()
