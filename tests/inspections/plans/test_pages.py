"""The employer's pages of its plan, and the desk's: who reads what, what is refused, and what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections import services as inspecting
from inspections.models import Finding, Inspection
from inspections.plans import services
from inspections.plans.models import Plan, PlanAction, PlanAnswer, PlanEvidence
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.desk import QUEUE_MARKS
from regulator.casework.models import Case
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.plans.test_path import accepted, found
from tests.notifications.pages import boxes, browser, text

PLANNED = {
    "what": "Fit a stop.",
    "strength": "barrier",
    "owner_role": "Head of physics",
    "effect_check": "An audit.",
    "planned_for_day": "1",
    "planned_for_month": "6",
    "planned_for_year": "2025",
}


def way(inspection: Inspection, rest: str = "") -> str:
    return f"/inspections/{inspection.case.reference}/plan/{rest}"


def send(client: Client, address: str, **typed: Any) -> Any:
    """Open the page, type, send it with what stood in it."""
    shown = client.get(address)
    assert shown.status_code == 200, address
    return client.post(address, {**boxes(shown), **typed})


def test_a_plan_goes_through_the_pages(scene: Scene) -> None:
    inspection, (first,) = found(scene, "breach")
    client = browser(scene.lead)
    assert "Write your action plan" in text(client.get(f"/inspections/{inspection.case.reference}/"))
    answer = send(client, way(inspection, f"finding/{first.pk}/"), position="agreed")
    assert answer["Location"] == way(inspection, f"finding/{first.pk}/add/")
    weak = {**PLANNED, "strength": "reminder"}
    assert send(client, answer["Location"], **weak)["Location"] == way(inspection)
    warned = text(client.get(way(inspection)))
    assert "Only training or reminders answer this breach." in warned
    action = PlanAction.objects.get()
    send(client, way(inspection, f"action/{action.pk}/change/"), strength="barrier")
    assert "Only training" not in text(client.get(way(inspection, "check/")))
    assert send(client, way(inspection, "check/")).status_code == 400
    assert send(client, way(inspection, "check/"), declaration="on").status_code == 302
    assert Plan.objects.get().is_waiting
    scene.inspect(Inspection.objects.get(), services.accept_plan)
    file = SimpleUploadedFile("audit.txt", b"Fifty plans.")
    today = clock.today()
    day = {"done_on_day": today.day, "done_on_month": today.month, "done_on_year": today.year}
    done = way(inspection, f"action/{action.pk}/done/")
    assert send(client, done, **day).status_code == 400
    assert send(client, done, **day, done_what="It is fitted.", file=file).status_code == 302
    assert PlanEvidence.objects.get().action == action
    assert "audit.txt" in text(client.get(way(inspection, f"action/{action.pk}/")))


def test_an_old_page_is_refused_and_keeps_what_was_typed(scene: Scene) -> None:
    inspection, (first, _) = found(scene)
    client = browser(scene.lead)
    address = way(inspection, f"finding/{first.pk}/add/")
    shown = boxes(client.get(address))
    scene.plan_action(inspection, first)
    refused: Any = client.post(address, {**shown, **PLANNED})
    assert refused.status_code == 409
    assert "Fit a stop." in text(refused)
    assert PlanAction.objects.count() == 1


def test_what_cannot_be_written_now_leads_back(scene: Scene) -> None:
    inspection, [action] = accepted(scene, "breach")
    client, finding = browser(scene.lead), inspection.findings.get()
    for rest in ("check/", f"finding/{finding.pk}/", f"finding/{finding.pk}/add/"):
        assert client.get(way(inspection, rest))["Location"] == way(inspection)
    one = way(inspection, f"action/{action.pk}/")
    for rest in ("change/", "remove/"):
        assert client.get(f"{one}{rest}")["Location"] == one
    sent: Any = client.post(f"{one}remove/", {"version": inspection.case.version})
    assert sent.status_code == 409
    scene._finish_action(inspection)
    for rest in ("done/", "more-time/", "cancel/"):
        assert client.get(f"{one}{rest}")["Location"] == one
    scene.inspect(inspection, services.confirm_action, action=action)
    assert client.get(f"{one}evidence/")["Location"] == one
    assert client.get(way(inspection, "action/999999/")).status_code == 404
    assert client.get(way(inspection, f"finding/{10**30}/")).status_code == 404


def test_another_inspections_action_is_not_found(scene: Scene) -> None:
    inspection, _ = accepted(scene, "breach")
    other, [theirs] = accepted(Scene(scene.employer, scene.lead), "breach")
    client = browser(scene.lead)
    assert client.get(way(other, f"action/{theirs.pk}/")).status_code == 200
    assert client.get(way(inspection, f"action/{theirs.pk}/")).status_code == 404
    assert client.get(way(inspection, f"finding/{theirs.finding_id}/")).status_code == 404


def more(inspection: Inspection, scene: Scene, times: int) -> None:
    """So many more findings in its accepted plan, each with as many actions and a file for each."""
    plan = Plan.objects.get(inspection=inspection)
    today, content = clock.today(), list(plan.content)
    for _ in range(times):
        finding = Finding.objects.create(
            inspection=inspection, kind="breach", text="x", fed_back_on=today, final_on=today
        )
        PlanAnswer.objects.create(finding=finding, plan=plan, position="agreed", answered_by=scene.lead)
        acted = [
            PlanAction.objects.create(
                finding=finding,
                accepted_in=plan,
                what="x",
                strength="barrier",
                owner_role="x",
                effect_check="x",
                planned_for=today,
                added_by=scene.lead,
            )
            for _ in range(times)
        ]
        planned = plan.content[0]["actions"][0]
        actions = [{**planned, "action": each.pk} for each in acted]
        content.append({"finding": finding.pk, "position": "agreed", "why": "", "actions": actions})
    Plan.objects.filter(pk=plan.pk).update(content=content)


def test_the_pages_cost_the_same_however_large_the_plan_is(scene: Scene) -> None:
    inspection, [action] = accepted(scene, "breach")
    lead, inspector = browser(scene.lead), browser(scene.inspector)
    plan = Plan.objects.get()
    addresses: list[tuple[Client, str]] = [
        (lead, f"/inspections/{inspection.case.reference}/"),
        (lead, way(inspection)),
        (lead, way(inspection, f"action/{action.pk}/")),
        (inspector, reverse("admin:plans_plan_change", args=[plan.pk])),
        (inspector, reverse("admin:casework_case_change", args=[inspection.pk])),
    ]
    for client, address in addresses:
        client.get(address)

    def costs() -> list[int]:
        found = []
        for client, address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(address).status_code == 200, address
            found.append(len(asked))
        return found

    few = costs()
    more(inspection, scene, 5)
    assert costs() == few
    assert few[3] <= 14
    assert few[4] <= 15


def test_the_desk_reads_what_was_submitted_and_no_draft(scene: Scene) -> None:
    inspection, (first,) = found(scene, "breach")
    scene.plan_action(inspection, first)
    draft = Plan.objects.get()
    inspector = browser(scene.inspector)
    page = reverse("admin:plans_plan_change", args=[draft.pk])
    assert inspector.get(page).status_code == 404
    case_page = reverse("admin:casework_case_change", args=[inspection.pk])
    assert "A second operator" not in text(inspector.get(case_page))
    scene.inspect(inspection, services.answer_finding, scene.lead, finding=first, position="agreed")
    scene.inspect(inspection, services.submit_plan, scene.lead, about="The board agreed it.")
    read = text(inspector.get(page))
    assert "A second operator checks each plan." in read
    assert "The board agreed it." in read
    assert page in text(inspector.get(case_page))
    assert browser(scene.lead).get(page).status_code in (302, 403)
    for role in (Role.CASE_OFFICER, Role.AUDITOR, Role.ENFORCEMENT_MANAGER):
        assert browser(staff(role)).get(page).status_code == 200
    assert browser(staff(Role.ADMINISTRATOR)).get(page).status_code == 403


def marked(name: str) -> set[int]:
    condition = QUEUE_MARKS.get(name).cases()
    return set(Case.objects.filter(condition).values_list("pk", flat=True))


def test_the_queue_and_the_home_find_what_waits(scene: Scene, travel: Any) -> None:
    submitted, late = scene.inspection("plan_submitted"), scene.inspection("action_plan")
    done, asking = scene.inspection("plan_done"), scene.inspection("plan_asking")
    scene.inspect(done, inspecting.close)
    assert marked("plan_submitted") == {submitted.pk}
    assert marked("plan_to_look_at") == {done.pk, asking.pk}
    assert marked("plan_overdue") == set()
    travel.shift(timedelta(days=43))
    assert marked("plan_overdue") == {late.pk, asking.pk}
    client = browser(scene.inspector)
    home = text(client.get("/desk/"))
    assert "Action plans to look at" in home
    shown = text(client.get("/desk/casework/case/?mark=plan_to_look_at&state=all"))
    assert str(done.case) in shown
    assert str(late.case) not in shown
    assert "Action plans to look at" not in text(browser(staff(Role.CASE_OFFICER)).get("/desk/"))


@pytest.mark.parametrize("state", ["action_plan", "closed"])
def test_the_employers_home_tells_of_an_action_that_is_due(scene: Scene, travel: Any, state: str) -> None:
    inspection = scene.inspection("action_plan")
    if state == "closed":
        scene.inspect(inspection, inspecting.close)
    travel.shift(timedelta(days=43))
    action = scene.begun(inspection)
    home = text(browser(scene.lead).get("/notifications/"))
    assert "Carry out an action of your plan" in home
    assert way(inspection, f"action/{action.pk}/") in home
