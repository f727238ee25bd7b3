"""A tribunal changes what a notice asks for after CQC drafted the entry's description for a claim of a trade
secret (ESIA 1988 s4): that description tells of the notice as it was, so it is drafted and served anew."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.desk import ON_NOTICES
from enforcement.gate.models import Claim, Proposal
from enforcement.models import Notice
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.gate.stage import entry_of, open_of
from tests.enforcement.scene import PORTAL, Scene, provisions

Travel = time_machine.Traveller
OLD, NEW = "Carry out the review.", "Carry out the review with a second physicist."
RULED = "Have a second physicist check each review."


def _drafted(scene: Scene, travel: Travel) -> Notice:
    """A notice whose entry was drafted for a claim, its time for appeal to the Secretary of State over."""
    notice = scene.notice("safe_entry_served")
    travel.shift(timedelta(days=22))
    return notice


def _settle(scene: Scene, notice: Notice, outcome: str = "full") -> None:
    scene.do(notice, gate.decide_claim, outcome=outcome, decided_on=clock.today())


def _settled(scene: Scene, travel: Travel, outcome: str = "full") -> Notice:
    """One whose claim is settled and whose entry stands."""
    notice = _drafted(scene, travel)
    _settle(scene, notice, outcome)
    scene.publish(notice)
    return notice


def _rule(scene: Scene, notice: Notice, **changes: Any) -> None:
    """The tribunal affirms it with changes."""
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    said = {"changes": "A second physicist.", **changes}
    scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today(), **said)


def _claim_of(notice: Notice) -> Claim:
    return Claim.objects.get(notice=notice)


def _words_of(proposal: Proposal) -> str:
    return " ".join(map(str, proposal.content.values()))


def test_what_was_drafted_before_is_not_shown_of_the_changed_notice(scene: Scene, travel: Travel) -> None:
    notice = _settled(scene, travel)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.form, entry.description) == ("full", OLD)
    _rule(scene, notice, required_action=RULED)
    waiting = open_of(notice)
    assert (waiting.content["form"], waiting.content["description"]) == ("short", "")
    assert OLD not in _words_of(waiting)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.form, entry.description, entry.timeline) == ("short", "", [])
    scene.do(notice, gate.serve_safe_entry, description=NEW)
    travel.shift(timedelta(days=15))
    _settle(scene, notice)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.form, entry.description) == ("full", NEW)
    assert "Appeal decided: affirmed with changes" in str(entry.timeline)
    assert first_broken_link() is None


def test_the_claim_is_open_again_and_its_clock_starts_anew(scene: Scene, travel: Travel) -> None:
    notice = _settled(scene, travel)
    _rule(scene, notice, required_action=RULED)
    claim = _claim_of(notice)
    assert claim.is_open
    assert (claim.safe_description, claim.entry_served_on, claim.entry_served_by) == ("", None, None)
    assert (claim.outcome, claim.decided_by, claim.appealed_on) == ("", None, None)
    assert claim.reopened_on == clock.today()
    due = Deadline.objects.open().get(case=notice.case, kind="safe_entry")
    assert due.due_on == clock.today() + timedelta(days=14)
    assert not Deadline.objects.open().filter(case=notice.case, kind="secretary_appeal").exists()
    assert Event.objects.get(case=notice.case, type="gate.claim_reopened").actor == scene.manager
    (serve,) = (each for each in ON_NOTICES.actions if each.name == "serve_safe_entry")
    notice.case.refresh_from_db()
    assert serve.condition(notice.case, scene.manager) == ""


@pytest.mark.parametrize("stage", ["served", "appealed against"])
def test_so_it_is_with_a_drafted_entry_on_which_nobody_decided_yet(
    scene: Scene, travel: Travel, stage: str
) -> None:
    notice = scene.notice("safe_entry_served")
    if stage == "appealed against":
        scene.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    _rule(scene, notice, required_action=RULED)
    claim = _claim_of(notice)
    assert (claim.is_open, claim.entry_served_on, claim.appealed_on) == (True, None, None)
    scene.do(notice, gate.serve_safe_entry, description=NEW)
    assert _claim_of(notice).safe_description == NEW


def test_another_change_leaves_the_entry_that_was_drafted(scene: Scene, travel: Travel) -> None:
    notice = _settled(scene, travel)
    _rule(scene, notice, provisions=provisions("17(4)"), required_action=f" {notice.required_action}  ")
    waiting = open_of(notice)
    assert (waiting.content["form"], waiting.content["description"]) == ("full", OLD)
    assert not _claim_of(notice).is_open
    assert not Event.objects.filter(type="gate.claim_reopened").exists()


def test_where_the_short_entry_stays_nothing_is_drafted_anew(scene: Scene, travel: Travel) -> None:
    notice = _settled(scene, travel, "short")
    _rule(scene, notice, required_action=RULED)
    assert open_of(notice).content["form"] == "short"
    assert not _claim_of(notice).is_open


def test_a_claim_that_waits_for_its_entry_goes_on_waiting(scene: Scene) -> None:
    notice = scene.notice("secret_claimed")
    due = Deadline.objects.open().get(case=notice.case, kind="safe_entry")
    travel_to = clock.now() + timedelta(days=2)
    with clock.at(travel_to):
        _rule(scene, notice, required_action=RULED)
    assert Deadline.objects.open().get(case=notice.case, kind="safe_entry").due_on == due.due_on
    assert _claim_of(notice).reopened_on is None


@pytest.mark.parametrize("anew", [NEW, OLD])
@pytest.mark.parametrize("withheld", [False, True])
def test_no_persons_words_of_before_come_back_over_the_new_description(
    scene: Scene, travel: Travel, anew: str, withheld: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = _settled(scene, travel)
    corrected = {"description": "A word of before.", "location": "East Wing"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="It was wrong.", changes=corrected)
    scene.publish(notice)
    travel.shift(timedelta(days=1))
    with monkeypatch.context() as patch:
        if withheld:
            said = "Something of the employer’s waits."
            patch.setattr("enforcement.services.publishing.withheld", lambda *_: said)
            patch.setattr("enforcement.gate.services.claiming.withheld", lambda *_: said)
        _rule(scene, notice, required_action=RULED)
        scene.do(notice, gate.serve_safe_entry, description=anew)
        travel.shift(timedelta(days=15))
        _settle(scene, notice)
    services.propose_publication(notice=notice, by=PORTAL)
    waiting = open_of(notice)
    assert (waiting.content["description"], waiting.content["location"]) == (anew, "East Wing")
    assert "A word of before." not in _words_of(waiting)


def test_those_who_decide_and_the_employer_are_told_why(scene: Scene, travel: Travel) -> None:
    notice, second = _settled(scene, travel), scene.second
    Message.objects.all().delete()
    _rule(scene, notice, required_action=RULED)
    told = {name: Message.objects.filter(template=f"gate/{name}") for name in ("claimed", "claim_received")}
    staff = set(told["claimed"].values_list("to", flat=True))
    assert second.email in staff
    assert scene.manager.email not in staff
    own = set(told["claim_received"].values_list("to", flat=True))
    assert own == {scene.lead.email, scene.employer.chief_executive_email}
    by = clock.today() + timedelta(days=14)
    for letter in (*told["claimed"], *told["claim_received"]):
        words = " ".join(letter.body.split())
        assert "open again" in letter.subject
        assert "changed what the notice asks for" in words
        assert f"{by.day} {by:%B %Y}" in words
        assert "shielding" not in words


def test_what_was_drafted_before_stays_in_the_record(scene: Scene, travel: Travel) -> None:
    notice = _settled(scene, travel)
    before, was = clock.now(), case_at_present(notice.case)
    travel.shift(timedelta(days=1))
    _rule(scene, notice, required_action=RULED)
    notice.case.refresh_from_db()
    assert case_as_at(notice.case, before)["claim"] == was["claim"]
    assert was["claim"][0]["safe_description"] == OLD
    now = case_at_present(notice.case)
    assert case_as_at(notice.case, clock.now())["claim"] == now["claim"]
    assert now["claim"][0]["reopened_on"] == clock.today().isoformat()
