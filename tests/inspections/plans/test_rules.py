"""What a plan may not be: written by the wrong person or at the wrong time, without answers, with days or
words that cannot be; and what of it stays when more is found."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from inspections import services as inspecting
from inspections.lifecycle import LIFECYCLE
from inspections.models import Finding, Inspection
from inspections.plans import queries, services
from inspections.plans.models import Plan, PlanAction, PlanAnswer
from notifications.content import ActionContent
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework import triggers
from regulator.casework.chain import digest
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Event, EventText
from regulator.casework.search.texts import rows_for
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.organisations.policies import NotPermitted
from tests.enforcement.scene import Scene
from tests.inspections.plans.test_path import accepted, found, letters, running

NUMBER = "943 476 5919"


def good(**changed: Any) -> ActionContent:
    values: dict[str, Any] = {"what": "Fit a stop.", "strength": "barrier", "owner_role": "Head of physics"}
    values |= {"effect_check": "An audit.", "planned_for": clock.today() + timedelta(days=30)}
    return ActionContent(**(values | changed))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": " "}, "what"),
        ({"owner_role": ""}, "owner_role"),
        ({"owner_role": "x" * 101}, "owner_role"),
        ({"effect_check": ""}, "effect_check"),
        ({"strength": "steel"}, "strength"),
        ({"planned_for": None}, "planned_for"),
    ],
)
def test_an_action_says_what_who_when_and_how_it_is_checked(
    scene: Scene, changed: dict[str, Any], field: str
) -> None:
    inspection, (first, _) = found(scene)
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.add_action, scene.lead, finding=first, action=good(**changed))
    assert list(refused.value.message_dict) == [field]
    assert not PlanAction.objects.exists()


@pytest.mark.parametrize("days", [-1, 366 * 5 + 1])
def test_an_action_is_planned_for_a_day_that_can_be(scene: Scene, days: int) -> None:
    inspection, (first, _) = found(scene)
    day = clock.today() + timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        scene.plan_action(inspection, first, planned_for=day)
    assert list(refused.value.message_dict) == ["planned_for"]


@pytest.mark.parametrize("position", ["partly", "disputed"])
def test_whoever_does_not_agree_says_why(scene: Scene, position: str) -> None:
    inspection, (first, _) = found(scene)
    given: dict[str, Any] = {"finding": first, "position": position}
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.answer_finding, scene.lead, **given, why="  ")
    assert list(refused.value.message_dict) == ["why"]
    kept = scene.inspect(inspection, services.answer_finding, scene.lead, **given, why=" It was there. ")
    assert kept.why == "It was there."
    with pytest.raises(ValidationError):
        scene.inspect(inspection, services.answer_finding, scene.lead, finding=first, position="perhaps")


def test_only_what_is_final_and_asks_for_an_answer_is_answered(scene: Scene) -> None:
    inspection, (first,) = found(scene, "breach")
    good_practice = Finding.objects.create(inspection=inspection, kind="good_practice", text="Good.")
    late = scene.find(inspection)
    theirs, _ = found(Scene(), "breach")
    for finding in (good_practice, late, theirs.findings.get()):
        with pytest.raises(ValidationError, match="does not wait"):
            scene.inspect(inspection, services.answer_finding, scene.lead, finding=finding, position="agreed")
    other = PlanAction.objects.create(
        finding=theirs.findings.get(),
        what="x",
        strength="barrier",
        owner_role="x",
        effect_check="x",
        planned_for=clock.today(),
        added_by=scene.lead,
    )
    scene.plan_action(inspection, first)
    with pytest.raises(ValidationError, match="another plan"):
        scene.inspect(inspection, services.remove_action, scene.lead, action=other)


def test_nothing_is_written_before_the_feedback_is_final_nor_after_acceptance(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    finding = scene.find(inspection)
    for step in ("_draft_feedback", "_issue_feedback", None):
        with pytest.raises(NotAllowedNow):
            scene.plan_action(inspection, finding)
        if step:
            getattr(scene, step)(inspection)
    scene._finalise(inspection)
    scene.submit_plan(inspection)
    scene.inspect(inspection, services.accept_plan)
    with pytest.raises(NotAllowedNow, match="Nothing here waits"):
        scene.plan_action(inspection, finding)
    with pytest.raises(NotAllowedNow):
        scene.inspect(
            inspection, services.change_action, scene.lead, action=scene.begun(inspection), to=good()
        )


def test_a_stale_version_and_scheduled_work_change_nothing(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    version = inspection.case.version
    scene.plan_action(inspection, first)
    given: dict[str, Any] = {"inspection": inspection, "finding": first, "action": good()}
    with pytest.raises(StaleVersion):
        services.add_action(by=scene.lead, version=version, **given)
    for deed in (services.submit_plan, services.accept_plan):
        with pytest.raises(NotPermitted):
            deed(inspection=inspection, by=Scheduled("deadlines.remind"), version=inspection.case.version)
    assert PlanAction.objects.count() == 1


def test_words_that_identify_somebody_are_refused_unless_a_reason_says_why(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    action = scene.plan_action(inspection, first)
    lead, typed = scene.lead, f"About {NUMBER}."
    scene.inspect(inspection, services.answer_finding, lead, finding=first, position="agreed")
    tries: list[tuple[Any, Any, dict[str, Any]]] = [
        (services.answer_finding, lead, {"finding": first, "position": "agreed", "why": typed}),
        (services.add_action, lead, {"finding": first, "action": good(what=typed)}),
        (services.change_action, lead, {"action": action, "to": good(effect_check=typed)}),
    ]
    for deed, by, given in tries:
        with pytest.raises(IdentifiersFound):
            scene.inspect(inspection, deed, by, **given)
    scene.inspect(inspection, services.add_action, lead, **tries[1][2], identifies_nobody="Invented.")


def test_a_plan_whose_days_have_gone_by_is_mended_first(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection, (first,) = found(scene, "breach")
    scene.inspect(inspection, services.answer_finding, scene.lead, finding=first, position="agreed")
    action = scene.plan_action(inspection, first, planned_for=clock.today())
    travel.shift(timedelta(days=1))
    with pytest.raises(ValidationError, match="its date has gone by"):
        scene.inspect(inspection, services.submit_plan, scene.lead)
    scene.inspect(inspection, services.change_action, scene.lead, action=action, to=good())
    scene.inspect(inspection, services.submit_plan, scene.lead)


def test_what_cqc_let_wait_past_its_day_gets_a_week(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection, _ = found(scene, "breach")
    scene.submit_plan(inspection, planned_for=clock.today() + timedelta(days=2))
    travel.shift(timedelta(days=5))
    scene.inspect(inspection, services.accept_plan)
    action = scene.begun(inspection)
    assert action.planned_for == clock.today() + timedelta(days=7)
    assert running(inspection, "plan_action", action.pk).due_on == action.planned_for


def test_a_plan_is_decided_on_once_and_returned_with_a_reason_and_a_day(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(NotAllowedNow, match="No action plan waits"):
        scene.inspect(inspection, services.return_plan, reason="x", due_on=tomorrow)
    scene.submit_plan(inspection)
    theirs, _ = found(Scene(), "breach")
    foreign = theirs.findings.get().pk
    for given, field in (
        ({"reason": " ", "due_on": tomorrow}, "reason"),
        ({"reason": "x", "due_on": clock.today() - timedelta(days=1)}, "due_on"),
        ({"reason": "x", "due_on": clock.today() + timedelta(days=9999)}, "due_on"),
        ({"reason": "x", "due_on": tomorrow, "remarks": {foreign: "x"}}, f"remark_{foreign}"),
    ):
        with pytest.raises(ValidationError) as refused:
            scene.inspect(inspection, services.return_plan, **given)
        assert list(refused.value.message_dict) == [field]
    remark = {"reason": "x", "due_on": tomorrow, "remarks": {first.pk: f"It was {NUMBER}"}}
    with pytest.raises(IdentifiersFound) as found_in:
        scene.inspect(inspection, services.return_plan, **remark)
    assert list(found_in.value.message_dict) == [f"remark_{first.pk}"]
    scene.inspect(inspection, services.accept_plan)
    with pytest.raises(NotAllowedNow):
        scene.inspect(inspection, services.return_plan, reason="x", due_on=tomorrow)


def test_further_feedback_asks_for_answers_to_the_new_findings_alone(scene: Scene) -> None:
    inspection, [action] = accepted(scene, "breach")
    new = scene.find(inspection, Finding.Kind.RECOMMENDATION)
    scene.feed_back(inspection)
    assert (inspection.case.status, inspection.plan_received_on) == ("final", None)
    assert [each.pk for each in queries.owed(inspection)] == [new.pk]
    with pytest.raises(NotAllowedNow, match="action plan is needed"):
        scene.inspect(inspection, inspecting.close)
    scene.submit_plan(inspection)
    second = Plan.objects.get(number=2)
    assert [each["finding"] for each in second.content] == [new.pk]
    scene.inspect(inspection, services.accept_plan)
    action.refresh_from_db()
    assert action.is_open, "the first plan's actions go on"
    assert PlanAction.objects.open().count() == 2
    scene.inspect(inspection, inspecting.close)


def test_a_plan_that_waits_while_more_is_found_is_returned_not_accepted(scene: Scene) -> None:
    inspection, _ = found(scene, "breach")
    scene.submit_plan(inspection)
    new = scene.find(inspection)
    scene.feed_back(inspection)
    with pytest.raises(NotAllowedNow, match="found since"):
        scene.inspect(inspection, services.accept_plan)
    assert Plan.objects.get().is_waiting
    due_on = clock.today() + timedelta(days=9)
    scene.inspect(inspection, services.return_plan, reason="Answer the new one too.", due_on=due_on)
    scene.inspect(inspection, services.answer_finding, scene.lead, finding=new, position="agreed")
    scene.plan_action(inspection, new)
    scene.inspect(inspection, services.submit_plan, scene.lead)
    scene.inspect(inspection, services.accept_plan)
    assert PlanAction.objects.open().count() == 2


def by_hand(scene: Scene) -> Inspection:
    """An inspection whose plan was accepted before the portal kept plans: row and event say no more."""
    inspection, _ = accepted(scene, "breach")
    triggers.drop(connection)
    EventText.objects.filter(event__type__startswith="plans.").delete()
    event = Event.objects.get(type="inspections.plan_received")
    event.payload = {name: event.payload[name] for name in ("from", "to")}
    event.hash = digest(event)
    event.save()
    triggers.install(connection)
    Deadline.objects.filter(kind="plan_action").delete()
    PlanAction.objects.all().delete()
    PlanAnswer.objects.all().delete()
    Plan.objects.all().delete()
    return Inspection.objects.select_related("case__employer").get(pk=inspection.pk)


def test_an_inspection_whose_plan_came_before_stays_valid(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = by_hand(scene)
    assert queries.owed(inspection) == []
    assert [each.owed for each in queries.whole(inspection)] == [False]
    travel.shift(timedelta(days=1))
    new = scene.find(inspection)
    scene.feed_back(inspection)
    assert [each.pk for each in queries.owed(inspection)] == [new.pk]
    scene.submit_plan(inspection)
    scene.inspect(inspection, services.accept_plan)
    scene.inspect(inspection, inspecting.close)


def test_closing_needs_nothing_more_where_the_plan_came_before(scene: Scene) -> None:
    inspection = by_hand(scene)
    scene.inspect(inspection, inspecting.close)
    assert inspection.case.status == "closed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"done_on": 1}, "done_on"),
        ({"done_on": -3}, "done_on"),
        ({"done_what": " "}, "done_what"),
    ],
)
def test_an_action_was_done_on_a_day_that_can_be_and_in_words(
    scene: Scene, given: dict[str, Any], field: str
) -> None:
    inspection, [action] = accepted(scene, "breach")
    said: dict[str, Any] = {"done_on": 0, "done_what": "It is in force."} | given
    said["done_on"] = clock.today() + timedelta(days=said["done_on"])
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.finish_action, scene.lead, action=action, **said)
    assert list(refused.value.message_dict) == [field]


def test_what_is_done_is_not_done_twice_nor_asked_about(scene: Scene) -> None:
    inspection, [action] = accepted(scene, "breach")
    scene._ask_about_action(inspection)
    with pytest.raises(NotAllowedNow, match="already"):
        scene.inspect(inspection, services.ask_cancel, scene.lead, action=action, reason="x")
    scene._finish_action(inspection)
    action.refresh_from_db()
    assert (action.cancel_asked_at, action.cancelled_reason) == (None, ""), "no longer needed"
    assert ExtensionRequest.objects.get().decision == "lapsed"
    later = clock.today() + timedelta(days=90)
    tries: list[tuple[Any, Any, dict[str, Any]]] = [
        (services.finish_action, scene.lead, {"done_on": clock.today(), "done_what": "x"}),
        (services.ask_more_time, scene.lead, {"asked_until": later, "reason": "x"}),
        (services.ask_cancel, scene.lead, {"reason": "x"}),
        (services.grant_more_time, scene.inspector, {"due_on": later, "reason": "x"}),
        (services.refuse_more_time, scene.inspector, {"reason": "x"}),
        (services.agree_cancel, scene.inspector, {}),
        (services.refuse_cancel, scene.inspector, {"reason": "x"}),
    ]
    for deed, by, given in tries:
        with pytest.raises(NotAllowedNow):
            scene.inspect(inspection, deed, by, action=action, **given)


def test_only_cqc_moves_the_day_of_an_action(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection, [action] = accepted(scene, "breach")
    before, until = action.planned_for, action.planned_for + timedelta(days=20)
    asked: dict[str, Any] = {"asked_until": until, "reason": "The part is late."}
    with pytest.raises(NotAllowedNow, match="No request"):
        scene.inspect(inspection, services.grant_more_time, action=action, due_on=until, reason="x")
    scene.inspect(inspection, services.ask_more_time, scene.lead, action=action, **asked)
    scene.inspect(inspection, services.refuse_more_time, action=action, reason="It matters.")
    action.refresh_from_db()
    assert action.planned_for == before
    scene.inspect(inspection, services.ask_more_time, scene.lead, action=action, **asked)
    travel.shift(timedelta(days=50))
    action.refresh_from_db()
    assert action.is_overdue
    given = {"due_on": clock.today() + timedelta(days=5), "reason": "Fair."}
    with pytest.raises(NotPermitted):
        scene.inspect(inspection, services.grant_more_time, scene.lead, action=action, **given)
    scene.inspect(inspection, services.grant_more_time, action=action, **given)
    action.refresh_from_db()
    assert (action.planned_for, action.is_overdue) == (given["due_on"], False)
    assert running(inspection, "plan_action", action.pk).due_on == given["due_on"]
    assert len(letters(inspection, "plans/action_decided")) == 2


def test_more_time_may_be_asked_for_several_actions_at_once(scene: Scene) -> None:
    inspection, actions = accepted(scene)
    until = clock.today() + timedelta(days=90)
    for action in actions:
        given = {"asked_until": until, "reason": "The part is late."}
        scene.inspect(inspection, services.ask_more_time, scene.lead, action=action, **given)
        with pytest.raises(NotAllowedNow, match="already"):
            scene.inspect(inspection, services.ask_more_time, scene.lead, action=action, **given)
    assert ExtensionRequest.objects.filter(decision="").count() == 2


def test_an_action_is_given_up_only_where_cqc_agrees(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection, [action] = accepted(scene, "breach")
    with pytest.raises(NotAllowedNow, match="has not asked"):
        scene.inspect(inspection, services.agree_cancel, action=action)
    scene._ask_about_action(inspection)
    scene.inspect(inspection, services.refuse_cancel, action=action, reason="It is the only stop.")
    action.refresh_from_db()
    assert (action.is_open, action.cqc_says, action.cancelled_reason) == (True, "It is the only stop.", "")
    scene.inspect(inspection, services.ask_cancel, scene.lead, action=action, reason="The unit closed.")
    scene.inspect(inspection, services.agree_cancel, action=action)
    action.refresh_from_db()
    assert (action.standing, action.cancelled_reason) == ("Cancelled", "The unit closed.")
    assert running(inspection, "plan_action", action.pk).ended_at is not None
    assert ExtensionRequest.objects.get().decision == "lapsed"
    travel.shift(timedelta(days=99))
    assert not PlanAction.objects.overdue().exists()


def test_what_is_reopened_past_its_day_gets_a_new_one(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection, [action] = accepted(scene, "breach")
    with pytest.raises(NotAllowedNow, match="has not said"):
        scene.inspect(inspection, services.reopen_action, action=action, reason="x")
    scene._finish_action(inspection)
    scene.inspect(inspection, services.confirm_action, action=action)
    scene.inspect(inspection, inspecting.close)
    travel.shift(timedelta(days=60))
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.reopen_action, action=action, reason="It was switched off.")
    assert list(refused.value.message_dict) == ["planned_for"]
    day = clock.today() + timedelta(days=14)
    scene.inspect(
        inspection, services.reopen_action, action=action, reason="It was switched off.", planned_for=day
    )
    action.refresh_from_db()
    assert (action.standing, action.planned_for, action.confirmed_by) == ("Open", day, None)
    assert running(inspection, "plan_action", action.pk).is_open
    assert inspection.case.status == "closed", "the case itself stays closed"
    case = inspection.case
    travel.shift(timedelta(minutes=1))
    assert case_as_at(case, clock.now())["plan_progress"] == case_at_present(case)["plan_progress"]


def test_the_database_holds_to_the_rules_too(scene: Scene) -> None:
    inspection, [action] = accepted(scene, "breach")
    plan = Plan.objects.get()
    broken: list[Any] = [
        lambda: Plan.objects.create(inspection=inspection, number=1, begun_by=scene.lead),
        lambda: Plan.objects.filter(pk=plan.pk).update(accepted_by=None),
        lambda: Plan.objects.filter(pk=plan.pk).update(submitted_at=None),
        lambda: Plan.objects.filter(pk=plan.pk).update(returned_at=clock.now()),
        lambda: PlanAction.objects.filter(pk=action.pk).update(done_on=clock.today()),
        lambda: PlanAction.objects.filter(pk=action.pk).update(cancelled_at=clock.now()),
        lambda: PlanAction.objects.filter(pk=action.pk).update(confirmed_at=clock.now()),
        lambda: PlanAction.objects.filter(pk=action.pk).update(removed_at=clock.now()),
        lambda: PlanAnswer.objects.update(position="disputed"),
    ]
    for rule in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            rule()
    Plan.objects.create(inspection=inspection, number=2, begun_by=scene.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(inspection=inspection, number=3, begun_by=scene.lead)


def test_a_draft_is_the_employers_own_and_not_found_by_staff(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    scene.plan_action(inspection, first, what="Zwiebelkuchen is banned.")
    [row] = rows_for([inspection.pk])
    assert "zwiebelkuchen" not in row.words
    assert not EventText.objects.filter(text__contains="Zwiebelkuchen").exists()
    scene.submit_plan(inspection)
    [row] = rows_for([inspection.pk])
    assert "zwiebelkuchen" in row.words


def test_a_plan_is_accepted_from_final_alone() -> None:
    assert LIFECYCLE.transitions["accept_plan"].sources == ("final",)
