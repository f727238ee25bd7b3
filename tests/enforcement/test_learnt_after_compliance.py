"""Appeals of which CQC learns only after it recorded compliance: whether that was late is derived anew."""

from datetime import date, timedelta
from typing import Final

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services
from enforcement.binding import is_suspended, suspending, went_by
from enforcement.compliance import services as answering
from enforcement.gate.models import Proposal
from enforcement.models import Appeal, Notice
from enforcement.publication import timeline
from enforcement.register.wording import DAYS_ADDED, NEW_DAYS, until
from regulator import clock
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.scene import Scene

_LATE: Final = "2025-04-21"
"""A week after the last day of the notices below, 14 April."""


def _complied_late(scene: Scene, travel: time_machine.Traveller, *, public: bool = False) -> Notice:
    """Complied with a week late, for all that CQC knew; a week later it learns of an appeal lodged in
    time."""
    notice = scene.notice("served")
    travel.move_to(f"{_LATE}T12:00:00+00:00")
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    if public:
        scene.publish(notice)
    assert went_by(notice, before=clock.today() + timedelta(days=1))
    travel.move_to("2025-04-28T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 3, 20))
    return notice


def test_what_was_complied_with_while_an_appeal_suspended_it_was_not_complied_with_late(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = _complied_late(scene, travel, public=True)
    assert is_suspended(notice)
    assert not went_by(notice, before=clock.today())
    assert Appeal.objects.filter(suspending(), notice=notice).exists()
    (letter,) = set(Message.objects.filter(template="enforcement/appealed").values_list("body", flat=True))
    for said in (letter, opened(scene, notice)):
        assert "within the time to comply, so that time does not run" in " ".join(said.split())
        assert "You do not have to comply" not in said
    travel.move_to("2025-06-10T12:00:00+00:00")
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    moved = date(2025, 7, 5)
    assert (notice.case.status, notice.compliance_on) == ("complied", moved)
    assert not went_by(notice, before=date(2026, 1, 1))
    assert not Deadline.objects.open().filter(case=notice.pk, kind="comply").exists()
    (decided,) = set(
        Message.objects.filter(template="enforcement/appeal_decided").values_list("body", flat=True)
    )
    assert "The day by which you had to comply is Saturday 5 July 2025." in decided
    said = Proposal.objects.open().get(notice=notice).content
    assert (said["status"], said["compliance_due_on"], said["complied_on"]) == (
        "complied",
        "2025-07-05",
        _LATE,
    )
    assert {"on": "2025-06-10", "what": until(DAYS_ADDED, moved)} in said["timeline"]
    assert case_as_at(notice.case, clock.now())["notice"] == case_at_present(notice.case)["notice"]


@pytest.mark.parametrize(
    ("decided_on", "due_on", "late"),
    [(date(2025, 3, 26), date(2025, 4, 20), True), (date(2025, 3, 27), date(2025, 4, 21), False)],
)
def test_whether_it_was_complied_with_late_is_derived_anew_from_the_moved_day(
    scene: Scene, travel: time_machine.Traveller, decided_on: date, due_on: date, late: bool
) -> None:
    """The tribunal had decided before; CQC learns of it all only then."""
    notice = _complied_late(scene, travel)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=decided_on)
    assert notice.compliance_on == due_on
    assert went_by(notice, before=clock.today()) is late
    assert case_as_at(notice.case, clock.now())["notice"] == case_at_present(notice.case)["notice"]


def test_an_appeal_lodged_after_the_last_day_leaves_a_late_compliance_late(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.move_to(f"{_LATE}T12:00:00+00:00")
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 4, 15), late_with_leave=True)
    assert not is_suspended(notice)
    assert not Appeal.objects.filter(suspending(), notice=notice).exists()
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert notice.compliance_on == date(2025, 4, 14)
    assert went_by(notice, before=clock.today() + timedelta(days=1))


def test_a_prosecution_for_lateness_has_no_ground_once_the_day_was_moved(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.move_to(f"{_LATE}T12:00:00+00:00")
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.do(notice, answering.refer_for_prosecution, reason="Nothing came.")
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 3, 20))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    outcome = {"outcome": "complied_late", "on": clock.today(), "reason": "It was."}
    with pytest.raises(ValidationError, match="no longer stands"):
        scene.do(notice, answering.record_prosecution, **outcome)


def test_of_appeals_recorded_in_another_order_than_they_were_lodged_each_keeps_its_decision(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.move_to("2025-03-24T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 3, 20))
    set_on = {"compliance_on": date(2025, 5, 30), "changes": "The day."}
    scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today(), **set_on)
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 3, 10))
    scene.do(notice, services.dispose_appeal, outcome="dropped", on=clock.today())
    assert notice.compliance_on == date(2025, 6, 13)
    told = [each.what for each in timeline(notice) if each.what.startswith(NEW_DAYS)]
    assert told[-1] == until(DAYS_ADDED, notice.compliance_on)
