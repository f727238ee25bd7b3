"""What happens to a proposal when the notice, or what it rests on, changes under it."""

from datetime import date, timedelta

import pytest
import time_machine

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.gate.tasks import release_entries
from enforcement.publication import slug_of
from enforcement.register.models import Change, RegisterEntry
from enforcement.tasks import propose_publication
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer
from regulator.outbox.models import Message
from tests.enforcement.gate.stage import entry_of, open_of, proposed, published
from tests.enforcement.scene import PORTAL, Scene

Travel = time_machine.Traveller


def test_complied_while_it_waits_the_new_state_takes_its_place(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    first, second = Proposal.objects.order_by("number")
    assert (first.state, second.state, second.kind) == ("superseded", "waiting", "new")
    assert second.content["status"] == "complied"
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.status, entry.version, Change.objects.count()) == ("complied", 1, 1)


@pytest.mark.parametrize("embargoed", [False, True])
def test_withdrawn_while_it_is_open_it_falls_away(scene: Scene, travel: Travel, embargoed: bool) -> None:
    notice = proposed(scene, travel)
    if embargoed:
        day = clock.now() + timedelta(days=5)
        scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=day)
        scene.do(notice, gate.approve_entry)
    scene.do(notice, services.withdraw, reason="Served in error.")
    last = Proposal.objects.order_by("number").last()
    assert last is not None
    assert (last.state, last.approved_by) == ("lapsed", None)
    with pytest.raises(NotAllowedNow, match="Withdrawn"):
        scene.do(notice, gate.approve_entry, scene.second)
    travel.shift(timedelta(days=10))
    assert (release_entries(), propose_publication(), RegisterEntry.objects.exists()) == (0, 0, False)
    assert first_broken_link() is None


def test_an_appeal_between_proposal_and_approval_keeps_it_from_the_public(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    assert Proposal.objects.get().state == "lapsed"
    with pytest.raises(NotAllowedNow, match="Under appeal"):
        scene.do(notice, gate.approve_entry, scene.second)
    travel.shift(timedelta(days=40))
    assert propose_publication() == 0
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert (open_of(notice).cause, open_of(notice).number) == ("disposed", 2)
    with pytest.raises(NotAllowedNow, match="changes the entry"):
        scene.do(notice, gate.approve_entry)
    scene.publish(notice)
    assert entry_of(notice) is not None


def test_facts_that_changed_since_are_not_published_unread(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    Employer.objects.filter(pk=scene.employer.pk).update(name="Another name (invented)")
    notice.case.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="prepared again"):
        scene.do(notice, gate.approve_entry, scene.second)
    assert entry_of(notice) is None
    first, second = Proposal.objects.order_by("number")
    assert (first.state, second.state) == ("superseded", "waiting")
    assert second.content["employer_name"] == "Another name (invented)"
    notice.case.refresh_from_db()
    scene.do(notice, gate.approve_entry, scene.second)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.employer_name == "Another name (invented)"


def test_a_provision_in_other_words_counts_as_a_changed_fact(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    Provision.objects.filter(reference="6(5)(b)").update(own_words="Other words.")
    with pytest.raises(NotAllowedNow, match="prepared again"):
        scene.do(notice, gate.approve_entry, scene.second)
    assert entry_of(notice) is None


def test_a_change_is_public_once_it_is_approved_and_its_clock_is_met_by_that(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.status, entry.version) == ("in_force", 1)
    running = Deadline.objects.get(case=notice.case, kind="register_update")
    assert (running.is_open, running.due_on) == (True, clock.today() + timedelta(days=7))
    travel.shift(timedelta(days=3))
    scene.publish(notice)
    entry.refresh_from_db()
    assert (entry.status, entry.version) == ("complied", 2)
    running.refresh_from_db()
    assert running.met_on == clock.today()


def test_a_second_change_does_not_put_the_clock_of_the_first_off(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    first_due = clock.today() + timedelta(days=7)
    later = (notice.compliance_on or clock.today()) + timedelta(days=30)
    scene.do(notice, services.extend_compliance, compliance_on=later, reason="Delivery.")
    travel.shift(timedelta(days=5))
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    assert Deadline.objects.get(case=notice.case, kind="register_update").due_on == first_due


def test_a_removal_is_immediate_and_comes_back_only_through_the_gate(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    assert entry_of(notice) is None
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert entry_of(notice) is None
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.version == 2
    assert [change.kind for change in Change.objects.all()] == ["added", "removed", "added"]


def test_an_edited_description_stays_through_later_changes_until_the_notice_itself_changes(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, gate.prepare_entry, scene.inspector, description="Review each year.")
    scene.publish(notice)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert open_of(notice).content["description"] == "Review each year."
    scene.publish(notice)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    changed = {"changes": "Less.", "required_action": "Review every second year."}
    scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today(), **changed)
    assert open_of(notice).content["description"] == "Review every second year."


def test_a_redelivered_task_proposes_nothing_twice(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    events = Event.objects.count()
    assert [propose_publication() for _ in range(3)] == [0, 0, 0]
    assert (Event.objects.count(), Proposal.objects.count()) == (events, 1)
    assert services.propose_publication(notice=notice, by=PORTAL)
    assert Proposal.objects.count() == 1
    assert slug_of(notice.case) == Proposal.objects.get().slug


def test_managers_are_told_of_each_proposal_though_two_are_due_on_one_day(
    scene: Scene, travel: Travel
) -> None:
    """The clock of the first entry and that of its change end on 7 April."""
    letters = Message.objects.filter(template="enforcement/ready_to_publish", body__contains="7 April 2025")
    managers = {scene.manager.email, scene.reviewer.email, scene.second.email}
    notice = proposed(scene, travel)
    assert sorted(letters.values_list("to", flat=True)) == sorted(managers)
    scene.publish(notice)
    travel.move_to("2025-03-31T12:00:00+00:00")
    scene.do(notice, services.extend_compliance, compliance_on=date(2025, 6, 30), reason="Fair.")
    assert open_of(notice).number == 2
    assert sorted(letters.values_list("to", flat=True)) == sorted([*managers, *managers])


def test_a_proposal_that_waits_is_told_once_however_often_it_is_drawn(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    letters = Message.objects.filter(template="enforcement/ready_to_publish")
    managers = letters.count()
    for _ in range(2):
        travel.shift(timedelta(days=1))
        assert services.propose_publication(notice=notice, by=PORTAL)
        notice.case.refresh_from_db()
    assert letters.count() == managers
    scene.do(notice, services.extend_compliance, compliance_on=date(2025, 6, 30), reason="Fair.")
    assert services.propose_publication(notice=notice, by=PORTAL)
    assert (open_of(notice).number, letters.count()) == (2, 2 * managers), "it says something else"
