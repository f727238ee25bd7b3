"""Two managers at once, and the release task twice at once: the entry is public once, and whoever was slower
is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections

from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.gate.tasks import RELEASE_ENTRIES
from enforcement.models import Notice
from enforcement.register.models import Change, RegisterEntry
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import StaleVersion
from regulator.casework.models import Event
from tests.enforcement.gate.stage import proposed
from tests.enforcement.scene import MORNING, Scene
from tests.factories import staff
from tests.reference import ship_provisions

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*deeds: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], str]) -> str:
        try:
            barrier.wait(timeout=20)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(each.result(timeout=60) for each in [pool.submit(run, deed) for deed in deeds])


def _approving(key: int, version: int, by: User) -> Callable[[], str]:
    def deed() -> str:
        notice = Notice.objects.select_related("case").get(pk=key)
        try:
            gate.approve_entry(notice=notice, by=by, version=version)
        except StaleVersion:
            return "told"
        return "approved"

    return deed


def _releasing(key: int) -> Callable[[], str]:
    def deed() -> str:
        proposal = Proposal.objects.select_related("notice__case").get(pk=key)
        released = gate.release_entry(proposal=proposal, by=Scheduled(RELEASE_ENTRIES))
        return "released" if released else "nothing to do"

    return deed


def test_of_two_managers_who_approve_at_once_one_wins_and_the_entry_is_public_once() -> None:
    with time_machine.travel(MORNING, tick=False) as travel:
        ship_provisions()
        scene = Scene()
        notice = proposed(scene, travel)
        managers = (scene.manager, staff(Role.ENFORCEMENT_MANAGER))
        version = notice.case.version
        outcomes = _at_once(*(_approving(notice.pk, version, by) for by in managers))
    assert outcomes == ["approved", "told"]
    assert (Change.objects.count(), RegisterEntry.objects.get().version) == (1, 1)
    assert Event.objects.filter(case=notice.pk, type="enforcement.published").count() == 1
    assert Proposal.objects.get().state == "released"
    assert first_broken_link() is None


def test_of_two_tasks_that_release_at_once_one_finds_nothing_to_do() -> None:
    with time_machine.travel(MORNING, tick=False) as travel:
        ship_provisions()
        scene = Scene()
        notice = proposed(scene, travel)
        until = clock.now() + timedelta(hours=2)
        scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=until)
        scene.do(notice, gate.approve_entry)
        key = Proposal.objects.get(state="approved").pk
        travel.move_to(until)
        outcomes = _at_once(_releasing(key), _releasing(key))
    assert outcomes == ["nothing to do", "released"]
    assert (Change.objects.count(), RegisterEntry.objects.count()) == (1, 1)
    assert first_broken_link() is None
