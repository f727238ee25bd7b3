"""Two people, two workers, and a hold that comes while a case is being emptied: one is first, the other sees
it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connections

from regulator.accounts.models import User
from regulator.casework.chain import first_broken_link, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Note
from regulator.casework.models import Event as Recorded
from regulator.casework.redaction import redact
from regulator.retention import services
from regulator.retention.models import LegalHold, RetentionBatch, RetentionItem
from regulator.retention.services import carrying_out, holds
from tests.factories import staff
from tests.retention.scene import WHY, Deciders, long_ago

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60
Start = Callable[[Callable[[], Any]], "Future[Any]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Begins a deed in a thread with connections of its own."""
    with ThreadPoolExecutor(4) as pool:

        def begin(deed: Callable[[], Any]) -> "Future[Any]":
            def run() -> Any:
                try:
                    return deed()
                finally:
                    connections.close_all()

            return pool.submit(run)

        yield begin


def approving(batch: RetentionBatch, by: User, barrier: Barrier) -> Callable[[], str]:
    def run() -> str:
        barrier.wait(PATIENCE)
        try:
            services.approve_batch(batch=batch, by=by, version=batch.version)
        except StaleVersion:
            return "told"
        except NotAllowedNow as refused:
            return str(refused)
        return "approved"

    return run


def test_of_two_approvers_at_once_one_is_first_and_the_other_is_told(
    deciders: Deciders, start: Start
) -> None:
    long_ago()
    batch, barrier = deciders.propose(), Barrier(2)
    waiting = [start(approving(batch, by, barrier)) for by in (deciders.manager, deciders.administrator)]
    assert sorted(each.result(PATIENCE) for each in waiting) == ["approved", "told"]
    batch.refresh_from_db()
    assert (batch.state, batch.second_by) == (RetentionBatch.State.PROPOSED, None)
    assert Recorded.objects.filter(type="retention.approved").count() == 1


def test_of_two_second_approvals_at_once_one_counts(deciders: Deciders, start: Start) -> None:
    long_ago()
    batch, barrier = deciders.approve(deciders.propose(), deciders.manager), Barrier(3)
    people = (deciders.other, deciders.administrator, deciders.manager)
    waiting = [start(approving(batch, by, barrier)) for by in people]
    told = [each.result(PATIENCE) for each in waiting]
    assert told.count("approved") == 1
    batch.refresh_from_db()
    assert batch.state == RetentionBatch.State.APPROVED
    assert batch.second_by != deciders.manager
    assert Recorded.objects.filter(type="retention.approved").count() == 2
    assert first_broken_link() is None


def test_two_proposers_at_once_list_each_case_once(deciders: Deciders, start: Start) -> None:
    long_ago()
    barrier = Barrier(2)

    def propose(by: User) -> Callable[[], bool]:
        def run() -> bool:
            barrier.wait(PATIENCE)
            try:
                services.propose_batch(as_of=deciders.today, policy="notification", by=by)
            except NotAllowedNow:
                return False
            return True

        return run

    waiting = [start(propose(by)) for by in (deciders.manager, deciders.other)]
    assert sorted(each.result(PATIENCE) for each in waiting) == [False, True]
    assert RetentionItem.objects.count() == 1


def test_two_workers_at_once_empty_each_case_once(deciders: Deciders, start: Start) -> None:
    for _ in range(5):
        long_ago()
    batch, barrier = deciders.approved(deciders.propose()), Barrier(2)

    def work() -> int:
        barrier.wait(PATIENCE)
        return services.redact_due()

    done = [each.result(PATIENCE) for each in (start(work), start(work))]
    assert sum(done) == 5
    assert Recorded.objects.filter(type="casework.redacted").count() == 5
    assert Recorded.objects.filter(type="retention.finished").count() == 1
    batch.refresh_from_db()
    assert batch.state == RetentionBatch.State.DONE
    assert first_broken_link() is None


def announcing(told: Event) -> Callable[[], AbstractContextManager[Any]]:
    """``writing``, which says that it is about to be entered."""

    def enter() -> AbstractContextManager[Any]:
        told.set()
        return writing()

    return enter


@pytest.mark.parametrize("on", ["case", "employer"])
def test_a_hold_that_was_placed_first_wins_though_it_was_not_committed_yet(
    deciders: Deciders, start: Start, monkeypatch: pytest.MonkeyPatch, on: str
) -> None:
    case, placed, trying = long_ago(), Event(), Event()
    batch, manager = deciders.approved(deciders.propose()), deciders.other
    what: dict[str, Any] = {"case": case} if on == "case" else {"employer": case.employer}

    def hold() -> None:
        with writing():
            services.place_hold(by=manager, reason=WHY, **what)
            placed.set()
            assert trying.wait(PATIENCE)

    def work() -> int:
        assert placed.wait(PATIENCE)
        return services.redact_due()

    monkeypatch.setattr(carrying_out, "writing", announcing(trying))
    holding, working = start(hold), start(work)
    holding.result(PATIENCE)
    assert working.result(PATIENCE) == 0
    item = batch.items.get()
    assert (item.outcome, item.why) == (RetentionItem.Outcome.PASSED_OVER, "hold")
    assert Note.objects.filter(case=case).exists()
    case.refresh_from_db()
    assert case.redacted_at is None


def test_a_hold_that_comes_while_a_case_is_emptied_waits_and_is_refused(
    deciders: Deciders, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, officer, emptying, trying = long_ago(), staff(), Event(), Event()
    deciders.approved(deciders.propose())

    def slowly(**arguments: Any) -> Recorded:
        emptying.set()
        assert trying.wait(PATIENCE)
        return redact(**arguments)

    def hold() -> str:
        assert emptying.wait(PATIENCE)
        try:
            services.place_hold(case=Case.objects.get(pk=case.pk), by=officer, reason=WHY)
        except NotAllowedNow as refused:
            return str(refused)
        return "placed"

    monkeypatch.setattr(carrying_out, "redact", slowly)
    monkeypatch.setattr(holds, "writing", announcing(trying))
    working, holding = start(services.redact_due), start(hold)
    assert working.result(PATIENCE) == 1
    assert "was removed on 3 May 2033" in holding.result(PATIENCE)
    assert not LegalHold.objects.exists()
    assert first_broken_link() is None
