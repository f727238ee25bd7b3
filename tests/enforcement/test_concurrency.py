"""Two managers at once: one wins, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from enforcement import services
from enforcement.models import Notice
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import StaleVersion
from regulator.casework.models import Event
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.reference import ship_provisions


def _attempt(barrier: Barrier, key: int, by: User) -> Callable[[], str]:
    def run() -> str:
        try:
            notice = Notice.objects.select_related("case").get(pk=key)
            barrier.wait(timeout=20)
            services.approve(notice=notice, by=by, version=notice.case.version)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "approved"

    return run


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_approve_at_once_one_wins() -> None:
    ship_provisions()
    scene = Scene()
    key = scene.notice("reviewed").pk
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        managers = [scene.manager, staff(Role.ENFORCEMENT_MANAGER)]
        futures = [pool.submit(_attempt(barrier, key, by)) for by in managers]
        outcomes = sorted(future.result(timeout=60) for future in futures)
    assert outcomes == ["approved", "told"]
    assert Event.objects.filter(case=key, type="enforcement.approved").count() == 1
    assert first_broken_link() is None
