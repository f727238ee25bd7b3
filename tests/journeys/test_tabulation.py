"""An analyst counts on the fly in a real browser, takes the version for release, and looks at the data;
and how the pages look."""

import time_machine
from playwright.sync_api import Page, expect

from notifications.models import Notification
from regulator.accounts.roles import Role
from regulator.organisations.models import Employer, EmployerType
from tests.factories import staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import sign_in
from tests.tabulation.conftest import fill


def test_an_analyst_counts_and_looks_at_the_data(
    clock_hand: time_machine.Traveller,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    employers = [
        Employer.objects.create(key=f"e-{kind}", name=f"Invented {label}", type=kind)
        for kind, label in EmployerType.choices
    ]
    fill(employers, 150)
    page = new_page()
    sign_in(page, staff(Role.ANALYST))

    def seen(shown: Page, name: str) -> None:
        look(shown, name)
        screenshot(shown, name)
        screenshot_narrow(shown, name)

    page.goto("/desk/")
    page.get_by_role("link", name="Cross-tables").first.click()
    page.get_by_label("Rows").select_option("tier1")
    page.get_by_label("Columns").select_option("employer_type")
    page.get_by_label("Reporting year").fill("2023/24")
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_text("Internal: small counts are not kept back.")).to_be_visible()
    seen(page, "cross-table")

    page.get_by_role("link", name="The version for release").click()
    expect(page.get_by_role("alert")).to_contain_text("is public by modality already")
    seen(page, "cross-table-not-for-release")
    page.get_by_label("Rows").select_option("modality")
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_role("cell", name="[c]").first).to_be_visible()
    seen(page, "cross-table-for-release")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename.endswith("-release.csv")

    page.get_by_label("Reporting year").fill("2023/25")
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_role("alert")).to_contain_text("the second year follows the first")
    seen(page, "cross-table-refused")

    page.goto("/desk/")
    page.get_by_role("link", name="Data quality").first.click()
    page.get_by_label("Reporting year").fill("2023/24")
    page.get_by_role("button", name="Look").click()
    seen(page, "data-quality")
    page.get_by_role("link", name="No sub-modality").click()
    expect(page.get_by_role("heading", name="found")).to_be_visible()
    seen(page, "data-quality-list")
    page.get_by_role("table").get_by_role("link").first.click()
    assert Notification.objects.filter(pk=int(page.url.rstrip("/").rsplit("/", 1)[1])).exists()
