"""Two managers at once: one wins, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from enforcement import services
from enforcement.models import Notice
from enforcement.papers.making import keep_copies
from enforcement.papers.models import Paper, ServiceAttempt
from enforcement.papers.setting import digest_of
from enforcement.services.reviewing import CHECKS
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import StaleVersion
from regulator.casework.models import Event
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.reference import ship_provisions

Given = Callable[[Notice], dict[str, Any]]


def _whole_review(notice: Notice) -> dict[str, Any]:
    cited = [each.provision for each in notice.breaches.select_related("provision")]
    return {"provisions": cited, "checks": list(CHECKS)}


def _service(notice: Notice) -> dict[str, Any]:
    return {
        "served_on": clock.today(),
        "served_time": timezone.localtime(notice.approved_at).time(),
        "method": "by_hand",
        "address": "Here",
        "office": "The board",
        "compliance_on": clock.today() + timedelta(days=42),
        "leaflet_included": True,
    }


DEEDS: list[tuple[str, str, Any, Given]] = [
    ("proposed", "enforcement.reviewed", services.pass_review, _whole_review),
    ("reviewed", "enforcement.approved", services.approve, lambda notice: {}),
    ("approved", "enforcement.served", services.serve, _service),
]


def _attempt(barrier: Barrier, key: int, by: User, deed: Any, given: Given) -> Callable[[], str]:
    def run() -> str:
        try:
            notice = Notice.objects.select_related("case").get(pk=key)
            arguments = given(notice)
            barrier.wait(timeout=20)
            deed(notice=notice, by=by, version=notice.case.version, **arguments)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "done"

    return run


@pytest.mark.parametrize(("state", "event", "deed", "given"), DEEDS)
@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_do_the_same_at_once_one_wins(
    state: str, event: str, deed: Any, given: Given
) -> None:
    ship_provisions()
    scene = Scene()
    key = scene.notice(state).pk
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        managers = [scene.manager, staff(Role.ENFORCEMENT_MANAGER)]
        futures = [pool.submit(_attempt(barrier, key, by, deed, given)) for by in managers]
        outcomes = sorted(future.result(timeout=60) for future in futures)
    assert outcomes == ["done", "told"]
    assert Event.objects.filter(case=key, type=event).count() == 1
    assert ServiceAttempt.objects.count() == (state == "approved")
    assert first_broken_link() is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_each_document_once() -> None:
    ship_provisions()
    Scene().notice("served")
    barrier = Barrier(2)

    def work() -> tuple[int, int]:
        try:
            barrier.wait(timeout=20)
            return keep_copies()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        kept = [each.result(timeout=60) for each in [pool.submit(work), pool.submit(work)]]
    assert [sum(each) for each in zip(*kept, strict=True)] == [2, 0]
    for paper in Paper.objects.all():
        assert digest_of(bytes(paper.pdf or b"")) == paper.pdf_sha256
