"""Actions that were not done by their day weigh in the employer's score, those done in time do not."""

from datetime import timedelta
from typing import Any

import pytest

from inspections import services as inspecting
from inspections.models import Inspection
from inspections.plans import services
from inspections.plans.indicators import overdue_actions
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.organisations.models import Employer
from regulator.periods import DayRange
from regulator.risk.indicators import INDICATORS, Asked
from regulator.risk.models import RiskScore
from regulator.risk.queries import latest_scores
from regulator.risk.services import follow, run_risk
from regulator.risk.services.following import rescore_one
from tests.enforcement.scene import Scene
from tests.inspections.plans.test_path import accepted
from tests.risk.conftest import counted, england

__all__ = ["counted", "england"]

pytestmark = pytest.mark.django_db


def counted_now(scene: Scene, employer: int | None = None) -> list[tuple[int, int, int]]:
    today = clock.today()
    window = DayRange(today - timedelta(days=3 * 365), today)
    return list(overdue_actions(Asked(window, employer)))


def test_an_action_counts_once_its_day_has_gone_by(scene: Scene, travel: Any) -> None:
    inspection, _ = accepted(scene)
    assert counted_now(scene) == []
    travel.shift(timedelta(days=42))
    assert counted_now(scene) == [], "its own day has not gone by"
    travel.shift(timedelta(days=1))
    assert counted_now(scene) == [(scene.employer.pk, 2, 1)]
    assert counted_now(scene, scene.employer.pk) == [(scene.employer.pk, 2, 1)]
    assert counted_now(scene, scene.employer.pk + 1) == []
    scene._finish_action(inspection)
    assert counted_now(scene) == [(scene.employer.pk, 2, 1)], "done late is a missed day"


def test_what_was_done_in_time_cancelled_or_given_time_does_not(scene: Scene, travel: Any) -> None:
    inspection, (done, cancelled, moved) = accepted(scene, "breach", "breach", "recommendation")
    scene._finish_action(inspection)
    scene.inspect(inspection, services.ask_cancel, scene.lead, action=cancelled, reason="It closed.")
    scene.inspect(inspection, services.agree_cancel, action=cancelled)
    until = clock.today() + timedelta(days=90)
    asked = {"asked_until": until, "reason": "Late."}
    scene.inspect(inspection, services.ask_more_time, scene.lead, action=moved, **asked)
    scene.inspect(inspection, services.grant_more_time, action=moved, due_on=until, reason="Fair.")
    done.refresh_from_db()
    assert done.done_on
    travel.shift(timedelta(days=60))
    assert counted_now(scene) == [(scene.employer.pk, 0, 1)] or counted_now(scene) == []
    travel.shift(timedelta(days=40))
    assert counted_now(scene) == [(scene.employer.pk, 1, 1)]


def test_what_was_known_at_the_windows_end_counts(scene: Scene, travel: Any) -> None:
    accepted(scene, "breach")
    travel.shift(timedelta(days=60))
    today = clock.today()
    before = Asked(DayRange(today - timedelta(days=365), today - timedelta(days=20)))
    assert list(overdue_actions(before)) == []
    long_after = Asked(DayRange(today - timedelta(days=10), today))
    assert list(overdue_actions(long_after)) == []


def test_it_weighs_under_the_name_that_the_parameters_know() -> None:
    assert INDICATORS.get("plans.overdue").weighs_as == "overdue_actions"


def score(employer: Employer) -> RiskScore:
    return latest_scores().get(employer=employer)


def part(scored: RiskScore) -> dict[str, Any]:
    return next(each for each in scored.components if each["name"] == "overdue_actions")


def test_an_overdue_action_weighs_and_one_done_in_time_does_not(
    scene: Scene, travel: Any, england: list[Employer]
) -> None:
    """The same incidents and activity, one plan each: the first is late, the second not. A run and a single
    scoring of what is new agree."""
    late, punctual = Scene(england[0]), Scene(england[1])
    inspection, _ = accepted(late, "recommendation")
    accepted(punctual, "recommendation")
    punctual._finish_action(Inspection.objects.get(case__employer=england[1]))
    travel.shift(timedelta(days=50))
    night = Scheduled("risk.nightly_run")
    run_risk(as_of=clock.today(), by=night)
    worse, better = score(england[0]), score(england[1])
    assert (part(worse)["happened"], part(better)["happened"]) == (1, 0)
    assert part(worse)["poor"] > part(better)["poor"]
    assert worse.p_poor > better.p_poor
    assert any("past the day they were due on: 1" in each for each in worse.why)

    late.inspect(inspection, services.ask_cancel, late.lead, action=late.begun(inspection), reason="Closed.")
    late.inspect(inspection, services.agree_cancel, action=late.begun(inspection))
    while follow():
        pass
    alone = score(england[0])
    assert (alone.revision, part(alone)["happened"]) == (1, 0)
    run_risk(as_of=clock.today(), by=night)
    again = score(england[0])
    assert again.run != alone.run
    assert part(again)["happened"] == part(alone)["happened"]
    assert rescore_one(again.run, england[0].pk) is None, "scored alone it is as in the run"
    assert again.snapshot_hash == alone.snapshot_hash


@pytest.mark.parametrize("days", [3, 43])
def test_closing_the_inspection_changes_nothing(scene: Scene, travel: Any, days: int) -> None:
    inspection, _ = accepted(scene, "breach")
    scene.inspect(inspection, inspecting.close)
    travel.shift(timedelta(days=days))
    assert bool(counted_now(scene)) is (days == 43)
