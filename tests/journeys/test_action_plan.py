"""An action plan in a browser: the employer answers two recommendations and a breach, CQC returns the plan,
the employer mends it, CQC accepts it; one action is done with a file and confirmed, one goes overdue. With
and without JavaScript; every page on the way against WCAG 2.2 AA, wide and narrow."""

from datetime import timedelta
from typing import Final

import time_machine
from playwright.sync_api import FilePayload, Page, expect

from inspections.models import Finding, Inspection
from inspections.plans.models import PlanAction
from regulator import clock
from regulator.casework.scanning import scan_pending
from regulator.deadlines.tasks import escalate, remind
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT, Answers, Radio, answer

WHY: Final = "The reviews of May are on record."
LONG: Final = (
    "No review of the procedures was on record for eighteen months, though the schedule says twelve, and "
    "the operators whom we asked did not know which version was in force."
)


def found(scene: Scene) -> Inspection:
    inspection = scene.inspection("on_site", lead=scene.inspector)
    for kind in (Finding.Kind.RECOMMENDATION, Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH):
        scene.find(inspection, kind)
    Finding.objects.filter(inspection=inspection, kind=Finding.Kind.BREACH).update(text=LONG)
    scene.feed_back(inspection)
    return inspection


def wanted(what: str, strength: str, days: int) -> Answers:
    return {
        "What will be done?": what,
        "What kind of action is it?": Radio(strength),
        "Which role is responsible for it?": "Head of radiotherapy physics",
        "When will it be done by?": clock.today() + timedelta(days=days),
        "How will you check that it works?": "An audit of fifty plans after three months.",
    }


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def reply(page: Page, number: int, position: str, why: str = "") -> None:
    link = f"Answer this finding number {number}"
    page.get_by_role("link", name=link).click()
    answer(page, {"Do you agree with this finding?": Radio(f"{position}$")})
    if why:
        answer(page, {"If you do not agree, or only in part: with what, and why?": why})
    press(page, "Save and continue")


