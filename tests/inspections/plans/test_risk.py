"""Actions that were not done by their day weigh in the employer's score, those done in time do not."""

from datetime import timedelta
from typing import Any

import pytest

from inspections.plans import services
from inspections.plans.indicators import overdue_actions
from regulator import clock
from regulator.periods import DayRange
from regulator.risk.indicators import INDICATORS, Asked
from tests.enforcement.scene import Scene
from tests.inspections.plans.test_path import accepted


def counted(scene: Scene, employer: int | None = None) -> list[tuple[int, int, int]]:
    today = clock.today()
    window = DayRange(today - timedelta(days=3 * 365), today)
    return list(overdue_actions(Asked(window, employer)))


def test_an_action_counts_once_its_day_has_gone_by(scene: Scene, travel: Any) -> None:
    inspection, _ = accepted(scene)
    assert counted(scene) == []
    travel.shift(timedelta(days=42))
    assert counted(scene) == [], "its own day has not gone by"
    travel.shift(timedelta(days=1))
    assert counted(scene) == [(scene.employer.pk, 2, 1)]
    assert counted(scene, scene.employer.pk) == [(scene.employer.pk, 2, 1)]
    assert counted(scene, scene.employer.pk + 1) == []
    scene._finish_action(inspection)
    assert counted(scene) == [(scene.employer.pk, 2, 1)], "done late is a missed day"


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
    assert counted(scene) == [(scene.employer.pk, 0, 1)] or counted(scene) == []
    travel.shift(timedelta(days=40))
    assert counted(scene) == [(scene.employer.pk, 1, 1)]


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


@pytest.mark.parametrize("days", [3, 43])
def test_the_rest_of_the_case_does_not_matter(scene: Scene, travel: Any, days: int) -> None:
    from inspections import services as inspecting

    inspection, _ = accepted(scene, "breach")
    scene.inspect(inspection, inspecting.close)
    travel.shift(timedelta(days=days))
    assert bool(counted(scene)) is (days == 43)
