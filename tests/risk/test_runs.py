"""Runs: what they read, that they are whole, repeatable and allowed, and what becomes of abandoned ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Event
from regulator.organisations.models import EMPLOYERS_RETURN, ActivityReturn, Completeness, Employer, Site
from regulator.outbox.sweep import SWEEPERS
from regulator.risk import services
from regulator.risk.models import RiskRun, RiskScore, RiskSeries
from regulator.risk.parameters import CURRENT
from regulator.risk.queries import anybody_scored, latest_scores, snapshot
from tests.risk.conftest import Counted

AS_OF = date(2024, 3, 31)
NIGHT = Scheduled("risk.nightly_run")
NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOON):
        yield


def employer(number: int, activity: int | None = 10_000, **fields: Any) -> Employer:
    held = Employer.objects.create(key=f"e{number}", name=f"Employer {number}", type="nhs_acute", **fields)
    if activity is not None:
        done(held, activity)
    return held


def done(
    held: Employer,
    quantity: int,
    *,
    source: str = "Return",
    completeness: str = Completeness.COMPLETE,
    start: date = date(2021, 4, 1),
    end: date = AS_OF,
) -> None:
    ActivityReturn.objects.create(
        employer=held,
        modality="radiotherapy",
        period_start=start,
        period_end=end,
        quantity=quantity,
        unit="episodes",
        source=source,
        completeness=completeness,
    )


def measures(run: RiskRun) -> str:
    left_out = {"id", "run_id", "score_id", "computed_at"}
    series = RiskSeries.objects.filter(score__run=run).order_by("score__employer", "modality")
    rows = (*run.scores.order_by("employer").values(), *series.values())
    return repr([{name: value for name, value in row.items() if name not in left_out} for row in rows])


def test_the_silent_employer_comes_first_and_the_event_is_on_the_chain(england: list[Employer]) -> None:
    run = services.run_risk(as_of=AS_OF, by=NIGHT)
    assert (run.state, run.rows) == (RiskRun.State.DONE, 10)
    first = latest_scores()[0]
    assert first.employer == england[-1]
    assert first.expected == Decimal("4.5000")
    assert first.why[0].startswith("0 incidents where 4.5 would be expected")
    assert (first.model_version, len(first.snapshot_hash)) == (CURRENT, 64)
    assert first.parameters_hash == run.parameters_hash
    event = Event.objects.get(type="risk.run_finished")
    assert event.case is None
    assert event.payload["snapshot"] == run.snapshot_hash
    assert first_broken_link() is None


def test_the_same_input_gives_the_same_scores_byte_for_byte(england: list[Employer]) -> None:
    one, other = (services.run_risk(as_of=AS_OF, by=NIGHT) for _ in range(2))
    assert one.pk != other.pk
    assert (one.snapshot_hash, one.parameters_hash) == (other.snapshot_hash, other.parameters_hash)
    assert one.diagnostics == other.diagnostics
    assert measures(one) == measures(other)
    assert one.frozen == other.frozen


def test_one_more_incident_changes_the_snapshot(england: list[Employer], counted: Counted) -> None:
    one = services.run_risk(as_of=AS_OF, by=NIGHT)
    counted[england[-1].pk, "radiotherapy"] = 1
    assert services.run_risk(as_of=AS_OF, by=NIGHT).snapshot_hash != one.snapshot_hash


def test_an_employer_without_activity_is_scored_on_the_rest_and_says_so(
    england: list[Employer], counted: Counted
) -> None:
    gap = employer(99, activity=None)
    counted[gap.pk, "radiotherapy"] = 2
    services.run_risk(as_of=AS_OF, by=NIGHT)
    held = latest_scores().get(employer=gap)
    assert (held.has_activity, held.series.get().has_activity, held.series.get().observed) == (
        False,
        False,
        2,
    )
    assert any("No activity return for radiotherapy" in each for each in held.why)


def test_an_employer_with_a_site_but_no_return_and_no_report_does_not_vanish(england: list[Employer]) -> None:
    quiet, closed = employer(98, activity=None), employer(99, activity=None)
    Site.objects.create(employer=quiet, key="s", name="Site", modalities=["radiotherapy"])
    Site.objects.create(employer=closed, key="s", name="Site", modalities=["radiotherapy"], is_open=False)
    services.run_risk(as_of=AS_OF, by=NIGHT)
    held = {each.employer: [one.modality for one in each.series.all()] for each in latest_scores()}
    assert (held[quiet], held[closed]) == (["radiotherapy"], [])


def test_the_rate_is_that_of_the_covered_days_and_the_rest_is_filled(counted: Counted) -> None:
    during, before = employer(1, activity=None), employer(2, activity=None)
    done(during, 500, start=date(2023, 4, 1))
    done(before, 1_000, end=date(2023, 3, 31))
    counted.update({(each.pk, "radiotherapy"): 3 for each in (during, before)})
    run = services.run_risk(as_of=AS_OF, by=NIGHT)
    assert [Decimal(each) for each in run.diagnostics[0]["rates"]] == [0, 0, Decimal("0.006")]
    held = {each.score.employer: each for each in RiskSeries.objects.filter(score__run=run)}
    assert {each: held[each].covered_days for each in held} == {during: 366, before: 730}
    assert float(held[before].expected) == pytest.approx(3.0, rel=0.01)


def test_where_the_window_has_passed_every_return_nobody_is_scored(england: list[Employer]) -> None:
    with clock.at(datetime(2027, 4, 1, 12, tzinfo=UTC)):
        run = services.run_risk(as_of=date(2027, 3, 31), by=NIGHT)
    assert not anybody_scored(run)
    assert {each.covered_days for each in RiskSeries.objects.filter(score__run=run)} == {0}


def test_of_two_returns_for_the_same_days_the_complete_one_counts(counted: Counted) -> None:
    held = employer(1, activity=None)
    done(held, 7, source="Guess", completeness=Completeness.ESTIMATED)
    done(held, 900, source="Return")
    counted[held.pk, "radiotherapy"] = 9
    run = services.run_risk(as_of=AS_OF, by=NIGHT)
    assert float(run.diagnostics[0]["rates"][-1]) == pytest.approx(9 / (900 * 366 / 1096), rel=1e-4)


@pytest.mark.parametrize("own_first", [True, False])
def test_of_equally_complete_returns_the_employers_own_counts_and_only_it(
    counted: Counted, own_first: bool
) -> None:
    held = employer(1, activity=None)
    sources = [(EMPLOYERS_RETURN, 900), ("National data set", 7_000)]
    for source, quantity in sources if own_first else reversed(sources):
        done(held, quantity, source=source)
    done(held, 50, source="Newest guess", completeness=Completeness.ESTIMATED)
    counted[held.pk, "radiotherapy"] = 9
    run = services.run_risk(as_of=AS_OF, by=NIGHT)
    assert float(run.diagnostics[0]["rates"][-1]) == pytest.approx(9 / (900 * 366 / 1096), rel=1e-4)


def test_an_estimate_of_the_employers_does_not_push_a_complete_data_set_aside(counted: Counted) -> None:
    held = employer(1, activity=None)
    done(held, 900, source="National data set")
    done(held, 7, source=EMPLOYERS_RETURN, completeness=Completeness.ESTIMATED)
    counted[held.pk, "radiotherapy"] = 9
    run = services.run_risk(as_of=AS_OF, by=NIGHT)
    assert float(run.diagnostics[0]["rates"][-1]) == pytest.approx(9 / (900 * 366 / 1096), rel=1e-4)


def test_analysts_and_the_night_may_run_the_model_and_nobody_else(england: list[Employer]) -> None:
    analyst = User.objects.create_user("analyst@example.invalid", name="Analyst", role=Role.ANALYST)
    assert services.run_risk(as_of=AS_OF, by=analyst).state == RiskRun.State.DONE
    for role in (Role.INSPECTOR, Role.AUDITOR, Role.ADMINISTRATOR, ""):
        other = User.objects.create_user(f"{role or 'none'}@example.invalid", name="Other", role=role)
        with pytest.raises(PermissionDenied):
            services.run_risk(as_of=AS_OF, by=other)


def test_the_night_does_todays_run_once(england: list[Employer]) -> None:
    assert services.run_nightly(by=NIGHT) == 1
    assert services.run_nightly(by=NIGHT) == 0
    assert RiskRun.objects.get().as_of == AS_OF


def test_a_run_is_taken_up_by_one_worker_only(england: list[Employer]) -> None:
    run = services.queue_run(as_of=AS_OF, by=NIGHT)
    services.work_on(run=run, by=NIGHT)
    with pytest.raises(NotAllowedNow):
        services.work_on(run=run, by=NIGHT)
    assert RiskScore.objects.count() == 10


def abandoned(**fields: Any) -> RiskRun:
    run = services.queue_run(as_of=AS_OF, by=NIGHT)
    RiskRun.objects.filter(pk=run.pk).update(
        state=RiskRun.State.RUNNING, lease_until=NOON - timedelta(seconds=1), **fields
    )
    return run


def test_what_a_dead_worker_left_is_given_up_and_queued_again(england: list[Employer]) -> None:
    left = abandoned()
    assert SWEEPERS.get("risk.runs")() == 1
    left.refresh_from_db()
    assert left.state == RiskRun.State.FAILED
    assert RiskRun.objects.get(state=RiskRun.State.QUEUED).attempt == 2
    assert services.sweep_runs() == 0
    assert services.run_nightly(by=NIGHT) == 1
    assert latest_scores().count() == 10


def test_a_run_whose_worker_lives_is_left_alone(england: list[Employer]) -> None:
    left = abandoned()
    RiskRun.objects.filter(pk=left.pk).update(lease_until=NOON + timedelta(seconds=1))
    assert services.sweep_runs() == 0


def test_after_three_attempts_no_other_is_queued() -> None:
    abandoned(attempt=services.MOST_ATTEMPTS)
    assert services.sweep_runs() == 1
    assert not RiskRun.objects.filter(state=RiskRun.State.QUEUED).exists()


def test_a_worker_that_was_given_up_stores_nothing(
    england: list[Employer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: Any) -> Any:
        RiskRun.objects.update(state=RiskRun.State.FAILED)
        return snapshot(*args)

    monkeypatch.setattr("regulator.risk.services.runs.snapshot", slow)
    with pytest.raises(NotAllowedNow):
        services.run_risk(as_of=AS_OF, by=NIGHT)
    assert not RiskScore.objects.exists()


def test_the_newest_runs_scores_are_read_with_their_employers_in_one_query(england: list[Employer]) -> None:
    with clock.at(NOON - timedelta(days=366)):
        services.run_risk(as_of=date(2023, 3, 31), by=NIGHT)
    newest = services.run_risk(as_of=AS_OF, by=NIGHT)
    with CaptureQueriesContext(connection) as queries:
        scores = list(latest_scores())
        assert {each.employer.name for each in scores} == {each.name for each in england}
    assert len(queries) == 1
    assert {each.run_id for each in scores} == {newest.pk}


@pytest.mark.parametrize("size", [10, 60])
def test_a_run_takes_the_same_few_queries_at_any_size(counted: Counted, size: int) -> None:
    for number in range(size):
        counted[employer(number).pk, "radiotherapy"] = number % 7
    with CaptureQueriesContext(connection) as queries:
        services.run_risk(as_of=AS_OF, by=NIGHT)
    assert len(queries) <= 51  # SQLite takes 999 values a statement, so 180 rates need several


def test_a_run_that_waited_while_the_model_changed_gives_way_to_the_current_model(
    england: list[Employer],
) -> None:
    old = services.queue_run(as_of=AS_OF, by=NIGHT)
    RiskRun.objects.filter(pk=old.pk).update(model_version="1.1.0")
    old.refresh_from_db()
    done = services.work_on(run=old, by=NIGHT)
    old.refresh_from_db()
    assert (old.state, done.state) == (RiskRun.State.FAILED, RiskRun.State.DONE)
    assert done.model_version == CURRENT
    assert Event.objects.filter(type="risk.run_abandoned").count() == 1
