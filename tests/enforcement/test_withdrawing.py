"""Withdrawal, within the bounds of HSWA 1974 s23."""

from datetime import date, timedelta

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


def test_a_notice_that_was_complied_with_is_not_withdrawn_by_way_of_an_appeal(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    """Its entry stays on the register: a withdrawal would delete it."""
    notice = scene.notice("served")
    travel.move_to("2025-03-28T12:00:00+00:00")
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    travel.move_to("2025-04-01T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    for day in ("2025-04-02", "2025-06-01"):
        travel.move_to(f"{day}T12:00:00+00:00")
        assert "was complied with" in _refusal(scene, notice)
        with pytest.raises(NotAllowedNow, match="was complied with"):
            scene.do(notice, services.withdraw, **WHY)


@pytest.mark.parametrize(("lodged_on", "refused"), [("2025-04-14", False), ("2025-04-15", True)])
def test_a_period_that_was_over_when_the_appeal_was_lodged_does_not_stand_still(
    scene: Scene, travel: time_machine.Traveller, lodged_on: str, refused: bool
) -> None:
    """A failure recorded before CQC learnt of the appeal is none where that was lodged within the period."""
    notice = scene.notice("served")
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, services.record_failure, reason="Nothing came.")
    day = date.fromisoformat(lodged_on)
    scene.do(notice, services.record_appeal, lodged_on=day, late_with_leave=True)
    assert ("period ended on 14 April 2025" in _refusal(scene, notice)) is refused
