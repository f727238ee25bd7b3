"""One employer scored again after something new: at once, once, from the night's figures, and never
backwards."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, first_broken_link, writing
from regulator.casework.models import Case, Event
from regulator.organisations.models import Employer
from regulator.outbox.sweep import SWEEPERS
from regulator.risk import services
from regulator.risk.models import RiskRun, RiskScore
from regulator.risk.queries import latest_scores, snapshot
from regulator.risk.services import following
from regulator.risk.tasks import rescore_changed
from tests.risk.conftest import Counted

AS_OF = date(2024, 3, 31)
NIGHT = Scheduled("risk.nightly_run")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2024, 3, 31, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def run(england: list[Employer]) -> RiskRun:
    return services.run_risk(as_of=AS_OF, by=NIGHT)


def happened(employer: Employer) -> None:
    """Something on a case of the employer, of whatever kind."""
    case = Case.objects.create(kind="notification", status="submitted", employer=employer)
    with writing():
        append("notifications.submitted", case=case, by=NIGHT)


def current(employer: Employer) -> RiskScore:
    return latest_scores().get(employer=employer)


def test_a_new_report_is_scored_at_once_and_what_stood_before_is_kept(
    run: RiskRun, england: list[Employer], counted: Counted
) -> None:
    before = current(england[-1])
    counted[england[-1].pk, "radiotherapy"] = 2
    happened(england[-1])
    assert rescore_changed() > 0
    after = current(england[-1])
    assert (before.revision, after.revision, after.observed) == (0, 1, 2)
    assert after.p_under < before.p_under
    assert after.snapshot_hash != before.snapshot_hash
    before.refresh_from_db()
    assert (before.is_current, before.observed) == (False, 0)
    assert after.series.get().observed == 2
    event = Event.objects.get(type="risk.rescored")
    assert event.payload["snapshot"] == after.snapshot_hash
    assert first_broken_link() is None


def test_what_changes_nothing_that_counts_stores_nothing(
    run: RiskRun, england: list[Employer], counted: Counted
) -> None:
    happened(england[0])
    assert services.follow() > 0
    assert RiskScore.objects.filter(run=run).count() == 10
    assert following.rescore_one(run, england[0].pk) is None


def test_nobody_else_is_scored_again(run: RiskRun, england: list[Employer], counted: Counted) -> None:
    counted[england[-1].pk, "radiotherapy"] = 1
    counted[england[0].pk, "radiotherapy"] = 9
    happened(england[-1])
    services.follow()
    assert current(england[0]).observed == 5
    assert not services.anything_to_follow()


def test_what_was_followed_is_not_followed_twice(
    run: RiskRun, england: list[Employer], counted: Counted
) -> None:
    counted[england[-1].pk, "radiotherapy"] = 1
    happened(england[-1])
    while services.follow():
        pass
    events = Event.objects.count()
    assert rescore_changed() == 0
    assert Event.objects.count() == events


def test_a_lost_hint_is_made_up_for_by_the_sweeper(
    run: RiskRun, england: list[Employer], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("regulator.hint.wake", woken.append)
    SWEEPERS.get("risk.rescoring")()
    woken.clear()
    while services.follow():
        pass
    SWEEPERS.get("risk.rescoring")()
    assert woken == []
    happened(england[0])
    SWEEPERS.get("risk.rescoring")()
    assert woken == ["risk.rescore_changed"]


def test_without_a_run_there_is_nothing_to_score_with(england: list[Employer]) -> None:
    happened(england[0])
    assert not services.anything_to_follow()
    assert services.follow() == 0


def test_a_run_of_a_former_model_is_not_scored_with(run: RiskRun, england: list[Employer]) -> None:
    RiskRun.objects.filter(pk=run.pk).update(model_version="1.1.0")
    happened(england[0])
    assert services.follow() == 0


def test_who_came_after_the_run_is_scored_as_well(run: RiskRun, england: list[Employer]) -> None:
    newcomer = Employer.objects.create(key="new", name="Newcomer", type="nhs_acute")
    happened(newcomer)
    services.follow()
    assert (current(newcomer).revision, current(newcomer).has_activity) == (0, False)


def test_a_slow_worker_does_not_put_an_old_score_over_a_newer_one(
    run: RiskRun, england: list[Employer], counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happened while it computed makes its result old: it stores nothing."""
    counted[england[-1].pk, "radiotherapy"] = 1
    read = snapshot

    def slow(*args: object) -> object:
        seen = read(*args)  # type: ignore[arg-type]
        counted[england[-1].pk, "radiotherapy"] = 3
        happened(england[-1])
        return seen

    monkeypatch.setattr(following, "snapshot", slow)
    assert following.rescore_one(run, england[-1].pk) is None
    monkeypatch.setattr(following, "snapshot", read)
    while services.follow():
        pass
    assert current(england[-1]).observed == 3


def test_a_worker_killed_before_the_mark_moved_leaves_work_that_is_done_again(
    run: RiskRun, england: list[Employer], counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted[england[-1].pk, "radiotherapy"] = 1
    happened(england[-1])

    def killed(*args: object, **rest: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(following, "append", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            services.follow()
    assert current(england[-1]).revision == 0
    services.follow()
    assert current(england[-1]).revision == 1


@pytest.mark.parametrize("others", [0, 40])
def test_scoring_one_again_takes_the_same_queries_at_any_number_of_employers(
    run: RiskRun, england: list[Employer], counted: Counted, others: int
) -> None:
    for number in range(others):
        Employer.objects.create(key=f"o{number}", name=f"Other {number}", type="nhs_acute")
    counted[england[-1].pk, "radiotherapy"] = 1
    with CaptureQueriesContext(connection) as queries:
        assert following.rescore_one(run, england[-1].pk) is not None
    assert len(queries) <= 31
