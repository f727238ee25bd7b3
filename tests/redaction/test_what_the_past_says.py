"""What the past of a redacted case says: erased where redaction took the words, changed where a hand did."""

import io
import random
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine

from regulator import clock
from regulator.casework.evidence.bundles import ask_bundle, make_due
from regulator.casework.evidence.packing import pack
from regulator.casework.evidence.past import CHANGED, ERASED, gap
from regulator.casework.evidence.rebuilding import case_as_at
from regulator.casework.kinds import REMOVED
from regulator.casework.models import Attachment, Case, DisclosureBundle, InformationRequest
from regulator.casework.redaction import Group
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.evidence.lives import LifeOfANotification
from tests.redaction.emptied import emptied
from tests.redaction.full import lived

__all__ = ["scene", "travel"]
Travel = time_machine.Traveller


def gaps(state: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every gap of a state: where, and why."""
    if isinstance(state, dict) and state.keys() == {"gap"}:
        yield path, state["gap"]
    elif isinstance(state, dict | list):
        for name, each in state.items() if isinstance(state, dict) else enumerate(state):
            yield from gaps(each, f"{path}.{name}".strip("."))


@pytest.fixture
def life(scene: Scene, travel: Travel) -> LifeOfANotification:
    """A notification with a report, a note, a file, an answered question and a cancelled action."""
    life = LifeOfANotification(scene, random.Random(5), travel)
    life.risk = Case.Risk.MEDIUM
    deeds = [life.submit, life.triage, life.more_time, life.report, life.review, life.ask, life.answer]
    for deed in (*deeds, life.note, life.attach, life.plan, life.call_off):
        deed()
    return life


def test_every_kind_of_text_is_told_as_erased_and_none_as_changed(scene: Scene, travel: Travel) -> None:
    cases = lived(scene, travel)
    moment = clock.now()
    before = {case.pk: dict(gaps(case_as_at(case, moment))) for case in cases}
    assert not any(before.values())
    for case in cases:
        emptied(case)
    for case in cases:
        for at in (moment, clock.now()):
            found = dict(gaps(case_as_at(case, at)))
            assert set(found.values()) == {ERASED}, (case, found)
    told = case_as_at(cases[0], moment)
    assert told["notification"]["told"] == told["notification"]["report"]["sections"] == gap(ERASED)
    assert told["questions"][0]["text"] == told["questions"][0]["answer"] == gap(ERASED)
    assert told["actions"][0]["owner_role"] == told["files"][0]["name"] == gap(ERASED)
    assert told["triage"]["reason"] == told["more_time"][0]["reason"] == gap(ERASED)
    assert told["triage"]["risk"] == Case.Risk.HIGH
    seen, served, feared = (case_as_at(each, moment) for each in cases[1:])
    assert seen["inspection"]["scope"] == seen["findings"][0]["text"] == gap(ERASED)
    assert served["notice"]["opinion"] == served["notice"]["address"] == gap(ERASED)
    assert feared["concern"]["text"] == feared["concern"]["outcome_reason"] == gap(ERASED)
    assert (feared["concern"]["source"], feared["concern"]["outcome"]) == ("whistle_blower", "referred")


def test_what_was_told_before_it_was_kept_beside_the_chain_is_told_as_erased_too(
    life: LifeOfANotification,
) -> None:
    """Then the row itself was the text: what is left of it is no change by hand, what is put into it is."""
    life.case.kept_texts.all().delete()
    assert not dict(gaps(case_as_at(life.case, clock.now())))
    emptied(life.case)
    part = case_as_at(life.case, clock.now())["notification"]
    assert (part["told"], part["report"]["sections"]) == (gap(ERASED), gap(ERASED))
    notification = life.notification
    notification.narrative = "Nothing happened."
    notification.save()
    notification.report.causes = "None."
    notification.report.save()
    part = case_as_at(life.case, clock.now())["notification"]
    assert (part["told"], part["report"]["sections"]) == (gap(CHANGED), gap(CHANGED))


def test_a_text_that_somebody_puts_in_place_of_the_mark_is_told_as_changed(life: LifeOfANotification) -> None:
    emptied(life.case)
    InformationRequest.objects.update(question="Was it you?")
    [asked] = case_as_at(life.case, clock.now())["questions"]
    assert (asked["text"], asked["answer"]) == (gap(CHANGED), gap(ERASED))


@pytest.mark.parametrize("groups", [None, {Group.LETTERS}])
def test_the_mark_put_there_by_hand_is_a_change(life: LifeOfANotification, groups: set[Group] | None) -> None:
    """Also where the case was redacted, but not of what people wrote or filed."""
    if groups is not None:
        emptied(life.case, groups=frozenset(groups))
    InformationRequest.objects.update(question=REMOVED)
    Attachment.objects.update(name=REMOVED)
    life.notification.actions.update(owner_role=REMOVED)
    state = case_as_at(life.case, clock.now())
    found = {state["questions"][0]["text"]["gap"], state["files"][0]["name"]["gap"]}
    assert found | {state["actions"][0]["owner_role"]["gap"]} == {CHANGED}


def test_each_group_speaks_for_its_own_texts(life: LifeOfANotification) -> None:
    emptied(life.case, groups=frozenset({Group.FILES}))
    InformationRequest.objects.update(question=REMOVED)
    state = case_as_at(life.case, clock.now())
    assert state["files"][0]["name"] == gap(ERASED)
    assert state["questions"][0]["text"] == gap(CHANGED)
    assert state["questions"][0]["answer"] == "The second."


@pytest.mark.parametrize("notes", [1, 30])
def test_the_past_of_a_redacted_case_costs_the_same_whatever_hung_on_it(
    life: LifeOfANotification, notes: int, django_assert_num_queries: Any
) -> None:
    for _ in range(notes - 1):
        life.note()
        life.attach()
    emptied(life.case)
    case = life.case
    with django_assert_num_queries(16):
        state = case_as_at(case, clock.now())
    assert [each["text"] for each in state["notes"]] == [gap(ERASED)] * (notes + 1)  # triage wrote one


# Bundles ---------------------------------------------------------------------------------------------


def test_a_bundle_of_a_redacted_case_can_be_made_and_says_what_was_erased(
    life: LifeOfANotification,
) -> None:
    emptied(life.case)
    asked = ask_bundle(case=life.case, by=life.manager, reason="A court asked.")
    assert make_due() == 1
    asked.refresh_from_db()
    with asked.file.open("rb") as file, ZipFile(io.BytesIO(file.read())) as archive:
        names, told = archive.namelist(), archive.read("case.json").decode()
        manifest = archive.read("manifest.json").decode()
    assert not [name for name in names if name.startswith("files/")]
    assert ERASED in told
    assert CHANGED not in told
    assert "This file is no longer kept." in manifest
    for words in ("Rang back", "Which check?", "log.txt", "Superintendent"):
        assert words not in told + manifest


def test_a_bundle_that_is_being_made_meanwhile_is_given_up_and_leaves_no_file(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked = ask_bundle(case=life.case, by=life.manager, reason="A court asked.")
    really = pack

    def packing_while_it_is_redacted(*args: Any, **arguments: Any) -> None:
        really(*args, **arguments)
        emptied(life.case)

    monkeypatch.setattr("regulator.casework.evidence.bundles.pack", packing_while_it_is_redacted)
    with django_capture_on_commit_callbacks(execute=True):
        assert make_due() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.file.name) == (DisclosureBundle.State.FAILED, "")
    assert not any(asked.file.storage.exists(name) for name in asked.every_file)
    assert make_due() == 0


def test_a_bundle_that_was_made_is_taken_away(
    life: LifeOfANotification, django_capture_on_commit_callbacks: Any
) -> None:
    asked = ask_bundle(case=life.case, by=life.manager, reason="A court asked.")
    assert make_due() == 1
    asked.refresh_from_db()
    storage, name, sha256 = asked.file.storage, str(asked.file.name), asked.sha256
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        emptied(life.case)
    asked.refresh_from_db()
    assert not storage.exists(name)
    assert (asked.is_there, asked.sha256) == (False, sha256)
    assert asked.removed_at is not None
