"""Through a possible duplicate: found on the home, decided on, merged; and what the employer sees then. Every
page on the way, and those of a referral, against WCAG 2.2 AA, wide and narrow."""

from playwright.sync_api import Page, expect

from notifications.services import look_for_patterns
from regulator.casework.models import Case
from tests.factories import Cast, notification_in
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT

TEXT = "The operator exposed a patient who had no referral, and told whoever keeps the list at once."


def do(page: Page, deed: str) -> None:
    page.get_by_role("main").get_by_role("button", name=deed, exact=True).click()


@WITH_AND_WITHOUT
def test_a_duplicate_is_found_confirmed_and_merged(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    cast = Cast()
    kept, twin = (notification_in("submitted", cast=cast, narrative=TEXT).case for _ in range(2))
    look_for_patterns()
    page = new_page(scripts=scripts, user=cast.officer)
    page.goto("/desk/")
    page.get_by_role("link", name="1 Possible duplicates").click()
    page.get_by_role("link", name=f"{kept} and {twin}").click()
    expect(page.get_by_role("main")).to_contain_text("100% of the phrases are the same.")
    screenshot(page, "proposed")
    screenshot_narrow(page, "proposed")
    do(page, "Record the decision")
    expect(page.get_by_role("alert")).to_contain_text("Choose whether it holds")
    page.get_by_role("radio", name="It holds: confirm it").check()
    page.get_by_label("Reason").fill("Both tell of one list.")
    do(page, "Record the decision")
    page.get_by_role("link", name=f"Merge {twin} into the other").click()
    page.get_by_label("Reference of the notification that goes on").fill("IRN-2026-99999-X")
    page.get_by_label("Reason").fill("Told twice.")
    do(page, "Merge into another")
    expect(page.get_by_role("alert")).to_contain_text("no notification of this employer")
    page.get_by_label("Reference of the notification that goes on").fill(str(kept))
    do(page, "Merge into another")
    expect(page.get_by_role("main")).to_contain_text("Merged")
    assert Case.objects.get(pk=twin.pk).status == "merged"
    screenshot(page, "merged")
    theirs = new_page(scripts=scripts, user=cast.reporter)
    theirs.goto(f"/notifications/{twin}/")
    screenshot(theirs, "employer")
    screenshot_narrow(theirs, "employer")
    theirs.get_by_role("main").get_by_role("link", name=str(kept)).first.click()
    expect(theirs).to_have_url(f"/notifications/{kept}/")


def test_its_pages_and_those_of_a_referral_for_everybody(
    reference_data: None, new_page: OpenPage, look: Look, screenshot: Screenshot
) -> None:
    cast = Cast()
    kept, twin = (notification_in("submitted", cast=cast, narrative=TEXT).case for _ in range(2))
    look_for_patterns()
    page = new_page(user=cast.officer)
    page.goto("/desk/notifications/pattern/")
    look(page, "list")
    screenshot(page, "list")
    page.get_by_role("link", name=f"{kept} and {twin}").click()
    look(page, "proposed")
    do(page, "Record the decision")
    look(page, "refused")
    page.get_by_role("radio", name="It does not: dismiss it").check()
    page.get_by_label("Reason").fill("Two people were exposed.")
    do(page, "Record the decision")
    look(page, "dismissed")
    for deed in ("link", "merge", "refer"):
        page.goto(f"/desk/casework/case/{twin.pk}/do/{deed}/")
        look(page, deed)
        screenshot(page, deed)
    page.goto(f"/desk/casework/case/{twin.pk}/do/link/")
    page.get_by_label("Reference of the other case").fill(str(kept))
    page.get_by_label("Reason").fill("One list.")
    do(page, "Link with another case")
    page.goto(f"/desk/casework/case/{twin.pk}/do/unlink/")
    look(page, "unlink")
    page.goto(f"/desk/casework/case/{twin.pk}/do/refer/")
    page.get_by_label("To which body").select_option(value="mhra")
    do(page, "Record a referral to another body")
    look(page, "refer, refused")
    screenshot(page, "refused")
