"""Reference data in a real browser: an administrator looks, proposes; another approves; and how the pages
look."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from notifications.criteria.editions import as_table
from notifications.criteria.reference import read_regime
from regulator.accounts.roles import Role
from regulator.editions.models import Edition
from tests.editions.scene import regime
from tests.factories import notification_in, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import sign_in

WHY = "CQC published it on 1 March."


def test_criteria_and_a_clock_are_proposed_by_one_and_approved_by_another(
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
    tmp_path: Path,
) -> None:
    for _ in range(3):
        notification_in("submitted")
    one, other = new_page(), new_page()
    sign_in(one, staff(Role.ADMINISTRATOR))
    sign_in(other, staff(Role.ADMINISTRATOR))

    def seen(page: Page, name: str) -> None:
        look(page, name)
        screenshot(page, name)
        screenshot_narrow(page, name)

    one.goto("/desk/editions/edition/now/")
    seen(one, "overview")
    one.get_by_role("link", name="Criteria", exact=True).click()
    seen(one, "criteria-at-first")
    content = regime(day=date(2026, 3, 1))
    rules = read_regime(content | {"effective_from": None, "effective_to": None}).rules
    table = tmp_path / "rules.csv"
    table.write_text(as_table(rules), encoding="utf-8")
    one.get_by_label("Key").fill("SAUE-2026")
    one.get_by_label("Name", exact=True).fill("March 2026")
    one.get_by_label("File").set_input_files(table)
    one.get_by_label("Holds from").fill("2026-02-01")
    one.get_by_role("button", name="Show what would change").click()
    expect(one.get_by_role("alert")).to_be_visible()
    seen(one, "criteria-without-a-reason")
    one.get_by_label("File").set_input_files(table)
    one.get_by_label("Reason").fill(WHY)
    one.get_by_role("button", name="Show what would change").click()
    expect(one.get_by_text("Nothing is proposed yet.")).to_be_visible()
    seen(one, "criteria-looked-at")
    one.get_by_role("button", name="Propose it").click()
    expect(one.get_by_text("Another administrator decides.")).to_be_visible()
    seen(one, "criteria-proposed")

    other.goto("/desk/editions/edition/")
    seen(other, "list")
    other.get_by_role("link", name="Criteria").first.click()
    other.get_by_role("link", name="Approve").click()
    seen(other, "approve")
    other.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(other.get_by_text("Done: approve.")).to_be_visible()
    seen(other, "approved")

    one.goto("/desk/editions/edition/propose/clock/report/")
    one.get_by_label("Days", exact=True).fill("100")
    one.get_by_label("Are counted anew by this rule").check()
    one.get_by_label("Holds from").fill("2026-03-03")
    one.get_by_label("Reason").fill(WHY)
    one.get_by_role("button", name="Show what would change").click()
    expect(one.get_by_role("cell", name="25 May 2026").first).to_be_visible()
    seen(one, "clock-looked-at")
    one.get_by_role("button", name="Propose it").click()
    other.goto(f"/desk/editions/edition/{Edition.objects.get(kind='clock').pk}/do/refuse/")
    other.get_by_role("main").get_by_role("button", name="Refuse").click()
    expect(other.get_by_role("alert")).to_be_visible()
    seen(other, "refuse-without-a-reason")

    one.goto("/desk/editions/edition/propose/letter/notifications_question/")
    one.get_by_label("Text").fill("Answer by {{ due_date }}.")
    one.get_by_label("Holds from").fill("2026-03-03")
    one.get_by_label("Reason").fill(WHY)
    one.get_by_role("button", name="Show what would change").click()
    expect(one.get_by_role("alert")).to_contain_text("No value is called “due_date”")
    seen(one, "letter-refused")
    one.get_by_label("Text").fill("Please answer by {{ due_on|day }}: {{ case_url }}")
    one.get_by_role("button", name="Show what would change").click()
    expect(one.get_by_text("As it arrives, with examples")).to_be_visible()
    seen(one, "letter-looked-at")
