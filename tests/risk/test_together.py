"""Two at once: two workers that score one employer again, and two people who decide on one override."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import Refused
from regulator.organisations.models import Employer
from regulator.risk import services
from regulator.risk.models import RiskOverride, RiskScore
from regulator.risk.queries import latest_scores
from regulator.risk.services.following import rescore_one
from tests.factories import staff
from tests.risk.conftest import Counted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> None:
    """Do all of them in threads that start together."""
    barrier = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> None:
        barrier.wait(timeout=30)
        try:
            deed()
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_two_workers_store_one_revision(england: list[Employer], counted: Counted) -> None:
    run = services.run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    employer = england[-1].pk
    RiskScore.objects.filter(run=run, employer=employer).update(snapshot_hash="0" * 64)
    at_once(*[lambda: rescore_one(run, employer)] * 3)
    held = RiskScore.objects.filter(run=run, employer=employer)
    assert sorted(held.values_list("revision", "is_current")) == [(0, False), (1, True)]
    assert first_broken_link() is None


def test_of_two_who_decide_one_is_too_late(england: list[Employer]) -> None:
    services.run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))
    made = services.propose(
        score=latest_scores()[0],
        direction="sooner",
        until=clock.today() + timedelta(days=30),
        reason="It was seen this week.",
        by=staff(Role.INSPECTOR),
    )
    one, other = staff(Role.INSPECTOR), staff(Role.ENFORCEMENT_MANAGER)
    refused: list[str] = []

    def attempt(deed: Callable[[], object]) -> Callable[[], None]:
        def do() -> None:
            try:
                deed()
            except Refused as why:
                refused.append(str(why))

        return do

    at_once(
        attempt(lambda: services.confirm(override=made, by=one, version=1)),
        attempt(lambda: services.refuse(override=made, by=other, version=1, reason="Not now.")),
    )
    held = RiskOverride.objects.get()
    assert len(refused) == 1
    assert held.version == 2
    assert held.state in (RiskOverride.State.CONFIRMED, RiskOverride.State.REFUSED)
