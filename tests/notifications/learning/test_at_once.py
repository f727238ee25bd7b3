"""Two people approve at once: it is published once, and whoever was slower is told. Two begin to write at
once: there is one draft."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from notifications.learning import services
from notifications.learning.facts import Kinds
from notifications.learning.models import LearningCase, LibraryRevision, PublishedLearning
from notifications.models import Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import StaleVersion
from regulator.casework.models import Event
from tests.factories import staff
from tests.notifications.learning.making import Desk, learning_in
from tests.notifications.learning.told import TEXTS
from tests.reference import ship_reference

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushable")]


def at_once(*deeds: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], str]) -> str:
        try:
            barrier.wait(timeout=20)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(each.result(timeout=60) for each in [pool.submit(run, deed) for deed in deeds])


def doing(service: Callable[..., Any], key: int, version: int, by: User, **said: Any) -> Callable[[], str]:
    def deed() -> str:
        notification = Notification.objects.select_related("case").get(pk=key)
        try:
            service(notification=notification, by=by, version=version, **said)
        except StaleVersion:
            return "told"
        return "done"

    return deed


def test_of_two_who_approve_at_once_one_wins_and_it_is_published_once() -> None:
    ship_reference()
    desk = learning_in("proposed")
    version, key = desk.fresh.case.version, desk.notification.pk
    second, third = desk.second, staff(Role.ENFORCEMENT_MANAGER)
    approve = services.approve_learning
    said = {"doubts_confirmed": True}
    outcomes = at_once(*(doing(approve, key, version, by, **said) for by in (second, third)))
    assert outcomes == ["done", "told"]
    assert PublishedLearning.objects.count() == 1
    assert LibraryRevision.objects.get().number == 1
    assert Event.objects.filter(type="learning.published").count() == 1
    assert first_broken_link() is None


def test_of_two_who_begin_at_once_one_wins_and_there_is_one_draft() -> None:
    ship_reference()
    desk = Desk()
    version, key = desk.fresh.case.version, desk.notification.pk
    said: dict[str, Any] = {"texts": TEXTS, "kinds": Kinds()}
    people = (desk.writer, desk.second)
    write = services.write_learning
    assert at_once(*(doing(write, key, version, by, **said) for by in people)) == ["done", "told"]
    assert LearningCase.objects.count() == 1