@WITH_AND_WITHOUT
def test_a_plan_is_written_returned_mended_accepted_and_carried_out(
    scripts: bool,
    reference_data: None,
    clock_hand: time_machine.Traveller,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    scene = Scene()
    inspection = found(scene)
    reference = inspection.case.reference
    page = new_page(scripts=scripts, user=scene.lead)
    page.goto(f"/inspections/{reference}/")
    page.get_by_role("link", name="Write your action plan").click()
    _shown(page, "to write", screenshot, screenshot_narrow)

    reply(page, 1, "Agreed")
    expect(page.get_by_role("heading", name="Add an action")).to_be_visible()
    press(page, "Save the action")
    expect(page.get_by_role("alert")).to_contain_text("Enter what will be done")
    answer(page, wanted("A second operator checks each plan.", "Standardisation", 42))
    _shown(page, "an action", screenshot, screenshot_narrow)
    press(page, "Save the action")
    reply(page, 2, "Disputed")
    expect(page.get_by_role("alert")).to_contain_text("Say what you do not agree with")
    answer(page, {"If you do not agree, or only in part: with what, and why?": WHY})
    press(page, "Save and continue")
    page.get_by_role("button", name="Check your plan").click()
    expect(page.get_by_role("main")).to_contain_text("Say what you make of finding 3.")
    page.get_by_label("The employer has agreed this plan").check()
    press(page, "Submit the plan")
    expect(page.get_by_role("alert")).to_contain_text("Say what you make of finding 3.")
    _shown(page, "missing", screenshot, screenshot_narrow)
    page.get_by_role("link", name="Action plan").first.click()
    reply(page, 3, "Agreed in part", WHY)
    answer(page, wanted("Everybody is told of the schedule.", "Reminder", 30))
    press(page, "Save the action")
    expect(page.get_by_role("main")).to_contain_text("Only training or reminders answer this breach.")
    _shown(page, "written", screenshot, screenshot_narrow)
    page.get_by_role("button", name="Check your plan").click()
    page.get_by_label("The employer has agreed this plan").check()
    press(page, "Submit the plan")
    expect(page.get_by_role("main")).to_contain_text("Your action plan was submitted.")
    _shown(page, "submitted", screenshot, screenshot_narrow)

    desk = new_page(scripts=scripts, user=scene.inspector)
    desk.goto("/desk/")
    expect(desk.get_by_role("main")).to_contain_text("Action plans to look at")
    screenshot(desk, "home")
    desk.goto(f"/desk/casework/case/{inspection.pk}/")
    desk.get_by_role("link", name="Plan 1").click()
    expect(desk.get_by_role("main")).to_contain_text("Only training or reminders answer this breach.")
    _shown(desk, "desk plan", screenshot, screenshot_narrow)
    desk.goto(f"/desk/casework/case/{inspection.pk}/do/return_plan/")
    desk.get_by_label("Why you return it").fill("A reminder does not hold.")
    desk.get_by_label("On the answer to finding 3").fill("Is there one way of working?")
    _shown(desk, "desk return", screenshot, screenshot_narrow)
    press(desk, "Return the action plan")

    again(page)
    expect(page.get_by_role("main")).to_contain_text("A reminder does not hold.")
    expect(page.get_by_role("main")).to_contain_text("Is there one way of working?")
    _shown(page, "returned", screenshot, screenshot_narrow)
    page.get_by_role("link", name="Everybody is told of the schedule.").click()
    page.get_by_role("link", name="Change it").click()
    answer(page, {"What kind of action is it?": Radio("Automation")})
    press(page, "Save the action")
    page.get_by_role("button", name="Check your plan").click()
    page.get_by_label("The employer has agreed this plan").check()
    press(page, "Submit the plan")
    desk.goto(f"/desk/casework/case/{inspection.pk}/do/accept_plan/")
    press(desk, "Accept the action plan")

    again(page)
    page.get_by_role("link", name="A second operator checks each plan.").click()
    page.get_by_role("link", name="Say that it is done").click()
    answer(page, {"When was it done?": clock.today()})
    press(page, "Say that an action is done")
    expect(page.get_by_role("alert")).to_contain_text("Enter what was done")
    answer(page, {"What was done, and what does the check of its effect show?": "Fifty plans were checked."})
    audit: FilePayload = {"name": "audit.txt", "mimeType": "text/plain", "buffer": b"Fifty plans."}
    page.get_by_label("A file as evidence").set_input_files(files=[audit])
    _shown(page, "done", screenshot, screenshot_narrow)
    press(page, "Say that an action is done")
    scan_pending()
    again(page)
    expect(page.get_by_role("link", name="audit.txt")).to_be_visible()
    _shown(page, "done action", screenshot, screenshot_narrow)
    desk.goto(f"/desk/casework/case/{inspection.pk}/do/confirm_action/")
    screenshot(desk, "confirm")
    press(desk, "Confirm that an action is done")
    again(page)
    expect(page.get_by_role("main")).to_contain_text("Confirmed")

    _goes_overdue(inspection, scene, clock_hand)
    page = new_page(scripts=scripts, user=scene.lead)  # weeks later
    page.goto("/notifications/")
    expect(page.get_by_role("main")).to_contain_text("Carry out an action of your plan")
    page.goto(f"/inspections/{reference}/")
    _shown(page, "inspection", screenshot, screenshot_narrow)
    page.get_by_role("link", name="Read your action plan").click()
    expect(page.get_by_role("main")).to_contain_text("Overdue")
    _shown(page, "overdue", screenshot, screenshot_narrow)
    page.get_by_role("link", name="Everybody is told of the schedule.").click()
    page.get_by_role("link", name="Ask for more time").click()
    until = {"What date do you need?": clock.today() + timedelta(days=30)}
    answer(page, {**until, "Why do you need more time?": "The module is late."})
    press(page, "Ask for more time")
    _shown(page, "asked", screenshot, screenshot_narrow)
    desk = new_page(scripts=scripts, user=scene.inspector)
    desk.goto(f"/desk/casework/case/{inspection.pk}/")
    _shown(desk, "desk case", screenshot, screenshot_narrow)
    if scripts:
        _everything_is_for_everybody(page, desk, inspection, look)


def _goes_overdue(inspection: Inspection, scene: Scene, clock_hand: time_machine.Traveller) -> None:
    """Reminded of before and after its day, and told to CQC a week after it."""
    late = PlanAction.objects.open().get(finding__inspection=inspection)
    for days, reminded, told in ((-7, 1, 0), (1, 2, 0), (7, 2, 1)):
        moment = clock.now() + (late.planned_for + timedelta(days=days) - clock.today())
        clock_hand.move_to(moment)
        remind()
        escalate()
        letters = Message.objects.filter(case=inspection.case)
        assert letters.filter(template="deadline-reminder", to=scene.lead.email).count() == reminded
        assert letters.filter(template="deadline-overdue", to=scene.inspector.email).count() == told


def _shown(page: Page, name: str, screenshot: Screenshot, screenshot_narrow: Screenshot) -> None:
    screenshot(page, name)
    screenshot_narrow(page, name)


def _everything_is_for_everybody(page: Page, desk: Page, inspection: Inspection, look: Look) -> None:
    reference = inspection.case.reference
    late = PlanAction.objects.open().get(finding__inspection=inspection)
    for path in ("", f"action/{late.pk}/", f"action/{late.pk}/done/", f"action/{late.pk}/cancel/"):
        page.goto(f"/inspections/{reference}/plan/{path}")
        look(page, path or "plan")
    plan = late.accepted_in
    assert plan is not None
    desk.goto(f"/desk/plans/plan/{plan.pk}/")
    look(desk, "desk plan")
