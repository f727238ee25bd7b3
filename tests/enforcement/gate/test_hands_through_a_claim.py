"""An entry is cut down for a claim of a trade secret (ESIA 1988 s4), and grows again: whose deed it tells,
and whose words it says, is no second person for them, however often it changed in between."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.enforcement.gate.stage import asked_of, open_of, proposed, published, refused
from tests.enforcement.scene import Scene
from tests.factories import staff

Travel = time_machine.Traveller


@pytest.fixture
def third() -> User:
    return staff(Role.ENFORCEMENT_MANAGER)


def _claim(scene: Scene, notice: Notice, by: User) -> None:
    """In time, and recorded once the entry stands."""
    assert notice.served_on is not None
    claimed_on = notice.served_on + timedelta(days=14)
    scene.do(notice, gate.claim_trade_secret, by, claimed_on=claimed_on, text="The shielding is ours.")


def _settle(scene: Scene, travel: Travel, notice: Notice, by: User) -> None:
    scene.do(notice, gate.serve_safe_entry, by, description="Carry out the review.")
    travel.shift(timedelta(days=15))
    scene.do(notice, gate.decide_claim, by, outcome="full", decided_on=clock.today())


def _correct(scene: Scene, notice: Notice, **more: Any) -> Any:
    """By the manager: more time than the notice gives."""
    due_on = clock.today() + timedelta(days=90)
    changes = {"compliance_due_on": due_on, **more}
    scene.do(notice, gate.correct_entry, why="The day was wrong.", changes=changes)
    return due_on.isoformat()


def _corrected(
    scene: Scene, travel: Travel, third: User, state: str = "served", **more: Any
) -> tuple[Notice, str]:
    """An entry that the manager corrected, cut down for a claim before anybody approved that: the notice, and
    the day to comply that the manager made it say. Of one that was complied with, the third corrected since
    how that was shown."""
    notice = published(scene, travel, state)
    said = _correct(scene, notice, **more)
    if state == "complied":
        how = {"how_closed": "A visit"}
        scene.do(notice, gate.correct_entry, third, why="Nothing was submitted.", changes=how)
    _claim(scene, notice, third)
    return notice, said


def _comes_back(
    scene: Scene,
    travel: Travel,
    notice: Notice,
    said: str,
    third: User,
    *,
    edited_by: User,
    settled_by: User | None = None,
) -> Proposal:
    """The claim is settled for the full entry, by the third unless said: it says the manager's words again,
    as last edited by somebody, and neither the manager nor the third may approve it."""
    _settle(scene, travel, notice, settled_by or third)
    waiting = open_of(notice)
    assert (waiting.content["compliance_due_on"], waiting.edited_by) == (said, edited_by)
    refused(scene, notice, scene.manager, third)
    scene.publish(notice)
    return waiting


def test_whose_deed_waited_when_the_entry_was_cut_down_does_not_approve_what_tells_it(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = published(scene, travel)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    _claim(scene, notice, third)
    waiting = open_of(notice)
    assert (waiting.content["status"], waiting.proposed_by) == ("complied", third)
    refused(scene, notice, scene.manager, third)
    scene.publish(notice)


def test_whose_correction_fell_away_with_the_cutting_down_does_not_approve_it_when_it_comes_back(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice, said = _corrected(scene, travel, third)
    assert Proposal.objects.latest("number").state == "lapsed"
    _comes_back(scene, travel, notice, said, third, edited_by=scene.manager)


def test_a_short_entry_that_somebody_approved_approves_no_words_that_it_does_not_tell(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice, said = _corrected(scene, travel, third, location="East Wing")
    assert open_of(notice).content["location"] == "East Wing"
    scene.publish(notice)
    _comes_back(scene, travel, notice, said, third, edited_by=scene.manager)


def test_sending_somebodys_words_again_does_not_make_them_ones_own(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = published(scene, travel)
    said = _correct(scene, notice, location="East Wing")
    again = {"compliance_due_on": clock.today() + timedelta(days=90), "location": "West Wing"}
    scene.do(notice, gate.correct_entry, third, why="It is the other wing.", changes=again)
    _claim(scene, notice, third)
    scene.publish(notice)
    _settle(scene, travel, notice, third)
    assert open_of(notice).content["compliance_due_on"] == said
    refused(scene, notice, scene.manager, third)


def test_words_that_a_second_person_let_stand_are_nobodys_any_more(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = published(scene, travel)
    _correct(scene, notice, location="East Wing")
    scene.publish(notice)
    scene.do(notice, services.record_compliance, third, complied_on=clock.today(), how="evidence")
    waiting = open_of(notice)
    assert (waiting.content["location"], waiting.edited_by) == ("East Wing", None)
    scene.publish(notice, scene.manager)


def test_a_short_entry_is_nobodys_for_words_that_it_does_not_tell(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, gate.prepare_entry, description="Review each year.")
    _claim(scene, notice, third)
    scene.publish(notice)
    scene.do(notice, services.record_compliance, third, complied_on=clock.today(), how="evidence")
    cut = open_of(notice)
    assert (cut.content["form"], cut.overrides["description"]["by"]) == ("short", scene.manager.pk)
    assert (cut.proposed_by, cut.edited_by) == (third, None)
    assert asked_of(scene.manager) == [notice.case]
    scene.publish(notice, scene.manager)


def test_such_words_are_theirs_again_once_a_full_entry_takes_the_place_of_the_short_one(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice, said = _corrected(scene, travel, third, location="East Wing")
    scene.publish(notice)
    scene.do(notice, services.record_compliance, third, complied_on=clock.today(), how="evidence")
    assert open_of(notice).edited_by is None
    _comes_back(scene, travel, notice, said, third, edited_by=scene.manager)


@pytest.mark.parametrize("backwards", [False, True], ids=["from A to Z", "from Z to A"])
def test_of_several_the_last_to_edit_it_is_named_however_the_database_orders_fields(
    scene: Scene, travel: Travel, third: User, backwards: bool
) -> None:
    notice, said = _corrected(scene, travel, third, "complied")
    lapsed = Proposal.objects.latest("number")
    assert lapsed.state == "lapsed"
    stored = dict(sorted(lapsed.overrides.items(), reverse=backwards))
    Proposal.objects.filter(pk=lapsed.pk).update(overrides=stored)
    waiting = _comes_back(scene, travel, notice, said, third, edited_by=third)
    assert waiting.content["how_closed"] == "A visit"


def test_each_whose_words_come_back_is_no_second_person_whoever_edited_it_last(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice, said = _corrected(scene, travel, third, "complied", location="East Wing")
    scene.publish(notice)
    _comes_back(
        scene, travel, notice, said, third, settled_by=staff(Role.ENFORCEMENT_MANAGER), edited_by=third
    )


def _deeds(scene: Scene) -> dict[str, Any]:
    """By name, what a person does of which a short entry leaves something out."""
    later = {"compliance_on": clock.today() + timedelta(days=90), "reason": "Delivery."}
    done = {"complied_on": clock.today(), "how": "evidence"}
    return {
        "more time": (services.extend_compliance, later),
        "compliance": (services.record_compliance, done),
    }


@pytest.mark.parametrize("name", ["more time", "compliance"])
def test_a_deed_that_was_approved_in_a_short_entry_alone_is_its_doers_in_the_full_one(
    scene: Scene, travel: Travel, third: User, name: str
) -> None:
    notice = published(scene, travel)
    _claim(scene, notice, third)
    deed, given = _deeds(scene)[name]
    scene.do(notice, deed, **given)
    if name == "compliance":  # of more time the short entry says nothing: nothing waits
        scene.publish(notice)
    _settle(scene, travel, notice, third)
    refused(scene, notice, scene.manager, third)
    scene.publish(notice)


def test_once_a_full_entry_told_it_the_deed_is_nobodys_any_more(
    scene: Scene, travel: Travel, third: User
) -> None:
    """Neither in a later full entry nor in a short one."""
    notice = published(scene, travel)
    deed, given = _deeds(scene)["compliance"]
    scene.do(notice, deed, **given)
    scene.publish(notice)
    _claim(scene, notice, third)
    _settle(scene, travel, notice, third)
    refused(scene, notice, third)
    assert asked_of(scene.manager) == [notice.case]
    scene.publish(notice, scene.manager)


def test_a_failure_is_told_by_a_short_entry_as_by_a_full_one(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = published(scene, travel)
    _claim(scene, notice, third)
    travel.shift(timedelta(days=40))
    scene.do(notice, services.record_failure, reason="Nothing came.")
    scene.publish(notice)
    _settle(scene, travel, notice, third)
    assert open_of(notice).content["status"] == "not_complied"
    scene.publish(notice, scene.manager)


def test_words_that_were_approved_in_a_short_entry_that_told_them_are_nobodys_in_the_full_one(
    scene: Scene, travel: Travel, third: User
) -> None:
    notice = published(scene, travel)
    _claim(scene, notice, third)
    changes = {"location": "East Wing"}
    scene.do(notice, gate.correct_entry, why="It is the other wing.", changes=changes)
    scene.publish(notice)
    _settle(scene, travel, notice, third)
    assert open_of(notice).content["location"] == "East Wing"
    scene.publish(notice, scene.manager)
