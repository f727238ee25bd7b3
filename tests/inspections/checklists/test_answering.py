"""Answers of a checklist: each is kept once, none is lost, and none takes another's place unseen."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections import services as inspecting
from inspections.checklists import services
from inspections.checklists.models import LONGEST_NOTE, Checklist, ChecklistAnswer
from inspections.checklists.queries import rows_of
from inspections.checklists.services.answering import MOST_AT_ONCE
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link, text_digest
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Event
from regulator.organisations.models import Interest
from regulator.organisations.policies import InterestDeclared, NotPermitted
from tests.enforcement.scene import Scene
from tests.factories import member, staff
from tests.inspections.checklists.conftest import answer, given, opened

NUMBER = "943 476 5919"


def row(checklist: Checklist, item: str = "list") -> Any:
    return next(each for each in rows_of(checklist, "") if each.item.key == item)


def test_an_answer_is_kept_with_what_the_chain_says_of_it(scene: Scene, checklist: Checklist) -> None:
    typed = datetime(2025, 3, 3, 8, 58, tzinfo=UTC)
    mine = given(verdict="partly", note=" Two of three.\r\nThe third was away. ", typed_at=typed)
    [taken] = answer(checklist, scene.inspector, mine)
    kept = ChecklistAnswer.objects.get()
    assert taken.answer == kept
    assert (kept.verdict, kept.note) == ("partly", "Two of three.\nThe third was away.")
    assert (kept.answered_by, kept.typed_at, kept.out_of_sight) == (scene.inspector, typed, False)
    event = Event.objects.order_by("sequence").last()
    assert event is not None
    assert event.type == "checklists.answered"
    assert event.payload["answers"] == [
        {
            "answer": kept.pk,
            "item": "list",
            "verdict": "partly",
            "sha256": text_digest(kept.note),
            "out_of_sight": False,
        }
    ]
    assert first_broken_link() is None


def test_what_is_sent_again_is_kept_once(scene: Scene, checklist: Checklist) -> None:
    first, second = given("list"), given("sample", "not_met", "No dates.")
    answer(checklist, scene.inspector, first, second)
    events = Event.objects.count()
    again = answer(checklist, scene.inspector, second, first, first)
    assert ChecklistAnswer.objects.count() == 2
    assert [each.answer.item for each in again if each.answer] == ["sample", "list", "list"]
    assert Event.objects.count() == events


def test_the_same_id_with_other_words_is_a_further_answer_and_that_once(
    scene: Scene, checklist: Checklist
) -> None:
    first = given(note="As first written.")
    answer(checklist, scene.inspector, first)
    changed = given(note="As then changed.", client_id=first.client_id)
    for _ in range(2):
        answer(checklist, scene.inspector, changed)
    assert [each.note for each in ChecklistAnswer.objects.all()] == ["As first written.", "As then changed."]
    assert row(checklist).holding.note == "As then changed."


def test_one_that_is_wrong_loses_none_of_the_others(scene: Scene, checklist: Checklist) -> None:
    sent = [
        given("list"),
        given("nonsense"),
        given("sample", "perhaps"),
        given("before", note="x" * (LONGEST_NOTE + 1)),
        given("theory", note="a\x00b"),
        given("practical", note=f"It was about {NUMBER}."),
        given("cpd", "not_met"),
    ]
    taken = answer(checklist, scene.inspector, *sent)
    assert {each.item for each in ChecklistAnswer.objects.all()} == {"list", "cpd"}
    fields = [sorted(each.errors) for each in taken]
    assert fields == [[], ["item"], ["verdict"], ["note"], ["note"], ["note"], []]
    assert [each.asks_why for each in taken] == [False] * 5 + [True, False]


def test_what_seems_to_identify_somebody_is_kept_with_a_reason(scene: Scene, checklist: Checklist) -> None:
    mine = given(note=f"It was about {NUMBER}.")
    [refused] = answer(checklist, scene.inspector, mine)
    assert refused.answer is None
    assert not Event.objects.filter(type="checklists.answered").exists()
    why = given(note=mine.note, client_id=mine.client_id, identifies_nobody="The invented number.")
    [taken] = answer(checklist, scene.inspector, why)
    assert taken.answer is not None
    assert IdentifierConfirmation.objects.get().reason == "The invented number."
    unfit = given("sample", note="Ask a.person@example.org.", identifies_nobody=f"It is {NUMBER}.")
    [again] = answer(checklist, scene.inspector, unfit)
    assert (again.answer, again.asks_why) == (None, True)


def test_two_who_answer_the_same_item_both_stay_and_neither_wins_unseen(
    scene: Scene, checklist: Checklist
) -> None:
    other = staff(Role.INSPECTOR)
    first = given(verdict="met")
    answer(checklist, scene.inspector, first)
    seen = given(verdict="not_met", note="One has no record.", seen=first.client_id)
    answer(checklist, other, seen)
    late = given(verdict="met", note="Typed before that.", seen=first.client_id)
    [taken] = answer(checklist, scene.inspector, late)
    assert taken.answer is not None
    assert taken.answer.out_of_sight
    now = row(checklist)
    assert (now.holding.verdict, [each.note for each in now.unseen]) == ("not_met", ["Typed before that."])
    settled = given(verdict="partly", seen=seen.client_id)
    answer(checklist, scene.inspector, settled)
    now = row(checklist)
    assert (now.holding.verdict, now.unseen, len(now.former)) == ("partly", (), 3)


def test_what_was_queued_in_a_row_holds_in_a_row(scene: Scene, checklist: Checklist) -> None:
    first = given(verdict="met")
    second = given(verdict="partly", seen=first.client_id)
    third = given(verdict="not_met", seen=second.client_id)
    answer(checklist, scene.inspector, first, second, third)
    assert row(checklist).holding.verdict == "not_met"
    assert row(checklist).unseen == ()


def test_the_device_s_clock_decides_nothing(scene: Scene, checklist: Checklist) -> None:
    first = given(verdict="met", typed_at=datetime(2031, 1, 1, tzinfo=UTC))
    answer(checklist, scene.inspector, first)
    second = given(verdict="not_met", seen=first.client_id, typed_at=datetime(2001, 1, 1, tzinfo=UTC))
    answer(checklist, scene.inspector, second)
    assert row(checklist).holding.verdict == "not_met"


def test_no_version_of_the_case_is_too_old_for_an_answer(scene: Scene, checklist: Checklist) -> None:
    scene.find(checklist.inspection)
    [taken] = answer(Checklist.objects.get(), scene.inspector, given())
    assert taken.answer is not None


@pytest.mark.parametrize("state", ["announced", "evidence_requested"])
def test_before_the_visit_a_checklist_is_only_prepared(scene: Scene, state: str) -> None:
    prepared = opened(scene, state)
    with pytest.raises(NotAllowedNow, match="Record the visit first"):
        answer(prepared, scene.inspector, given())
    scene.inspect(prepared.inspection, inspecting.visit, visited_on=clock.today())
    assert answer(prepared, scene.inspector, given())[0].answer is not None


def test_nothing_is_answered_once_it_is_over(scene: Scene) -> None:
    checklist = opened(scene, "action_plan")
    scene.inspect(checklist.inspection, inspecting.close)
    with pytest.raises(NotAllowedNow, match="over"):
        answer(checklist, scene.inspector, given())
    assert not ChecklistAnswer.objects.exists()


def test_only_those_who_conduct_inspections_answer(scene: Scene, checklist: Checklist) -> None:
    others = [staff(each) for each in (Role.CASE_OFFICER, Role.ANALYST, Role.ENFORCEMENT_MANAGER)]
    for by in (*others, scene.lead, member(scene.employer), Scheduled("inspections")):
        with pytest.raises(NotPermitted):
            answer(checklist, by, given())
    assert not ChecklistAnswer.objects.exists()


def test_an_interest_in_the_employer_refuses(scene: Scene, checklist: Checklist) -> None:
    other = staff(Role.INSPECTOR)
    Interest.objects.create(
        person=other,
        employer=scene.employer,
        kind=Interest.Kind.FINANCIAL,
        since=clock.today(),
        declared_by=other,
    )
    with pytest.raises(InterestDeclared):
        answer(checklist, other, given())


def test_a_restricted_case_is_answered_by_those_named_on_it(scene: Scene, checklist: Checklist) -> None:
    Case.objects.filter(pk=checklist.inspection_id).update(is_restricted=True)
    with pytest.raises(NotPermitted):
        answer(checklist, scene.inspector, given())


def test_a_batch_has_an_end(scene: Scene, checklist: Checklist) -> None:
    with pytest.raises(ValidationError):
        answer(checklist, scene.inspector, *[given() for _ in range(MOST_AT_ONCE + 1)])
    assert not ChecklistAnswer.objects.exists()


def test_the_database_keeps_one_row_of_an_id_and_knows_the_verdicts(
    scene: Scene, checklist: Checklist
) -> None:
    key = uuid4()
    values = {"checklist": checklist, "item": "list", "answered_by": scene.inspector, "client_id": key}
    ChecklistAnswer.objects.create(verdict="met", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistAnswer.objects.create(verdict="not_met", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistAnswer.objects.create(verdict="perhaps", **{**values, "client_id": uuid4()})


def test_an_item_of_a_provision_that_came_later_is_not_offered(scene: Scene, travel: Any) -> None:
    travel.move_to(datetime(2024, 9, 30, 9, tzinfo=UTC))
    earlier = opened(scene, key="on_site")
    keys = {each.item.key for each in rows_of(earlier, "radiotherapy")}
    assert "other-employers" not in keys
    assert "risk-study" in keys
    [refused] = answer(earlier, scene.inspector, given("other-employers"))
    assert list(refused.errors) == ["item"]
    travel.move_to(datetime(2024, 10, 1, 9, tzinfo=UTC))
    later = opened(scene, key="on_site")
    assert "other-employers" in {each.item.key for each in rows_of(later, "radiotherapy")}


def test_a_checklist_is_opened_once_for_a_visit(scene: Scene, checklist: Checklist) -> None:
    inspection = checklist.inspection
    visit = inspection.visits.get()
    open_it = services.open_checklist
    assert open_it(inspection=inspection, by=scene.inspector, key="training") == checklist
    of_visit = open_it(inspection=inspection, by=scene.inspector, key="training", visit=visit)
    assert of_visit != checklist
    assert open_it(inspection=inspection, by=scene.inspector, key="training", visit=visit) == of_visit
    assert Event.objects.filter(type="checklists.opened").count() == 2
    foreign = scene.inspection("on_site").visits.get()
    with pytest.raises(ValidationError) as refused:
        open_it(inspection=inspection, by=scene.inspector, key="training", visit=foreign)
    assert list(refused.value.message_dict) == ["visit"]
    with pytest.raises(ValidationError) as refused:
        open_it(inspection=inspection, by=scene.inspector, key="../models")
    assert list(refused.value.message_dict) == ["key"]


def test_none_is_opened_before_the_announcement_or_once_it_is_over(scene: Scene) -> None:
    planned = scene.inspection("planned")
    with pytest.raises(NotAllowedNow, match="Announce"):
        services.open_checklist(inspection=planned, by=scene.inspector, key="training")
    scene.inspect(planned, inspecting.stand_down, reason="Not needed.")
    with pytest.raises(NotAllowedNow, match="over"):
        services.open_checklist(inspection=planned, by=scene.inspector, key="training")
    with pytest.raises(NotPermitted):
        services.open_checklist(inspection=scene.inspection("on_site"), by=scene.manager, key="training")
