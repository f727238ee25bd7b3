"""More time, compliance, and failure to comply."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services
from enforcement.conditions import not_extendable
from enforcement.models import Notice
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene

WHY = {"reason": "For good reason."}


def test_more_time_only_while_no_appeal_is_pending(scene: Scene) -> None:
    notice = scene.notice("served")
    later = clock.today() + timedelta(days=90)
    scene.do(notice, services.extend_compliance, compliance_on=later, reason="A part is on order.")
    assert Deadline.objects.get(case=notice.case, kind="comply").due_on == later
    for earlier in (later, later - timedelta(days=1)):
        with pytest.raises(ValidationError):
            scene.do(notice, services.extend_compliance, compliance_on=earlier, reason="Again.")
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    with pytest.raises(NotAllowedNow, match="not under appeal"):
        scene.do(notice, services.extend_compliance, compliance_on=later + timedelta(days=1), reason="Again.")


@pytest.mark.parametrize(("days", "why"), [(1, "later"), (9999, "Check the year")])
def test_a_date_that_cannot_be_is_refused_beside_its_field(scene: Scene, days: int, why: str) -> None:
    notice = scene.notice("served")
    with pytest.raises(ValidationError, match=why) as refused:
        scene.do(
            notice,
            services.extend_compliance,
            compliance_on=clock.today() + timedelta(days=days),
            reason="A part is on order.",
        )
    assert list(refused.value.message_dict) == ["compliance_on"]


def test_a_date_that_has_gone_by_already_gives_nobody_more_time(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    assert notice.compliance_on is not None
    travel.move_to("2025-04-20T12:00:00+00:00")
    with pytest.raises(ValidationError, match="today or in the future") as refused:
        scene.do(notice, services.extend_compliance, compliance_on=date(2025, 4, 19), reason="Fair.")
    assert list(refused.value.message_dict) == ["compliance_on"]
    scene.do(notice, services.extend_compliance, compliance_on=clock.today(), reason="Fair.")
    assert notice.compliance_on == clock.today()


def test_no_more_time_is_given_once_a_deferred_prohibition_took_effect(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    """Its page would say “Stop the activity by” a later day of an activity that is prohibited already."""
    notice = scene.notice("served", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    travel.move_to(f"{notice.compliance_on}T12:00:00+00:00")
    assert not_extendable(notice.case, scene.manager) == ""
    travel.shift(timedelta(days=1))
    with pytest.raises(NotAllowedNow, match="took effect; there is no period to extend"):
        scene.do(notice, services.extend_compliance, compliance_on=date(2025, 5, 12), reason="Fair.")
    assert notice.compliance_on == date(2025, 4, 14)


def test_the_employer_is_told_of_each_extension_and_of_a_failure(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    for days in (60, 90):
        later = clock.today() + timedelta(days=days)
        scene.do(notice, services.extend_compliance, compliance_on=later, reason="A part is on order.")
    told = Message.objects.filter(template="enforcement/extended", to=scene.lead.email).order_by("pk")
    first, second = told.values_list("body", flat=True)
    assert "The date was Monday 14 April 2025" in first
    assert "The date is now Sunday 1 June 2025" in second
    travel.shift(timedelta(days=91))
    scene.do(notice, services.record_failure, **WHY)
    failure = Message.objects.get(template="enforcement/not_complied", to=scene.lead.email)
    assert "Sunday 1 June 2025" in failure.body


def test_failure_is_recorded_only_after_the_date(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    assert notice.compliance_on is not None
    travel.move_to(f"{notice.compliance_on}T12:00:00+00:00")
    with pytest.raises(NotAllowedNow, match="may still be complied with"):
        scene.do(notice, services.record_failure, **WHY)
    travel.move_to(f"{notice.compliance_on + timedelta(days=1)}T12:00:00+00:00")
    scene.do(notice, services.record_failure, **WHY)
    assert notice.case.status == "not_complied"
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="reinspection")
    assert notice.case.status == "complied"


@pytest.mark.parametrize("days", [-1, 1])
def test_compliance_lies_between_service_and_today(scene: Scene, days: int) -> None:
    notice = scene.notice("served")
    with pytest.raises(ValidationError, match="between the day of service and today"):
        scene.do(
            notice,
            services.record_compliance,
            complied_on=clock.today() + timedelta(days=days),
            how="evidence",
        )
