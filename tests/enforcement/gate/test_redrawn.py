"""An entry that would say something else if it were drawn now does not stay as it is: the portal proposes it,
whether a deed changed it or a later release tells more."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from enforcement import publication, services
from enforcement.gate import services as gate
from enforcement.gate.facts import says_otherwise
from enforcement.legal_life import Life, Step
from enforcement.models import Notice
from enforcement.register.wording import DAYS_ADDED, MORE_TIME, until
from enforcement.tasks import propose_facts, propose_redrawn
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.deadlines.models import Deadline
from regulator.legislation.models import Provision
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.enforcement.gate.stage import entry_of, open_of, published
from tests.enforcement.scene import Scene

Travel = time_machine.Traveller


def _told_nothing_of_moved_days(life: Life) -> Iterator[tuple[Step, date | None]]:
    """As a release did that knew the steps, but not which day came of each."""
    for step in life.steps:
        yield step, None


@pytest.fixture
def of_a_former_release(scene: Scene, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> Notice:
    """A notice whose entry stands, drawn by a release that told nothing of the days that an appeal moved."""
    notice = scene.notice("under_appeal")
    travel.shift(timedelta(days=10))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    travel.shift(timedelta(days=20))
    with monkeypatch.context() as before:
        before.setattr(publication, "new_days", _told_nothing_of_moved_days)
        scene.publish(notice)
    return notice


def _again(notice: Notice) -> Notice:
    return Notice.objects.select_related("case__employer", "case__site").get(pk=notice.pk)


def _timeline(notice: Notice) -> list[str]:
    entry = entry_of(notice)
    assert entry is not None
    return [each["what"] for each in entry.timeline]


def test_what_a_former_release_did_not_tell_is_proposed_once_with_its_clock_and_a_letter(
    scene: Scene, of_a_former_release: Notice
) -> None:
    notice = of_a_former_release
    line = until(DAYS_ADDED, notice.compliance_on)
    assert line not in _timeline(notice)
    letters = Message.objects.filter(template="enforcement/ready_to_publish").count()
    assert propose_facts() == 0
    assert [propose_redrawn() for _ in range(3)] == [1, 0, 0]
    made = open_of(notice)
    assert (made.kind, made.proposed_by, made.edited_by) == ("change", None, None)
    assert line in [each["what"] for each in made.content["timeline"]]
    due = Deadline.objects.open().get(case=notice.pk, kind="register_update").due_on
    assert due == clock.today() + timedelta(days=7)
    assert Message.objects.filter(template="enforcement/ready_to_publish").count() > letters
    scene.do(_again(notice), gate.approve_entry, scene.second)
    assert line in _timeline(notice)
    assert propose_redrawn() == 0


def test_what_was_given_back_waits_for_a_person(scene: Scene, of_a_former_release: Notice) -> None:
    notice = of_a_former_release
    assert propose_redrawn() == 1
    scene.do(_again(notice), gate.return_entry, scene.second, reason="The day is not right.")
    assert propose_redrawn() == 0
    assert Deadline.objects.open().filter(case=notice.pk, kind="register_update").exists()


@pytest.mark.parametrize(
    ("state", "deed", "given"),
    [
        ("served", services.extend_compliance, {"compliance_on": date(2025, 6, 2), "reason": "Delivery."}),
        ("served", services.record_compliance, {"complied_on": date(2025, 3, 20), "how": "evidence"}),
    ],
    ids=["more time", "complied with"],
)
def test_what_a_deed_changed_is_proposed_with_it_and_nothing_is_left_for_the_morning(
    scene: Scene, travel: Travel, state: str, deed: Any, given: dict[str, Any]
) -> None:
    notice = published(scene, travel, state)
    scene.do(notice, deed, **given)
    proposed = open_of(notice)
    assert propose_redrawn() == 0
    scene.do(_again(notice), gate.approve_entry, scene.second)
    assert not says_otherwise(notice.case, _again(notice))
    assert propose_redrawn() == 0
    if deed is services.extend_compliance:
        assert until(MORE_TIME, given["compliance_on"]) in _timeline(notice)
    assert proposed.cause in ("extended", "complied")


def test_neither_words_of_the_law_nor_what_people_made_it_say_are_a_difference(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    changes = {"description": "Another text.", "location": "East Wing", "compliance_due_on": date(2025, 6, 2)}
    scene.do(notice, gate.correct_entry, scene.inspector, why="It was wrong.", changes=changes)
    scene.publish(notice)
    Provision.objects.filter(reference="17(4)").update(own_words="Said better.")
    assert propose_redrawn() == 0
    claimed = {"claimed_on": notice.served_on, "text": "The shielding is ours."}
    scene.do(_again(notice), gate.claim_trade_secret, **claimed)
    assert propose_redrawn() == 0


def test_only_scheduled_work_proposes_it_and_only_of_an_entry_that_stands(
    scene: Scene, of_a_former_release: Notice
) -> None:
    notice = of_a_former_release
    with pytest.raises(NotPermitted):
        services.propose_redrawn(notice=notice, by=scene.manager)
    other = scene.notice("served")
    assert not services.propose_redrawn(notice=_again(other), by=Scheduled("test"))
    assert services.propose_redrawn(notice=_again(notice), by=Scheduled("test"))
