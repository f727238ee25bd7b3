"""What the chain cannot vouch for is told as such: older events, erased texts, texts that were exchanged."""

import random
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from inspections.models import Inspection
from regulator import clock
from regulator.casework import triggers
from regulator.casework.chain import digest
from regulator.casework.evidence.past import CHANGED, ERASED, NOT_RECORDED, gap
from regulator.casework.evidence.rebuilding import case_as_at
from regulator.casework.models import Attachment, Event, EventText, KeptText, Note
from tests.enforcement.scene import Scene
from tests.evidence.lives import LifeOfAnInspection, LifeOfANotice, LifeOfANotification


def older(type: str, *names: str, **values: Any) -> None:
    """Let the events of that type be as they were before they held ``names``, hashed anew."""
    triggers.drop(connection)
    for event in Event.objects.filter(type=type):
        event.payload = {key: each for key, each in event.payload.items() if key not in names} | values
        event.hash = digest(event)
        event.save()
    triggers.install(connection)


@pytest.fixture
def life(scene: Scene, travel: time_machine.Traveller) -> LifeOfANotification:
    life = LifeOfANotification(scene, random.Random(5), travel)
    life.submit()
    life.attach()
    life.note()
    return life


def test_an_erased_text_is_told_as_erased(life: LifeOfANotification) -> None:
    Note.objects.all().delete()
    [note] = case_as_at(life.case, clock.now())["notes"]
    assert note["text"] == gap(ERASED)


def test_a_text_that_was_exchanged_is_not_told(life: LifeOfANotification) -> None:
    Note.objects.update(text="Nobody rang.")
    Attachment.objects.update(name="other.txt")
    state = case_as_at(life.case, clock.now())
    assert state["notes"][0]["text"] == gap(CHANGED)
    assert state["files"][0]["name"] == gap(CHANGED)


def test_a_reason_that_was_erased_or_exchanged_is_not_told(life: LifeOfANotification) -> None:
    life.restrict()
    EventText.objects.update(text="Another.")
    assert case_as_at(life.case, clock.now())["restriction"]["reason"] == gap(CHANGED)
    EventText.objects.all().delete()
    assert case_as_at(life.case, clock.now())["restriction"]["reason"] == gap(ERASED)


def test_older_events_leave_their_gaps_rather_than_todays_values(life: LifeOfANotification) -> None:
    older("casework.file_attached", "name_sha256")
    [file] = case_as_at(life.case, clock.now())["files"]
    assert file["name"] == gap(NOT_RECORDED)
    assert len(file["sha256"]) == 64


def test_an_older_inspection_does_not_borrow_the_scope_of_today(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    life = LifeOfAnInspection(scene, random.Random(1), travel)
    older("inspections.opened", "scope_sha256", "site", "modality", "brachytherapy")
    Inspection.objects.update(scope="Something else.")
    state = case_as_at(life.case, clock.now())
    assert state["inspection"]["scope"] == gap(NOT_RECORDED)
    assert state["case"]["site"] == gap(NOT_RECORDED)
    assert state["inspection"]["trigger"] == "planned"


def test_what_was_told_is_had_from_older_rows_only_where_the_digest_vouches(
    life: LifeOfANotification, travel: time_machine.Traveller
) -> None:
    """A notification that was submitted before its content was kept beside the chain."""
    KeptText.objects.all().delete()
    first = clock.now()
    assert case_as_at(life.case, first)["notification"]["told"]["procedure"] == "Chest"
    travel.shift(timedelta(days=1))
    life.amend()
    KeptText.objects.all().delete()
    told = case_as_at(life.case, first)["notification"]["told"]
    assert told["immediate_actions"] == "The exposure was stopped."
    life.notification.versions.all().delete()
    assert case_as_at(life.case, first)["notification"]["told"] == gap(CHANGED)


def test_the_former_words_of_a_notice_come_from_what_was_kept_or_not_at_all(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    life = LifeOfANotice(scene, random.Random(2), travel)
    first = clock.now()
    travel.shift(timedelta(days=1))
    life.edit()
    assert "SECRET" in case_as_at(life.case, first)["notice"]["opinion"]
    older("enforcement.drafted", "texts_sha256", "power")
    state = case_as_at(life.case, first)
    assert state["notice"]["opinion"] == state["notice"]["power"] == gap(NOT_RECORDED)
    assert "Broken" in case_as_at(life.case, clock.now())["notice"]["opinion"]


def test_which_of_several_clocks_an_older_event_stopped_is_not_guessed(life: LifeOfANotification) -> None:
    life.plan()
    life.plan()
    life.finish()
    older("deadlines.met", "subject")
    clocks = case_as_at(life.case, clock.now())["clocks"]
    actions = [each["met_on"] for each in clocks if each["kind"] == "action"]
    assert actions == [gap(NOT_RECORDED)] * 2
    [notify] = [each for each in clocks if each["kind"] == "notify"]
    assert notify["met_on"] == clock.today().isoformat()


def test_a_pane_that_an_older_event_mended_is_not_guessed(life: LifeOfANotification) -> None:
    life.restrict()
    from regulator.casework.services import break_glass
    from tests.factories import staff

    break_glass(case=life.case, by=staff(), reason="The lead is away.")
    life.rename()
    assert case_as_at(life.case, clock.now())["restriction"]["glass"] == []
    older("casework.people_named", "mended")
    [pane] = case_as_at(life.case, clock.now())["restriction"]["glass"]
    assert pane["mended"] == gap(NOT_RECORDED)
