"""A checklist on a tablet: answered with and without a connection, kept through a reload, sent once the
connection is back, and each answer there exactly once. The same without JavaScript."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote
from inspections.checklists.services import Given, answer_items, open_checklist
from inspections.models import Finding
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.journeys import looking
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import enter

NUMBER = "943 476 5919"


@pytest.fixture
def scene(reference_data: None) -> Scene:
    return Scene()


def tablet(new_page: OpenPage, user: User, *, scripts: bool = True) -> Page:
    page = new_page(scripts=scripts, user=user)
    page.set_viewport_size({"width": 810, "height": 1080})
    return page


def item(page: Page, look: str) -> Locator:
    return page.get_by_role("group", name=look)


def give(page: Page, look: str, verdict: str, note: str = "") -> None:
    group = item(page, look)
    group.get_by_label(verdict, exact=True).check()
    if note:
        group.get_by_role("textbox", name="Note on").fill(note)


def open_page(page: Page, checklist: Checklist) -> None:
    """The page, once it is kept on the device."""
    page.goto(f"/desk/checklists/checklist/{checklist.pk}/")
    expect(page.locator("#checklist[data-kept=yes]")).to_be_attached()


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def offline(page: Page, is_offline: bool) -> None:
    page.context.set_offline(is_offline)


def answers() -> list[tuple[str, str, str]]:
    """Those that hold."""
    held = ChecklistAnswer.objects.holding().order_by("item")
    return list(held.values_list("item", "verdict", "note"))


def test_answers_outlive_a_dropped_connection_and_a_reload(
    scene: Scene, new_page: OpenPage, look: Look, screenshot: Screenshot, screenshot_narrow: Screenshot
) -> None:
    inspection = scene.inspection("on_site")
    page = tablet(new_page, scene.inspector)
    page.goto(f"/desk/casework/case/{inspection.pk}/")
    page.get_by_role("link", name="All checklists").click()
    page.get_by_label("Checklist", exact=True).select_option(label="Training records")
    page.get_by_role("button", name="Open the checklist").click()
    expect(page.locator("#checklist[data-kept=yes]")).to_be_attached()
    give(page, "The list of those entitled", "Met")
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    assert answers() == [("list", "met", "")]
    screenshot(page, "saved")

    offline(page, True)
    give(page, "Records of one practitioner", "Not met", "Two of three had none.")
    give(page, "Training before the first exposure", "Partly met")
    page.get_by_label("Note", exact=True).fill("The door stood open.")
    page.get_by_role("button", name="Keep the note").click()
    expect(status(page)).to_contain_text("2 answers and 1 note wait for a connection")
    screenshot(page, "offline")
    again(page)
    expect(status(page)).to_contain_text("2 answers and 1 note wait for a connection")
    expect(item(page, "The list of those entitled").get_by_label("Met", exact=True)).to_be_checked()
    records = item(page, "Records of one practitioner")
    expect(records.get_by_label("Not met", exact=True)).to_be_checked()
    expect(records.get_by_role("textbox", name="Note on")).to_have_value("Two of three had none.")
    expect(page.get_by_text("The door stood open.")).to_be_visible()
    screenshot(page, "offline-after-a-reload")
    screenshot_narrow(page, "offline-after-a-reload")
    page.set_viewport_size({"width": 810, "height": 1080})
    assert answers() == [("list", "met", "")]

    offline(page, False)
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    assert answers() == [
        ("before", "partly", ""),
        ("list", "met", ""),
        ("sample", "not_met", "Two of three had none."),
    ]
    assert [each.text for each in InspectionNote.objects.all()] == ["The door stood open."]
    kept = ChecklistAnswer.objects.count()
    again(page)
    expect(page.locator("#checklist[data-kept=yes]")).to_be_attached()
    assert (ChecklistAnswer.objects.count(), InspectionNote.objects.count()) == (kept, 1)
    assert (
        page.evaluate("Object.keys(localStorage).filter(each => each.startsWith('checklist:')).length") == 0
    )

    item(page, "Records of one practitioner").get_by_role("link", name="Record a finding").click()
    expect(page.get_by_label("Finding", exact=True)).to_have_value("Two of three had none.")
    screenshot(page, "finding")
    look(page, "finding")
    page.get_by_role("button", name="Record the finding").click()
    expect(page.get_by_text("Breach recorded:")).to_be_visible()
    assert [str(each) for each in Finding.objects.get().provisions.all()] == ["IR(ME)R 2017 regulation 17(4)"]
    for address in ("", "of/{}/", "of/{}/notes/"):
        page.goto(f"/desk/checklists/checklist/{address.format(inspection.pk)}")
        look(page, address)
        screenshot(page, f"page-{address.count('/')}")
    open_page(page, Checklist.objects.get())
    look(page, "checklist")
    page.set_viewport_size({"width": 810, "height": 1080})
    assert _small(page) == []


def _small(page: Page) -> list[str]:
    """What is pressed on a checklist is 44 pixels high at least."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".check-verdict, .check-nav a, .check-page .desk-button, "
             + ".check-page textarea")]
           .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
           .map(each => each.outerHTML.slice(0, 100))"""
    )
    return found


def test_what_cannot_be_saved_waits_beside_its_item(
    scene: Scene, new_page: OpenPage, screenshot: Screenshot, look: Look
) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    open_page(page, checklist)
    give(page, "The list of those entitled", "Met", f"It was about {NUMBER}.")
    group = item(page, "The list of those entitled")
    expect(group.get_by_role("alert")).to_contain_text("This seems to identify somebody")
    expect(status(page)).to_contain_text("1 cannot be saved as it stands")
    screenshot(page, "identifies")
    look(page, "identifies")
    again(page)
    expect(group.get_by_role("alert")).to_contain_text("This seems to identify somebody")
    group.get_by_label("This identifies nobody because").fill("The invented number of the guidance.")
    group.get_by_role("button", name="Save with this reason").click()
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    assert answers() == [("list", "met", f"It was about {NUMBER}.")]


def test_a_note_that_seems_to_identify_somebody_waits_for_a_reason(scene: Scene, new_page: OpenPage) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    open_page(page, checklist)
    page.get_by_label("Interview", exact=True).check()
    page.get_by_label("Role of the person you spoke with").select_option(label="Operator")
    page.get_by_label("Note", exact=True).fill(f"I was told of {NUMBER}.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("This seems to identify somebody")).to_be_visible()
    assert not InspectionNote.objects.exists()
    page.get_by_label("This identifies nobody because").last.fill("The invented number of the guidance.")
    page.get_by_role("button", name="Save with this reason").last.click()
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    kept = InspectionNote.objects.get()
    assert (kept.kind, kept.role, kept.text) == ("interview", "operator", f"I was told of {NUMBER}.")


def test_on_a_device_that_keeps_nothing_the_page_is_a_plain_form(scene: Scene, new_page: OpenPage) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    open_page(page, checklist)
    give(page, "The list of those entitled", "Met")
    expect(status(page)).to_contain_text("This device cannot keep answers")
    page.get_by_role("button", name="Save the whole page").click()
    expect(page.get_by_text("Saved: 1 answer.")).to_be_visible()
    assert answers() == [("list", "met", "")]


def test_a_colleague_s_answer_is_not_overwritten_from_afar(
    scene: Scene, new_page: OpenPage, screenshot: Screenshot
) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    open_page(page, checklist)
    offline(page, True)
    give(page, "The list of those entitled", "Met")
    _other_answers(checklist)
    offline(page, False)
    group = item(page, "The list of those entitled")
    expect(group.get_by_text("Changed meanwhile.")).to_be_visible()
    expect(group.get_by_label("Not met", exact=True)).to_be_checked()
    expect(status(page)).to_contain_text("1 item was answered by two people.")
    assert answers() == [("list", "not_met", "Two are not on it.")]
    screenshot(page, "changed-meanwhile")
    group.get_by_label("Partly met", exact=True).check()
    expect(group.get_by_text("Changed meanwhile.")).to_have_count(0)
    assert answers() == [("list", "partly", "Two are not on it.")]


def _other_answers(checklist: Checklist) -> None:
    other = Given(item="list", verdict="not_met", note="Two are not on it.", client_id=uuid4())
    answer_items(checklist=checklist, by=staff(Role.INSPECTOR), answers=[other])


def test_what_waits_outlives_a_session_and_goes_to_nobody_else(
    scene: Scene, new_page: OpenPage, live_server: Any, console_errors: list[str]
) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    open_page(page, checklist)
    page.context.clear_cookies()
    give(page, "The list of those entitled", "Met")
    expect(status(page)).to_contain_text("1 answer waits on this device: sign in again to send")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()

    enter(page, staff(Role.INSPECTOR), live_server.url)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Somebody else is signed in on this device")
    assert not ChecklistAnswer.objects.exists()
    again(page)
    expect(page.locator("#checklist[data-kept=yes]")).to_be_attached()
    assert not ChecklistAnswer.objects.exists()
    expect(item(page, "The list of those entitled").get_by_label("Met", exact=True)).not_to_be_checked()

    page.context.clear_cookies()
    enter(page, scene.inspector, live_server.url)
    again(page)
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    assert answers() == [("list", "met", "")]
    assert ChecklistAnswer.objects.get().answered_by == scene.inspector


def test_signing_out_asks_first_and_leaves_nothing(scene: Scene, new_page: OpenPage) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector)
    open_page(page, checklist)
    offline(page, True)
    give(page, "The list of those entitled", "Met")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("button", name="Sign out").click()
    assert "1 answer or note has not been sent" in asked[0]
    expect(status(page)).to_contain_text("1 answer waits for a connection")
    offline(page, False)
    expect(status(page)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile("checklists"))
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_a_checklist_without_javascript(scene: Scene, new_page: OpenPage, screenshot: Screenshot) -> None:
    checklist = open_checklist(inspection=scene.inspection("on_site"), by=scene.inspector, key="training")
    page = tablet(new_page, scene.inspector, scripts=False)
    page.goto(f"/desk/checklists/checklist/{checklist.pk}/")
    give(page, "The list of those entitled", "Met")
    give(page, "How the employer sees to it", "Not met", f"No check of {NUMBER}.")
    page.get_by_role("button", name="Save the whole page").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    screenshot(page, "refused")
    group = item(page, "How the employer sees to it")
    group.get_by_label("This identifies nobody because").fill("The invented number of the guidance.")
    page.get_by_role("button", name="Save the section “Regulation 6").click()
    expect(page.get_by_text("Saved: 1 answer.")).to_be_visible()
    assert answers() == [("cpd", "not_met", f"No check of {NUMBER}."), ("list", "met", "")]
    page.get_by_label("Interview", exact=True).check()
    page.get_by_label("Role of the person you spoke with").select_option(label="Operator")
    page.get_by_label("Note", exact=True).fill("I was shown once.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    assert [(each.role, each.text) for each in InspectionNote.objects.all()] == [
        ("operator", "I was shown once.")
    ]
    item(page, "How the employer sees to it").get_by_role("link", name="Record a finding").click()
    page.get_by_label("Finding", exact=True).fill("Nobody checks that people go on learning.")
    page.get_by_role("button", name="Record the finding").click()
    expect(page.get_by_text("Breach recorded:")).to_be_visible()
    screenshot(page, "done")
    assert looking.sideways(page) == []
