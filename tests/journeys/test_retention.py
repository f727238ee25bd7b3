"""Retention in a real browser: a day is simulated, a list put together, approved by two others, and a case is
emptied; a hold keeps another. And how the pages look."""

from datetime import UTC, datetime

import time_machine
from playwright.sync_api import Page, expect

from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.retention import services
from regulator.retention.models import RetentionBatch
from tests.factories import staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import sign_in
from tests.retention.scene import SECRET, long_ago

YEARS_LATER = datetime(2033, 5, 3, 9, 0, tzinfo=UTC)
WHY = "An inquiry asked for everything of this employer."


def test_a_list_is_simulated_put_together_approved_by_two_and_carried_out(
    clock_hand: time_machine.Traveller,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    clock_hand.move_to(YEARS_LATER)
    due, held = long_ago(), long_ago()
    proposer, manager = staff(Role.ENFORCEMENT_MANAGER), staff(Role.ENFORCEMENT_MANAGER)
    one, two, three = new_page(), new_page(), new_page()
    sign_in(one, proposer)
    sign_in(two, manager)
    sign_in(three, staff(Role.ADMINISTRATOR))

    def seen(page: Page, name: str) -> None:
        look(page, name)
        screenshot(page, name)
        screenshot_narrow(page, name)

    one.goto(f"/desk/casework/case/{held.pk}/")
    one.get_by_role("link", name="Place a legal hold").click()
    one.get_by_label("Reason").fill(WHY)
    one.get_by_role("main").get_by_role("button", name="Place a legal hold").click()
    expect(one.get_by_text("Done: Place a legal hold.")).to_be_visible()
    expect(one.get_by_text(WHY).first).to_be_visible()
    seen(one, "held-case")

    one.goto("/desk/retention/retentionbatch/overview/")
    seen(one, "overview")
    one.get_by_role("link", name="Simulate a day").click()
    seen(one, "simulate-at-first")
    one.get_by_role("button", name="Simulate").click()
    expect(one.get_by_role("heading", name="Notifications: 1 due")).to_be_visible()
    expect(one.get_by_role("cell", name="Kept. A legal hold stands")).to_be_visible()
    seen(one, "simulated")
    one.get_by_role("link", name="Count what would be removed").click()
    expect(one.get_by_role("cell", name="Notes", exact=True)).to_be_visible()
    seen(one, "things")
    one.go_back()
    one.get_by_role("link", name="Put a list together: notifications").click()
    seen(one, "propose")
    one.get_by_role("button", name="Put the list together").click()
    expect(one.get_by_text("The list waits for two others to approve it.")).to_be_visible()
    expect(one.get_by_role("link", name="Withdraw")).to_be_visible()
    seen(one, "proposed")

    two.goto("/desk/")
    two.get_by_role("link", name="Batches that wait for you").click()
    seen(two, "batches")
    two.get_by_role("link", name="Retention batch").first.click()
    two.get_by_role("link", name="Refuse").click()
    two.get_by_role("main").get_by_role("button", name="Refuse").click()
    expect(two.get_by_role("alert")).to_be_visible()
    seen(two, "refuse-without-a-reason")
    two.get_by_role("link", name="Back to the list").click()
    two.get_by_role("link", name="Approve").click()
    seen(two, "approve")
    two.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(two.get_by_text("Somebody else approves it as well.")).to_be_visible()
    seen(two, "approved-once")

    three.goto(f"/desk/retention/retentionbatch/{RetentionBatch.objects.get().pk}/change/")
    expect(three.get_by_role("cell", name=str(due))).to_be_visible()
    three.get_by_role("link", name="Approve").click()
    three.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(three.get_by_text("Done: approve.")).to_be_visible()
    assert services.redact_due() == 1
    again(three)
    expect(three.get_by_role("cell", name="Removed", exact=True)).to_be_visible()
    seen(three, "done")

    two.goto(f"/desk/casework/case/{due.pk}/")
    expect(two.get_by_text("was removed on 3 May 2033 under the retention policy").first).to_be_visible()
    expect(two.get_by_text(SECRET)).to_have_count(0)
    seen(two, "redacted-case")
    two.goto(f"/desk/casework/case/{held.pk}/")
    expect(two.get_by_text(SECRET)).to_be_visible()
    two.get_by_role("link", name="Release a legal hold").click()
    two.get_by_label("Legal hold").select_option(index=1)
    two.get_by_label("Reason").fill("The inquiry is over.")
    seen(two, "release")
    two.get_by_role("main").get_by_role("button", name="Release a legal hold").click()
    expect(two.get_by_text("The inquiry is over.").first).to_be_visible()
    assert Case.objects.get(pk=held.pk).redacted_at is None

    two.goto("/desk/retention/legalhold/")
    seen(two, "holds")
    two.get_by_role("link", name="Retention", exact=True).first.click()
    two.get_by_role("link", name="Place a legal hold on an employer").click()
    two.get_by_role("button", name="Place it").click()
    expect(two.get_by_role("alert")).to_be_visible()
    seen(two, "employer-hold-refused")
    two.get_by_label("Employer").fill(held.employer.key)
    two.get_by_label("Reason").fill(WHY)
    two.get_by_role("button", name="Place it").click()
    expect(two.get_by_text("The legal hold was placed.")).to_be_visible()
    seen(two, "employer-hold")
    one.goto(two.url)
    one.get_by_role("link", name="Release it").click()
    seen(one, "employer-release")
    one.get_by_label("Reason").fill("The inquiry is over.")
    one.get_by_role("button", name="Release it").click()
    expect(one.get_by_text("The legal hold was released.")).to_be_visible()
    seen(one, "employer-released")
