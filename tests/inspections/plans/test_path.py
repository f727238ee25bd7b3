"""A plan from the first answer to the last action, by the services."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections import services as inspecting
from inspections.models import Finding, Inspection
from inspections.plans import queries, services
from inspections.plans.models import Plan, PlanAction, PlanAnswer
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from regulator.people.services import give_role
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, staff


def found(scene: Scene, *kinds: str) -> tuple[Inspection, list[Finding]]:
    """An inspection with its feedback final, and what was found."""
    inspection = scene.inspection("on_site", lead=scene.inspector)
    made = [scene.find(inspection, kind) for kind in kinds or ("recommendation", "breach")]
    scene.feed_back(inspection)
    return inspection, made


def accepted(scene: Scene, *kinds: str, **action: Any) -> tuple[Inspection, list[PlanAction]]:
    inspection, _ = found(scene, *kinds)
    scene.submit_plan(inspection, **action)
    scene.inspect(inspection, services.accept_plan)
    return inspection, list(PlanAction.objects.begun().filter(finding__inspection=inspection).order_by("pk"))


def running(inspection: Inspection, kind: str, subject: int = 0) -> Deadline:
    return Deadline.objects.get(case=inspection.case, kind=kind, subject_id=subject)


def letters(inspection: Inspection, template: str) -> list[str]:
    return list(Message.objects.filter(case=inspection.case, template=template).values_list("to", flat=True))


def test_a_plan_is_written_submitted_returned_mended_and_accepted(scene: Scene) -> None:
    inspection, (first, second) = found(scene)
    scene.inspect(inspection, services.answer_finding, scene.lead, finding=first, position="agreed")
    with pytest.raises(ValidationError) as lacking:
        scene.inspect(inspection, services.submit_plan, scene.lead)
    assert lacking.value.messages == [
        "Add at least one action for finding 1.",
        "Say what you make of finding 2.",
    ]
    action = scene.plan_action(inspection, first, strength="training")
    why = "Reviews were on record."
    scene.inspect(
        inspection, services.answer_finding, scene.lead, finding=second, position="disputed", why=why
    )
    plan = scene.inspect(inspection, services.submit_plan, scene.lead, about="The board agreed it.")
    assert (plan.number, plan.is_waiting) == (1, True)
    assert running(inspection, "action_plan").met_on == clock.today()
    assert letters(inspection, "plans/submitted") == [scene.inspector.email]
    with pytest.raises(NotAllowedNow):
        scene.plan_action(inspection, first)

    due_on = clock.today() + timedelta(days=10)
    scene.inspect(
        inspection,
        services.return_plan,
        reason="Training alone is weak.",
        due_on=due_on,
        remarks={first.pk: "Is there a stop?", second.pk: "  "},
    )
    assert inspection.case.status == "final"
    assert (running(inspection, "action_plan").is_open, running(inspection, "action_plan").due_on) == (
        True,
        due_on,
    )
    assert letters(inspection, "plans/returned") == [scene.lead.email]
    plan.refresh_from_db()
    assert [(each.finding_id, each.text) for each in plan.remarks.all()] == [(first.pk, "Is there a stop?")]
    with pytest.raises(NotAllowedNow):
        scene.inspect(inspection, services.accept_plan)

    scene.inspect(inspection, services.remove_action, scene.lead, action=action)
    stop = scene.plan_action(inspection, first, strength="barrier")
    again = scene.inspect(inspection, services.submit_plan, scene.lead)
    assert again.number == 2
    scene.inspect(inspection, services.accept_plan)
    stop.refresh_from_db()
    action.refresh_from_db()
    assert (stop.accepted_in, action.accepted_in, action.removed_at is None) == (again, None, False)
    assert (inspection.case.status, inspection.plan_received_on) == ("action_plan", clock.today())
    assert running(inspection, "plan_action", stop.pk).due_on == stop.planned_for
    assert plan.content[0]["actions"][0]["strength"] == "training", "what was submitted first stays"
    assert queries.owed(inspection) == []
    assert first_broken_link() is None


def test_the_chain_tells_the_same_of_a_plan_as_its_rows(scene: Scene, travel: Any) -> None:
    inspection, actions = accepted(scene)
    done, asked = actions
    given = {"done_on": clock.today(), "done_what": "The stop is fitted."}
    scene.inspect(inspection, services.finish_action, scene.lead, action=done, **given)
    scene.inspect(inspection, services.reopen_action, action=done, reason="Only one machine has it.")
    scene.inspect(inspection, services.finish_action, scene.lead, action=done, **given)
    scene.inspect(inspection, services.confirm_action, action=done)
    for deed in (services.refuse_cancel, None):
        scene.inspect(inspection, services.ask_cancel, scene.lead, action=asked, reason="The unit closes.")
        if deed is not None:
            scene.inspect(inspection, deed, action=asked, reason="Not yet.")
    scene.inspect(inspection, services.agree_cancel, action=asked)
    travel.shift(timedelta(minutes=1))
    case = inspection.case
    past, present = case_as_at(case, clock.now()), case_at_present(case)
    for part in ("plans", "plan_answers", "plan_remarks", "plan_actions", "plan_progress"):
        assert past[part] == present[part], part
        assert past[part] or part == "plan_remarks"


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.ANALYST])
def test_what_runs_on_after_closing_is_not_told_to_a_lead_who_works_on_cases_no_more(
    scene: Scene, travel: Any, role: Role | None
) -> None:
    inspection, (done, late, *_) = accepted(scene)
    scene.inspect(inspection, inspecting.close)
    former, heir = scene.inspector, staff(Role.INSPECTOR)
    give_role(
        person=former,
        role=role,
        reason="Left the team.",
        by=staff(Role.ADMINISTRATOR),
        version=former.version,
    )
    Message.objects.filter(case=inspection.case).delete()
    inspection = Inspection.objects.select_related("case__assignee").get(pk=inspection.pk)
    given = {"done_on": clock.today(), "done_what": "The stop is fitted."}
    scene.inspect(inspection, services.finish_action, scene.lead, action=done, **given)
    assert letters(inspection, "plans/action_waits") == [heir.email]
    travel.move_to(late.planned_for + timedelta(days=8))
    assert escalate() == 1
    told = letters(inspection, "deadline-overdue")
    assert heir.email in told
    assert former.email not in told


def test_an_action_is_done_with_evidence_and_confirmed_after_closing_too(scene: Scene) -> None:
    inspection, (action, *_) = accepted(scene)
    scene.inspect(inspection, inspecting.close)
    assert running(inspection, "plan_action", action.pk).is_open
    scene.inspect(
        inspection,
        services.finish_action,
        scene.lead,
        action=action,
        done_on=clock.today(),
        done_what="The second check is in the procedure.",
        file=SimpleUploadedFile("audit.txt", b"Fifty plans."),
    )
    action.refresh_from_db()
    assert action.standing == "Done"
    assert [each.attachment.name for each in action.evidence.all()] == ["audit.txt"]
    assert running(inspection, "plan_action", action.pk).met_on == clock.today()
    assert letters(inspection, "plans/action_waits") == [scene.inspector.email]
    scene.inspect(inspection, services.confirm_action, action=action)
    action.refresh_from_db()
    assert action.standing == "Confirmed"
    assert letters(inspection, "plans/action_decided") == [scene.lead.email]
    with pytest.raises(NotAllowedNow):
        scene.inspect(inspection, services.confirm_action, action=action)


def test_an_overdue_action_is_reminded_of_and_escalated(scene: Scene, travel: Any) -> None:
    inspection, (action, *_) = accepted(scene, "breach")
    travel.shift(timedelta(days=35))
    remind()
    assert letters(inspection, "deadline-reminder") == [scene.lead.email]
    [letter] = Message.objects.filter(template="deadline-reminder")
    assert f"/inspections/{inspection.case.reference}/" in letter.body
    travel.shift(timedelta(days=8))
    action.refresh_from_db()
    assert action.standing == "Overdue"
    remind()
    assert escalate() == 0, "the reminders do their work first"
    travel.shift(timedelta(days=6))
    assert escalate() == 1
    assert letters(inspection, "deadline-overdue") == [scene.inspector.email]


def test_strangers_and_staff_do_not_write_the_plan(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    for person in (scene.reporter, scene.inspector, member(EmployerFactory.create(), Role.EMPLOYER_LEAD)):
        with pytest.raises(NotPermitted):
            scene.inspect(inspection, services.answer_finding, person, finding=first, position="agreed")
    scene.submit_plan(inspection)
    for person in (scene.lead, scene.manager):
        with pytest.raises(NotPermitted):
            scene.inspect(inspection, services.accept_plan, person)
    assert not PlanAnswer.objects.filter(plan__accepted_at__isnull=False).exists()
    assert Plan.objects.get().is_waiting
    assert not Event.objects.filter(type="inspections.plan_received").exists()
