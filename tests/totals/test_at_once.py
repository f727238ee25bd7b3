"""Several workers and a recount at once, while people go on: each change is counted once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from notifications import services
from notifications.models import Notification
from regulator.casework.chain import first_broken_link
from regulator.statistics.totals.following import follow, recount
from regulator.statistics.totals.models import CountedCase, Mark, Total
from tests.factories import Cast, complete, notification_in
from tests.reference import ship_reference
from tests.totals.test_following import EVER, assert_equal_to_the_figures, caught_up

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], object]) -> None:
    """Do the deeds at once, each on a connection of its own."""
    begin = Barrier(len(deeds))

    def each(deed: Callable[[], object]) -> None:
        begin.wait()
        try:
            deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(each, deed) for deed in deeds]:
            done.result()


def test_workers_that_follow_at_once_count_each_case_once() -> None:
    ship_reference()
    cast = Cast()
    for _ in range(4):
        notification_in("submitted", cast=cast)
    Mark.objects.all().delete()
    together(follow, follow, follow)
    caught_up()
    assert Total.objects.get(dimension="all").number == CountedCase.objects.count() == 4
    assert_equal_to_the_figures(EVER)
    assert recount() == {}


def test_a_recount_beside_workers_and_people_loses_nothing() -> None:
    ship_reference()
    cast = Cast()
    held = [notification_in("submitted", cast=cast) for _ in range(3)]
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=complete())

    def withdraw() -> None:
        one = Notification.objects.get(pk=held[0].pk)
        services.withdraw(notification=one, by=cast.reporter, version=one.case.version, reason="Sent twice.")

    def submit() -> None:
        one = Notification.objects.get(pk=draft.pk)
        services.submit(notification=one, by=cast.reporter, version=one.case.version)

    together(follow, recount, withdraw, submit, follow)
    caught_up()
    assert Total.objects.get(dimension="all").number == 3
    assert_equal_to_the_figures(EVER)
    assert recount() == {}
    assert first_broken_link() is None
