"""Appeals: in time or with leave, what they suspend, and what the tribunal's decision brings about."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services
from enforcement.models import Notice
from regulator import clock
from regulator.deadlines.models import Deadline
from tests.enforcement.scene import Scene


def _running(notice: Notice) -> set[str]:
    return set(Deadline.objects.open().filter(case=notice.case).values_list("kind", flat=True))


def test_an_appeal_suspends_an_improvement_notices_clock(scene: Scene) -> None:
    notice = scene.notice("served")
    assert _running(notice) == {"comply", "appeal_window"}
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    assert _running(notice) == set()


def test_an_appeal_does_not_suspend_a_prohibition_notices_clock(scene: Scene) -> None:
    notice = scene.notice("served", notice_type="prohibition_deferred")
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    assert _running(notice) == {"comply"}


@pytest.mark.parametrize(("days", "in_time"), [(20, True), (21, True), (22, False)])
def test_a_late_appeal_needs_the_tribunals_leave(
    scene: Scene, travel: time_machine.Traveller, days: int, in_time: bool
) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=days))
    if not in_time:
        with pytest.raises(ValidationError, match="leave"):
            scene.do(notice, services.record_appeal, lodged_on=clock.today())
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=not in_time)
    assert notice.case.status == "under_appeal"


@pytest.mark.parametrize("days", [-1, 1])
def test_an_appeal_is_lodged_between_service_and_today(scene: Scene, days: int) -> None:
    notice = scene.notice("served")
    with pytest.raises(ValidationError):
        scene.do(notice, services.record_appeal, lodged_on=clock.today() + timedelta(days=days))


def test_affirmed_the_notice_binds_again_with_its_date_moved(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("under_appeal")
    former = notice.compliance_on
    assert former is not None
    travel.shift(timedelta(days=60))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert notice.case.status == "served"
    assert notice.compliance_on == former + timedelta(days=60)
    clocks = {each.kind: each.due_on for each in Deadline.objects.open().filter(case=notice.case)}
    due = clock.today() + timedelta(days=14)
    assert clocks == {"comply": former + timedelta(days=60), "publish": due}


def test_the_tribunal_may_set_another_date(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("under_appeal")
    travel.shift(timedelta(days=30))
    wanted = clock.today() + timedelta(days=100)
    with pytest.raises(ValidationError, match="what the tribunal changed"):
        scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today())
    scene.do(
        notice,
        services.dispose_appeal,
        outcome="modified",
        on=clock.today(),
        changes="The date for compliance.",
        compliance_on=wanted,
    )
    assert notice.compliance_on == wanted
    appeal = notice.appeals.get()
    assert (appeal.outcome, appeal.disposed_on) == ("modified", clock.today())


def test_cancelled_it_is_over(scene: Scene) -> None:
    notice = scene.notice("cancelled")
    assert notice.case.closed_at is not None
    assert _running(notice) == set()


@pytest.mark.parametrize(
    ("outcome", "on"),
    [("rejected", 0), ("affirmed", -1), ("affirmed", 1)],
    ids=["unknown", "before", "future"],
)
def test_nonsense_in_a_decision_is_refused(scene: Scene, outcome: str, on: int) -> None:
    notice = scene.notice("under_appeal")
    with pytest.raises(ValidationError):
        scene.do(notice, services.dispose_appeal, outcome=outcome, on=clock.today() + timedelta(days=on))
    assert notice.appeals.get().disposed_on is None


def test_the_tribunals_date_lies_within_reach(scene: Scene) -> None:
    notice = scene.notice("under_appeal")
    with pytest.raises(ValidationError, match="Check the year") as refused:
        scene.do(
            notice, services.dispose_appeal, outcome="affirmed", on=clock.today(), compliance_on=date.max
        )
    assert list(refused.value.message_dict) == ["compliance_on"]


def test_a_second_appeal_can_follow_with_leave(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("under_appeal")
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    travel.shift(timedelta(days=30))
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    assert notice.appeals.filter(disposed_on=None).get().lodged_on == date(2025, 4, 2)
