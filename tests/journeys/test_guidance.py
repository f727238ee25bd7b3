"""Guidance in a real browser: an analyst writes the next version, a second person approves it, the public
reads it and says whether it was useful, and staff see that. And how the pages look."""

from playwright.sync_api import Page, expect

from notifications.guidance.services import load_first_topics
from regulator.accounts.roles import Role
from tests.factories import EmployerFactory, member, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import sign_in

TITLE = "Carers and comforters"
NEW = "Ask each of them afterwards whether the leaflet said enough."
SAID = "Show an example of a leaflet."


def test_guidance_is_written_by_one_approved_by_another_read_and_answered(
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    load_first_topics()
    writer, manager, reader = new_page(), new_page(), new_page()
    sign_in(writer, staff(Role.ANALYST))
    sign_in(manager, staff(Role.ENFORCEMENT_MANAGER))

    def seen(page: Page, name: str) -> None:
        look(page, name)
        screenshot(page, name)
        screenshot_narrow(page, name)

    # Written
    writer.goto("/desk/guidance/version/")
    seen(writer, "desk-list")
    writer.get_by_role("link", name=TITLE, exact=True).click()
    seen(writer, "desk-shipped")
    writer.get_by_role("link", name="Write the next version").click()
    actions = writer.get_by_label("Actions")
    actions.fill(f"{actions.input_value()}\n{NEW} [99]")
    writer.get_by_role("button", name="Save the draft").click()
    expect(writer.get_by_role("alert")).to_be_visible()
    seen(writer, "desk-write-refused")
    assert NEW in writer.get_by_label("Actions").input_value()
    writer.get_by_label("Actions").fill(writer.get_by_label("Actions").input_value().replace("[99]", "[7]"))
    writer.get_by_label("What changed").fill("Carers are asked about the leaflet.")
    writer.get_by_role("button", name="Save the draft").click()
    expect(writer.get_by_text("Saved. A second person sees it once you send it.")).to_be_visible()
    seen(writer, "desk-draft")
    writer.get_by_role("link", name="Send for approval").click()
    writer.get_by_role("main").get_by_role("button", name="Send for approval").click()
    expect(writer.get_by_role("link", name="Approve")).to_have_count(0)

    # Approved
    manager.goto("/desk/")
    panel = manager.get_by_role("region", name="Guidance for a second person")
    panel.get_by_role("link", name="For me to decide on").click()
    manager.get_by_role("link", name=TITLE).click()
    seen(manager, "desk-to-approve")
    manager.get_by_role("link", name="Approve").click()
    seen(manager, "desk-approve")
    manager.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(manager.get_by_text("Done: approve.")).to_be_visible()

    # Read, and answered
    reader.goto("/guidance/")
    seen(reader, "list")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_text(NEW)).to_be_visible()
    seen(reader, "topic")
    reader.get_by_role("link", name="What version 2 changed").click()
    expect(reader.get_by_text(NEW)).to_be_visible()
    seen(reader, "changes")
    reader.go_back()
    reader.get_by_role("link", name="Version 1", exact=True).click()
    expect(reader.get_by_text("It was replaced on 3 March 2026.")).to_be_visible()
    expect(reader.get_by_text(NEW)).to_have_count(0)
    seen(reader, "version-1")
    reader.get_by_role("link", name="See what holds now").click()
    reader.get_by_role("button", name="No", exact=True).click()
    expect(reader.get_by_label("No", exact=True)).to_be_checked()
    reader.get_by_label("What could be better?").fill(f"{SAID} Mr Patel knows one.")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_role("alert")).to_contain_text("Mr Patel")
    seen(reader, "feedback-refused")
    reader.get_by_label("What could be better?").fill(SAID)
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_text("Your answer was kept.")).to_be_visible()
    seen(reader, "thanks")

    # Seen
    writer.goto("/desk/guidance/version/")
    writer.get_by_role("link", name="What readers say").click()
    expect(writer.get_by_role("heading", name="By page: 1")).to_be_visible()
    seen(writer, "desk-counts")
    writer.get_by_role("main").get_by_role("link", name=TITLE).click()
    expect(writer.get_by_role("cell", name=SAID)).to_be_visible()
    seen(writer, "desk-said")
    with writer.expect_download() as taken:
        writer.get_by_role("link", name="As CSV").click()
    assert SAID in taken.value.path().read_text(encoding="utf-8-sig")

    # The monthly email
    one = new_page()
    sign_in(one, member(EmployerFactory.create()))
    one.goto("/guidance/")
    one.get_by_role("link", name="Monthly email").click()
    one.get_by_label("Yes").check()
    one.get_by_label("Nuclear medicine").check()
    one.get_by_role("button", name="Save").click()
    expect(one.get_by_text("You will get the monthly email.")).to_be_visible()
    seen(one, "digest")
