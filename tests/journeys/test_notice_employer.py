"""A notice in a browser, from the employer's side: it reads what to do by when, asks for more time, files
evidence that CQC returns, mends it, tells CQC of an appeal that CQC declines, and complies. With and without
JavaScript; every page on the way against WCAG 2.2 AA, wide and narrow."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from playwright.sync_api import FilePayload, Page, expect

from enforcement.models import Notice
from regulator import clock
from regulator.casework.scanning import scan_pending
from tests.enforcement.scene import Scene
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT, answer

Shown = Callable[[Page, str], None]
DONE = "What was done, and since when?"
A_FILE: FilePayload = {"name": "audit.txt", "mimeType": "text/plain", "buffer": b"Fifty plans."}
A_COPY: FilePayload = {"name": "appeal.txt", "mimeType": "text/plain", "buffer": b"The form."}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


@WITH_AND_WITHOUT
def test_a_notice_is_read_answered_returned_and_complied_with(
    scripts: bool,
    reference_data: None,
    clock_hand: time_machine.Traveller,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    scene = Scene()
    inspection = scene.inspection("on_site")
    notice = scene.notice(
        "served",
        inspection=inspection,
        findings=[scene.find(inspection)],
        breach_on=inspection.visited_on,
    )
    reference = str(notice.case.reference)
    page, desk = new_page(scripts=scripts, user=scene.lead), new_page(scripts=scripts, user=scene.manager)

    def shown(which: Page, name: str) -> None:
        screenshot(which, name)
        screenshot_narrow(which, name)
        if scripts:
            look(which, name)

    page.goto("/notifications/")
    page.get_by_role("navigation").get_by_role("link", name="Notices").click()
    shown(page, "list")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_role("main")).to_contain_text("Do what the notice requires by")
    shown(page, "served")

    _asks_for_time(page, desk, notice, shown)
    _files_evidence(page, notice, shown)
    desk.goto(f"/desk/casework/case/{notice.pk}/do/return_evidence/")
    desk.get_by_label("Why you return it").fill("The audit is not among it.")
    desk.get_by_label("On regulation 17(4)").fill("Which audit?")
    shown(desk, "desk return")
    press(desk, "Return the evidence")
    page.goto(f"/notices/{reference}/")
    expect(page.get_by_role("main")).to_contain_text("The audit is not among it.")
    page.get_by_role("link", name="Send evidence that you complied").click()
    expect(page.get_by_role("main")).to_contain_text("Which audit?")
    shown(page, "returned")

    _tells_of_an_appeal(page, desk, reference, notice, shown)
    page.get_by_role("link", name="Send evidence that you complied").click()
    page.get_by_role("link", name="Change it or add a file for regulation 17(4)").click()
    answer(page, {DONE: "The audit of March is attached, with its fifty plans."})
    press(page, "Save")
    page.get_by_label("The employer has agreed this evidence").check()
    press(page, "Submit the evidence")
    desk.goto(f"/desk/casework/case/{notice.pk}/")
    expect(desk.get_by_role("main")).to_contain_text("The audit of March is attached")
    shown(desk, "desk notice")
    desk.goto(f"/desk/casework/case/{notice.pk}/do/accept_evidence/")
    press(desk, "Accept the evidence")
    again(page)
    expect(page.get_by_role("main")).to_contain_text("You have nothing more to do.")
    shown(page, "complied")
    page.get_by_role("link", name="Evidence 1").click()
    expect(page.get_by_role("main")).to_contain_text("CQC returned it on")
    shown(page, "first set")
    notice.case.refresh_from_db()
    assert notice.case.status == "complied"


def _asks_for_time(page: Page, desk: Page, notice: Notice, shown: Shown) -> None:
    page.get_by_role("link", name="Ask for more time").click()
    press(page, "Ask for more time")
    expect(page.get_by_role("alert")).to_contain_text("Enter why you need more time")
    until = clock.today() + timedelta(days=90)
    answer(page, {"What date do you need?": until, "Why do you need more time?": "The part is late."})
    press(page, "Ask for more time")
    expect(page.get_by_role("main")).to_contain_text("The date stands until CQC decides.")
    desk.goto("/desk/")
    expect(desk.get_by_role("main")).to_contain_text("More time asked for")
    desk.goto(f"/desk/casework/case/{notice.pk}/do/extend/")
    desk.get_by_label("Reason", exact=True).fill("Fair.")
    press(desk, "Give more time")
    again(page)
    expect(page.get_by_role("main")).to_contain_text("CQC gave you more time")


def _files_evidence(page: Page, notice: Notice, shown: Shown) -> None:
    page.get_by_role("link", name="Send evidence that you complied").click()
    shown(page, "evidence")
    for title in ("regulation 6(5)(b)", "regulation 17(4)"):
        page.get_by_role("link", name=f"Say what was done about {title}").click()
        answer(page, {DONE: "The procedures were rewritten."})
        page.get_by_label("A file that shows it").set_input_files(files=[A_FILE])
        shown(page, f"part {title}")
        press(page, "Save")
    scan_pending()
    again(page)
    expect(page.get_by_role("link", name="audit.txt").first).to_be_visible()
    press(page, "Submit the evidence")
    expect(page.get_by_role("alert")).to_contain_text("Confirm the declaration")
    page.get_by_label("The employer has agreed this evidence").check()
    press(page, "Submit the evidence")
    expect(page.get_by_role("main")).to_contain_text("CQC has your evidence")
    shown(page, "submitted")


def _tells_of_an_appeal(page: Page, desk: Page, reference: str, notice: Notice, shown: Shown) -> None:
    page.goto(f"/notices/{reference}/appeal/")
    answer(page, {"When did you lodge the appeal?": clock.today(), "The tribunal’s case number": "One"})
    page.get_by_label("The appeal as the tribunal received it").set_input_files(files=[A_COPY])
    shown(page, "appeal")
    press(page, "Tell CQC")
    expect(page.get_by_role("main")).to_contain_text("The notice binds you as it stands until CQC has")
    desk.goto(f"/desk/casework/case/{notice.pk}/do/decline_appeal/")
    desk.get_by_label("Reason", exact=True).fill("The tribunal has no such appeal.")
    press(desk, "Decline the employer’s appeal")
    again(page)
    expect(page.get_by_role("main")).to_contain_text("The tribunal has no such appeal.")
