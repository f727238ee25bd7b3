"""Who may let an entry onto the register, and who may not: tried at the service and at the database."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from enforcement import services
from enforcement.compliance import services as answering
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.tasks import propose_publication
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.gate.stage import (
    WINDOW_OVER,
    asked_of,
    entry_of,
    open_of,
    proposed,
    published,
    refused,
)
from tests.enforcement.scene import PORTAL, Scene
from tests.factories import person, staff

Travel = time_machine.Traveller


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ENFORCEMENT_MANAGER}))
def test_only_an_enforcement_manager_decides(scene: Scene, travel: Travel, role: Role) -> None:
    notice = proposed(scene, travel)
    somebody = person(role, scene.employer)
    for deed, given in ((gate.approve_entry, {}), (gate.return_entry, {"reason": "No."})):
        with pytest.raises(NotPermitted):
            scene.do(notice, deed, somebody, **given)
    assert open_of(notice).is_waiting
    assert entry_of(notice) is None


def test_no_scheduled_work_decides_for_a_person(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    for name in ("gate.release_entries", "enforcement.propose_publication"):
        with pytest.raises(NotPermitted):
            gate.approve_entry(notice=notice, by=Scheduled(name), version=notice.case.version)
    assert entry_of(notice) is None


def test_neither_the_drafter_nor_whoever_has_an_interest_nor_a_stranger_to_a_restricted_case(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    Notice.objects.filter(pk=notice.pk).update(drafted_by=scene.second)
    with pytest.raises(NotAllowedNow, match="drafted this notice"):
        scene.do(notice, gate.approve_entry, scene.second)
    assert asked_of(scene.second) == []
    assert asked_of(scene.manager) == [notice.case]
    partial = staff(Role.ENFORCEMENT_MANAGER)
    interest_of(partial, scene.employer)
    with pytest.raises(NotPermitted, match="interest"):
        scene.do(notice, gate.approve_entry, partial)
    stranger = staff(Role.ENFORCEMENT_MANAGER)
    closed_to(notice.case, scene.manager, by=scene.manager)
    with pytest.raises(NotPermitted):
        scene.do(notice, gate.approve_entry, stranger)
    assert entry_of(notice) is None
    scene.do(notice, gate.approve_entry, scene.manager)
    assert entry_of(notice) is not None


@pytest.mark.parametrize("before", ["before it was public", "after it was public"])
def test_whose_deed_changes_the_entry_does_not_approve_it(scene: Scene, travel: Travel, before: str) -> None:
    if before == "after it was public":
        notice = published(scene, travel)
        scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
        assert open_of(notice).proposed_by == scene.manager
    else:
        notice = proposed(scene, travel, "complied")
        assert open_of(notice).proposed_by == scene.manager
    refused(scene, notice, scene.manager)
    scene.publish(notice)


def test_a_later_change_of_somebody_else_does_not_wash_the_first_hand_clean(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    due = notice.compliance_on
    assert due is not None
    later = {"compliance_on": due + timedelta(days=30), "reason": "Delivery."}
    scene.do(notice, services.extend_compliance, **later)
    third = staff(Role.ENFORCEMENT_MANAGER)
    scene.do(notice, services.record_compliance, third, complied_on=clock.today(), how="evidence")
    assert open_of(notice).proposed_by == third
    refused(scene, notice, scene.manager, third)
    scene.publish(notice)
    assert Proposal.objects.filter(state="superseded").count() == 1


@pytest.mark.parametrize("lodged", ["recorded by CQC", "told by the employer"])
def test_whoever_recorded_an_appeal_does_not_approve_the_entry_that_tells_of_it(
    scene: Scene, travel: Travel, lodged: str
) -> None:
    third = staff(Role.ENFORCEMENT_MANAGER)
    if lodged == "recorded by CQC":
        notice = scene.notice("served")
        scene.do(notice, services.record_appeal, third, lodged_on=clock.today())
    else:
        notice = scene.notice("appeal_told")
        scene.do(notice, answering.confirm_appeal, third)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    travel.shift(WINDOW_OVER)
    services.propose_publication(notice=notice, by=PORTAL)
    notice.case.refresh_from_db()
    told = str(open_of(notice).content["timeline"])
    assert "Appeal lodged" in told
    assert "Appeal decided" in told
    refused(scene, notice, third, scene.manager)
    scene.publish(notice)


def test_whoever_served_the_notice_may_approve_its_entry(scene: Scene, travel: Travel) -> None:
    """Its content and its service have three people and a proof behind them: see decision 28."""
    notice = proposed(scene, travel)
    assert Notice.objects.get().served_by == scene.manager
    scene.do(notice, gate.approve_entry)
    assert entry_of(notice) is not None


def test_whoever_edits_it_is_no_second_person(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, gate.prepare_entry, description="Carry out a review each year.")
    refused(scene, notice, scene.manager)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.description == "Carry out a review each year."
    assert Notice.objects.get().required_action != entry.description


def test_the_database_refuses_one_person_in_both(scene: Scene, travel: Travel) -> None:
    proposal = open_of(proposed(scene, travel))
    hands: list[dict[str, Any]] = [{"drafted_by": scene.manager}, {"proposed_by": scene.manager}]
    for hand in [*hands, {"edited_by": scene.manager}]:
        approved = {"approved_by": scene.manager, "approved_at": clock.now(), "state": "approved"}
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**hand, **approved)
    for state in ("approved", "released"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=state)
    with pytest.raises(IntegrityError, match=r"one_open|UNIQUE"), transaction.atomic():
        Proposal.objects.create(
            notice=proposal.notice, slug=proposal.slug, number=9, kind="new", cause="facts", sha256="0" * 64
        )


def test_given_back_with_a_reason_it_waits_for_a_person(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, gate.return_entry, scene.second, reason="Say it in plainer words.")
    returned = Proposal.objects.get()
    assert (returned.state, returned.returned_by) == ("returned", scene.second)
    with pytest.raises(NotAllowedNow, match="No entry"):
        scene.do(notice, gate.approve_entry, scene.second)
    travel.shift(timedelta(days=1))
    assert propose_publication() == 0
    with pytest.raises(NotAllowedNow, match="No entry"):
        scene.do(notice, gate.return_entry, reason="Again.")
    scene.do(notice, gate.prepare_entry, scene.inspector, description="Look at the procedures each year.")
    scene.do(notice, gate.approve_entry, scene.second)
    assert Proposal.objects.get(state="released").number == 2


def test_a_version_that_was_not_read_is_refused(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    read = notice.case.version
    scene.do(notice, gate.prepare_entry, scene.inspector, description="Say something else.")
    events = Event.objects.count()
    with pytest.raises(StaleVersion):
        gate.approve_entry(notice=notice, by=scene.second, version=read)
    assert (Event.objects.count(), entry_of(notice)) == (events, None)
