"""Withdrawal, within the bounds of HSWA 1974 s23."""

from datetime import timedelta

import pytest
import time_machine

from enforcement import desk, services
from enforcement.models import Notice
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from tests.enforcement.scene import Scene

WHY = {"reason": "Served on the wrong employer."}


def _refusal(scene: Scene, notice: Notice) -> str:
    button = next(action for action in desk.PAGE.actions if action.name == "withdraw")
    return button.refusal(notice.case, scene.manager)


def test_an_immediate_prohibition_is_not_withdrawn(scene: Scene) -> None:
    notice = scene.notice("served", notice_type="prohibition_immediate")
    assert "cannot be withdrawn" in _refusal(scene, notice)
    with pytest.raises(NotAllowedNow, match="cannot be withdrawn"):
        scene.do(notice, services.withdraw, **WHY)


@pytest.mark.parametrize("notice_type", ["improvement", "prohibition_deferred"])
def test_withdrawal_ends_with_the_notices_period(
    scene: Scene, travel: time_machine.Traveller, notice_type: str
) -> None:
    last, late = (scene.notice("served", notice_type=notice_type) for _ in range(2))
    assert last.compliance_on is not None
    travel.move_to(f"{last.compliance_on}T12:00:00+00:00")
    assert _refusal(scene, last) == ""
    scene.do(last, services.withdraw, **WHY)
    assert last.case.status == "withdrawn"
    travel.shift(timedelta(days=1))
    assert "period ended on 14 April 2025" in _refusal(scene, late)
    with pytest.raises(NotAllowedNow, match="period ended"):
        scene.do(late, services.withdraw, **WHY)


def test_withdrawn_under_appeal_the_appeal_falls_away(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("under_appeal")
    travel.shift(timedelta(days=90))
    assert _refusal(scene, notice) == ""
    scene.do(notice, services.withdraw, **WHY)
    appeal = notice.appeals.get()
    assert (appeal.outcome, appeal.disposed_on) == ("lapsed", clock.today())


def test_an_appeal_does_not_prolong_a_deferred_prohibitions_period(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("under_appeal", notice_type="prohibition_deferred")
    travel.shift(timedelta(days=90))
    with pytest.raises(NotAllowedNow, match="period ended"):
        scene.do(notice, services.withdraw, **WHY)
