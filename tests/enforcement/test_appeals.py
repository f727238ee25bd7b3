"""Appeals: in time or with leave, what they suspend, and what the tribunal's decision brings about."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from enforcement import services
from enforcement.binding import went_by
from enforcement.compliance import services as answering
from enforcement.compliance.queries import evidence_waits
from enforcement.compliance.services.holding import not_fileable
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.publication import timeline
from enforcement.register.models import RegisterEntry
from enforcement.services.serving import content_digest
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.scene import Scene, provisions
from tests.notifications.pages import browser


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


def test_affirmed_with_changes_it_says_and_publishes_what_the_tribunal_decided(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    served = content_digest(notice)
    travel.shift(timedelta(days=22))
    scene.publish(notice)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    scene.do(
        notice,
        services.dispose_appeal,
        outcome="modified",
        on=clock.today(),
        changes="Regulation 17(4) was struck out.",
        provisions=provisions("6(5)(b)"),
        required_action="Review the written procedures.",
    )
    clocks = {each.kind: each.due_on for each in Deadline.objects.open().filter(case=notice.case)}
    assert clocks["register_update"] == clock.today() + timedelta(days=7)
    scene.publish(notice)
    assert {"publish", "register_update"}.isdisjoint(_running(notice))
    entry = RegisterEntry.objects.get()
    assert entry.description == "Review the written procedures."
    assert [each.reference for each in entry.citations.all()] == ["6(5)(b)"]
    former = notice.appeals.get().former_content
    assert former.required_action == "Carry out quality assurance of written procedures."
    assert [each.reference for each in former.provisions.all()] == ["6(5)(b)", "17(4)"]
    events = notice.case.events
    assert events.get(type="enforcement.served").payload["sha256"] == former.sha256 == served
    modified = events.get(type="enforcement.modified").payload
    assert (modified["former_sha256"], modified["sha256"]) == (served, content_digest(notice))
    assert served != content_digest(notice)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"outcome": "modified", "changes": "Something."}, "required_action"),
        ({"outcome": "modified", "changes": "", "required_action": "Less."}, "changes"),
        ({"outcome": "affirmed", "required_action": "Less."}, "outcome"),
        ({"outcome": "lapsed"}, "outcome"),
    ],
)
def test_a_decision_and_the_notices_content_agree(
    scene: Scene, arguments: dict[str, Any], field: str
) -> None:
    notice = scene.notice("under_appeal")
    with pytest.raises(ValidationError) as refused:
        scene.do(notice, services.dispose_appeal, on=clock.today(), **arguments)
    assert list(refused.value.message_dict) == [field]
    assert notice.appeals.get().outcome == ""


def test_a_complied_notice_may_be_appealed_against_and_is_complied_with_again_after_it(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("complied")
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    travel.shift(timedelta(days=30))
    with pytest.raises(NotAllowedNow):
        scene.publish(notice)
    due = notice.compliance_on
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert (notice.case.status, notice.compliance_on) == ("complied", due)
    assert "comply" not in _running(notice)
    assert notice.case.closed_at is not None


@pytest.mark.parametrize(("new_time", "state"), [(False, "not_complied"), (True, "served")])
def test_a_failure_stands_after_an_appeal_unless_the_tribunal_gave_new_time(
    scene: Scene, travel: time_machine.Traveller, new_time: bool, state: str
) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=60))
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    due = clock.today() + timedelta(days=30) if new_time else None
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today(), compliance_on=due)
    assert notice.case.status == state
    assert ("comply" in _running(notice)) is new_time


def test_the_employer_is_told_of_each_decision(scene: Scene) -> None:
    notice = scene.notice("under_appeal")
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    scene.do(notice, services.dispose_appeal, outcome="cancelled", on=clock.today())
    told = Message.objects.filter(template="enforcement/appeal_decided", to=scene.lead.email).order_by("pk")
    affirmed, cancelled = told.values_list("body", flat=True)
    assert "You must now comply by Monday 14 April 2025" in affirmed
    assert "It cancelled the notice" in cancelled
    assert "comply by" not in cancelled


def test_a_failure_recorded_before_cqc_learnt_of_an_appeal_does_not_outlive_it(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    """Lodged with the tribunal within the period, told to CQC only after the failure was on the register."""
    notice = scene.notice("served")
    travel.move_to("2025-04-15T12:00:00+00:00")
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.publish(notice)
    assert RegisterEntry.objects.get().status == "not_complied"
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 3, 20))
    assert not RegisterEntry.objects.exists()
    pending = opened(scene, notice)
    assert "Your appeal suspends this notice." in pending
    assert "14 April 2025" not in pending
    travel.move_to("2025-06-10T12:00:00+00:00")
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    moved = date(2025, 7, 5)
    assert (notice.case.status, notice.compliance_on) == ("served", moved)
    assert Deadline.objects.open().get(case=notice.case, kind="comply").due_on == moved
    told = Message.objects.filter(template="enforcement/appeal_decided", to=scene.lead.email).get()
    assert "You must now comply by Saturday 5 July 2025." in told.body
    said = Proposal.objects.open().get(notice=notice).content
    assert (said["status"], said["compliance_due_on"]) == ("in_force", "2025-07-05")


def test_a_failure_stands_where_the_appeal_was_lodged_after_the_period(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 4, 15), late_with_leave=True)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert (notice.case.status, notice.compliance_on) == ("not_complied", date(2025, 4, 14))


@pytest.mark.parametrize("outcome", ["affirmed", "modified"])
def test_the_decision_on_a_prohibition_that_names_no_provision_says_that_it_names_none(
    scene: Scene, outcome: str
) -> None:
    notice = scene.notice("under_appeal", notice_type="prohibition_immediate", provisions=[])
    assert "Risk found on or before" in opened(scene, notice)
    changed: dict[str, str] = {}
    if outcome == "modified":
        changed = {"changes": "One room is enough.", "required_action": "Stop work in one room."}
    scene.do(notice, services.dispose_appeal, outcome=outcome, on=clock.today(), **changed)
    [body] = set(Message.objects.filter(template="enforcement/appeal_decided").values_list("body", flat=True))
    assert ("Provisions that the notice now names: none is named" in body) == (outcome == "modified")


def test_a_late_appeal_forgives_nothing_where_the_failure_was_not_recorded_yet(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    """Lodged on the day after the last: whether CQC had written the failure down changes nothing."""
    notice = scene.notice("evidence_submitted")
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 4, 15), late_with_leave=True)
    (letter,) = set(Message.objects.filter(template="enforcement/appealed").values_list("body", flat=True))
    pending = opened(scene, notice)
    for said in (letter, pending):
        assert "lodged it after the day by which you had to comply" in " ".join(said.split())
        assert "14 April 2025" in said
        assert "suspends" not in said
        assert "does not run" not in said
    assert "Suspended" not in browser(scene.lead).get(reverse("notices:list")).content.decode()
    assert went_by(notice, before=clock.today())
    assert "evidence_answer" in _running(notice), "CQC still answers what was filed"
    assert notice.case.pk in Case.objects.filter(evidence_waits()).values_list("pk", flat=True)
    scene._return_evidence(notice)
    scene.answer(notice, answering.submit_evidence)
    travel.move_to("2025-04-30T12:00:00+00:00")
    running = Deadline.objects.open().get(case=notice.case, kind="evidence_answer").due_on
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert Deadline.objects.open().get(case=notice.case, kind="evidence_answer").due_on == running
    assert (notice.case.status, notice.compliance_on) == ("served", date(2025, 4, 14))
    decided = Message.objects.filter(template="enforcement/appeal_decided", to=scene.lead.email).get().body
    assert "The day by which you had to comply, Monday 14 April 2025, has gone by, and it stands." in decided
    assert "must now comply" not in decided
    assert "added" not in " ".join(each.what for each in timeline(notice))
    scene._return_evidence(notice)
    scene.do(notice, services.record_failure, reason="Nothing came.")
    assert notice.case.status == "not_complied"


def test_lodged_on_the_last_day_the_period_stands_still(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, services.record_appeal, lodged_on=date(2025, 4, 14), late_with_leave=True)
    assert not went_by(notice, before=clock.today())
    assert "Your appeal suspends this notice." in opened(scene, notice)
    assert "Suspended" in browser(scene.lead).get(reverse("notices:list")).content.decode()


@pytest.mark.parametrize("kind", ["improvement", "prohibition_deferred"])
def test_of_a_notice_that_was_complied_with_before_an_appeal_nothing_is_asked(
    scene: Scene, kind: str
) -> None:
    notice = scene.notice("complied", notice_type=kind)
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    (letter,) = set(Message.objects.filter(template="enforcement/appealed").values_list("body", flat=True))
    assert "recorded before that you complied" in letter
    said = opened(scene, notice)
    assert "CQC had already recorded that you complied" in said
    assert "Send evidence that you complied" not in said
    assert "it needs no more evidence" in not_fileable(notice.case, notice)
