"""What becomes public, when, and what never does."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from enforcement import services
from enforcement.gate import desk
from enforcement.gate import services as gate
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.models import RegisterEntry
from enforcement.register.services import digest_of, shown
from enforcement.tasks import propose_publication
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case, Event
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import person

WINDOW_OVER = timedelta(days=22)


def _entry(notice: Notice) -> RegisterEntry | None:
    return RegisterEntry.objects.filter(slug=slug_of(notice.case)).first()


def _published(scene: Scene, travel: time_machine.Traveller, state: str = "served") -> Notice:
    notice = scene.notice(state)
    travel.shift(WINDOW_OVER)
    scene.publish(notice)
    return notice


def test_refused_on_day_21_and_allowed_on_the_day_after(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    button = next(action for action in desk.ON_NOTICES.actions if action.name == "approve_entry")
    travel.shift(timedelta(days=21))
    with pytest.raises(NotAllowedNow, match="up to and including 24 March 2025"):
        scene.do(notice, gate.prepare_entry)
    with pytest.raises(NotAllowedNow):
        scene.publish(notice)
    assert "up to and including 24 March 2025" in button.refusal(notice.case, scene.manager)
    assert _entry(notice) is None
    travel.shift(timedelta(days=1))
    assert propose_publication() == 1
    case = Case.objects.get(pk=notice.pk)
    assert button.refusal(case, scene.manager) == ""
    scene.publish(notice, scene.manager)
    assert _entry(notice) is not None
    with pytest.raises(NotAllowedNow, match="waits"):
        scene.publish(notice)


@pytest.mark.parametrize("role", set(Role) - {Role.ENFORCEMENT_MANAGER})
def test_only_an_enforcement_manager_publishes(
    scene: Scene, travel: time_machine.Traveller, role: Role
) -> None:
    notice = scene.notice("served")
    travel.shift(WINDOW_OVER)
    with pytest.raises(NotPermitted):
        scene.publish(notice, person(role, scene.employer))


@pytest.mark.parametrize(
    "state",
    ["draft", "proposed", "reviewed", "approved", "under_appeal", "cancelled", "withdrawn", "abandoned"],
)
def test_what_is_never_published(scene: Scene, travel: time_machine.Traveller, state: str) -> None:
    notice = scene.notice(state)
    travel.shift(timedelta(days=100))
    with pytest.raises(NotAllowedNow):
        scene.publish(notice)
    assert propose_publication() == 0
    assert not RegisterEntry.objects.exists()


def test_the_entry_holds_the_whitelist_and_no_more(scene: Scene, travel: time_machine.Traveller) -> None:
    entry = _entry(_published(scene, travel))
    assert entry is not None
    assert (entry.employer_name, entry.location) == (scene.employer.name, scene.site.name)
    assert [provision.reference for provision in entry.citations.all()] == ["6(5)(b)", "17(4)"]
    assert (entry.status, entry.origin, entry.employer_is_invented) == ("in_force", "portal", True)
    assert entry.legal_power == "HSWA 1974 section 21"
    everything = " ".join(str(value) for value in vars(entry).values()).upper()
    assert "SECRET" not in everything
    assert scene.inspector.name.upper() not in everything


def test_complied_stays_and_says_so_withdrawn_goes(scene: Scene, travel: time_machine.Traveller) -> None:
    complied = _published(scene, travel)
    withdrawn = _published(scene, travel)
    scene.do(complied, services.record_compliance, complied_on=clock.today(), how="evidence")
    scene.publish(complied)
    entry = _entry(complied)
    assert entry is not None
    assert (entry.status, entry.complied_on, entry.version) == ("complied", clock.today(), 2)
    met = Deadline.objects.get(case=complied.case, kind="register_update")
    assert (met.met_on, met.due_on) == (clock.today(), clock.today() + timedelta(days=7))

    scene.do(withdrawn, services.withdraw, reason="Served in error.")
    assert _entry(withdrawn) is None
    assert withdrawn.published_on is None
    tombstone = Event.objects.get(case=withdrawn.case, type="enforcement.entry_removed")
    assert tombstone.payload["entry"] == slug_of(withdrawn.case)
    assert first_broken_link() is None


def test_the_chain_proves_what_the_public_saw_and_versions_go_on_rising(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = _published(scene, travel)
    later = clock.today() + timedelta(days=60)
    scene.do(notice, services.extend_compliance, compliance_on=later, reason="A part is on order.")
    scene.publish(notice)
    seen = shown(slug_of(notice.case))
    assert seen is not None
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    scene.publish(notice)
    again = shown(slug_of(notice.case))
    assert again is not None
    more_time = f"CQC gave more time to comply, until {later.day} {later:%B %Y}"
    appeal = ["Appeal lodged with the employment tribunal", "Appeal decided: affirmed"]
    assert [each.what for each in again.timeline] == ["Notice served", more_time, *appeal]
    assert replace(again, timeline=seen.timeline) == seen
    types = ("enforcement.published", "enforcement.entry_updated", "enforcement.entry_removed")
    history = Event.objects.filter(case=notice.case, type__in=types).order_by("sequence")
    assert [event.payload["version"] for event in history] == [1, 2, 2, 3]
    digests = [event.payload["sha256"] for event in history]
    assert digests[0] != digests[1] == digests[2] == digest_of(seen) != digests[3] == digest_of(again)


def test_a_digest_does_not_hang_on_the_order_of_provisions(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    seen = shown(slug_of(_published(scene, travel).case))
    assert seen is not None
    assert digest_of(replace(seen, citations=seen.citations[::-1])) == digest_of(seen)
    assert digest_of(replace(seen, citations=seen.citations[:1])) != digest_of(seen)


def test_complied_before_the_window_closes_is_published_after_it(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("complied")
    assert _entry(notice) is None
    travel.shift(WINDOW_OVER)
    assert propose_publication() == 1
    notice.case.refresh_from_db()
    scene.publish(notice)
    entry = _entry(notice)
    assert entry is not None
    assert entry.status == "complied"


def test_more_time_shows_on_the_entry(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = _published(scene, travel)
    later = clock.today() + timedelta(days=60)
    scene.do(notice, services.extend_compliance, compliance_on=later, reason="A part is on order.")
    scene.publish(notice)
    entry = _entry(notice)
    assert entry is not None
    assert entry.compliance_due_on == later


def test_a_late_appeal_hides_the_entry_until_it_is_disposed_of(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = _published(scene, travel)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    assert _entry(notice) is None
    travel.shift(timedelta(days=30))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    scene.publish(notice)
    assert _entry(notice) is not None


def test_an_early_affirmed_appeal_leaves_the_time_for_claiming_a_trade_secret(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("under_appeal")
    travel.shift(timedelta(days=5))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    travel.shift(timedelta(days=9))
    with pytest.raises(NotAllowedNow, match="trade secret"):
        scene.publish(notice)
    travel.shift(timedelta(days=1))
    scene.publish(notice)
    assert _entry(notice) is not None


def test_the_task_proposes_once_and_tells_each_manager_once(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    second = scene.reviewer
    notice = scene.notice("served")
    travel.shift(timedelta(days=21))
    assert propose_publication() == 0
    travel.shift(timedelta(days=1))
    assert propose_publication() == 1
    assert [propose_publication(), propose_publication()] == [0, 0]
    told = Message.objects.filter(template="enforcement/ready_to_publish")
    assert sorted(told.values_list("to", flat=True)) == sorted([scene.manager.email, second.email])
    due = Deadline.objects.get(case=notice.case, kind="publish")
    assert due.due_on.isoformat() == "2025-04-07"
    assert not Deadline.objects.open().filter(case=notice.case, kind="appeal_window").exists()
    version = notice.case.version
    notice.case.refresh_from_db()
    assert notice.case.version == version + 1
    scene.publish(notice)
    due.refresh_from_db()
    assert due.met_on == clock.today()
    assert propose_publication() == 0
