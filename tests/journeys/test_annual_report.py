"""The year in figures in a browser: an analyst writes and freezes it, a second person signs, it is published,
and the public reads it and takes Figure 3 away. Every page on the way against WCAG 2.2 AA."""

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from notifications.learning.models import PublishedLearning
from notifications.models import Cause
from regulator.accounts.roles import Role
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.tasks import make_documents
from tests.factories import staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT
from tests.notifications.learning.told import published
from tests.statistics.reports.room import Room
from tests.statistics.rows import Row, store

TABLE = "notifications_by_cause_diagnostic_imaging"
FIGURE_3 = "Figure 3: Diagnostic imaging notifications by cause, 2023/24"


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


@WITH_AND_WITHOUT
def test_from_the_first_sentence_to_the_table_in_a_readers_hands(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    room = Room()
    causes = Cause.objects.filter(modality="diagnostic_imaging").order_by("position")[:4]
    coded = [Row(room.employer, "diagnostic_imaging", "ct", cause) for cause in causes]
    store(coded, coder=staff(Role.CASE_OFFICER))
    case = published()
    analyst = new_page(scripts=scripts, user=room.analyst)
    analyst.goto("/desk/reports/report/")
    analyst.get_by_role("link", name="Start a report").click()
    analyst.get_by_label("Reporting year").fill("soon")
    press(analyst, "Start the report")
    expect(analyst.get_by_role("alert")).to_contain_text("is not a reporting year")
    analyst.get_by_label("Reporting year").fill("2023/24")
    press(analyst, "Start the report")

    analyst.get_by_role("link", name="write the text notifications", exact=True).click()
    analyst.get_by_label("Text", exact=True).fill("We were told of {{ notification_total }}.")
    press(analyst, "Show how it reads")
    expect(analyst.get_by_role("alert")).to_contain_text("notifications_total")
    screenshot(analyst, "refused")
    analyst.get_by_label("Text", exact=True).fill("We were told of {{ notifications_total }}.")
    press(analyst, "Show how it reads")
    expect(analyst.get_by_role("main")).to_contain_text("We were told of 7.")
    screenshot(analyst, "preview")
    screenshot_narrow(analyst, "preview")
    press(analyst, "Keep the text")
    tell_a_case(analyst, case, screenshot, screenshot_narrow)

    analyst.get_by_role("link", name="Freeze: see what moved").click()
    expect(analyst.get_by_role("main")).to_contain_text("The first freeze")
    press(analyst, "Freeze the report")
    expect(analyst.get_by_role("main")).to_contain_text("A PDF is being made")
    room.notify(1, "nuclear_medicine", "pet")
    analyst.get_by_role("link", name="Freeze: see what moved").click()
    expect(analyst.get_by_role("main")).to_contain_text("Nuclear medicine")
    screenshot(analyst, "moved")
    press(analyst, "Freeze the report")
    assert make_documents() == 2
    again(analyst)
    expect(analyst.get_by_role("link", name="Read the PDF of Freeze 2")).to_be_visible()
    expect(analyst.get_by_role("link", name="Sign", exact=True)).to_have_count(0)
    screenshot(analyst, "frozen")
    screenshot_narrow(analyst, "frozen")

    manager = new_page(scripts=scripts, user=staff(Role.ENFORCEMENT_MANAGER))
    manager.goto("/desk/")
    manager.get_by_role("link", name="1 For me to read and sign").click()
    manager.get_by_role("main").get_by_role("link", name="2023/24").first.click()
    manager.get_by_role("link", name="Freeze 2", exact=True).click()
    expect(manager.get_by_role("main")).to_contain_text("We were told of 8.")
    manager.go_back()
    manager.get_by_role("link", name="Sign", exact=True).click()
    press(manager, "Sign this freeze")
    manager.get_by_role("link", name="Publish", exact=True).click()
    press(manager, "Publish the report")
    expect(manager.get_by_role("main")).to_contain_text("Published by")

    public = new_page(scripts=scripts)
    public.goto("/statistics/reports/")
    public.get_by_role("link", name="IR(ME)R annual report 2023/24").click()
    expect(public.get_by_role("main")).to_contain_text("We were told of 8.")
    told = public.get_by_role("article", name=case.title)
    expect(told.get_by_role("heading", level=4)).to_have_text(case.title)
    expect(told).to_contain_text(case.learning)
    screenshot(public, "report")
    screenshot_narrow(public, "report")
    public.locator(f"#table-{TABLE}").get_by_role("link", name="Download or link to this table").click()
    expect(public.get_by_role("heading", name=FIGURE_3, level=1)).to_be_visible()
    with public.expect_download() as taken:
        public.get_by_role("link", name="CSV, with its notes").click()
    rows = list(csv.reader(Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["depth", "cause", "count", "percent"]
    assert any(row[1:3] == ["All diagnostic imaging notifications", "4"] for row in rows)
    if scripts:
        report = Report.objects.get()
        _everything_is_for_everybody(report, analyst, public, look)


def tell_a_case(
    analyst: Page, case: PublishedLearning, screenshot: Screenshot, screenshot_narrow: Screenshot
) -> None:
    """At the place for themes of imaging, by what the page says is to be typed."""
    analyst.get_by_role("link", name="write the text imaging_themes", exact=True).click()
    row = analyst.get_by_role("row").filter(has_text=case.title)
    typed = row.locator("code").inner_text()
    analyst.get_by_label("Text", exact=True).fill(f"As in {typed}.")
    press(analyst, "Keep the text")
    expect(analyst.get_by_role("alert")).to_contain_text("on a line of its own")
    analyst.get_by_label("Text", exact=True).fill(f"Lists stand open.\n\n{typed}")
    press(analyst, "Show how it reads")
    expect(analyst.get_by_role("heading", name=case.title)).to_be_visible()
    screenshot(analyst, "case")
    screenshot_narrow(analyst, "case")
    press(analyst, "Keep the text")


def _everything_is_for_everybody(report: Report, analyst: Page, public: Page, look: Look) -> None:
    desk = f"/desk/reports/report/{report.pk}/"
    themes = f"{desk}text/imaging_themes/"
    for address in (
        "/desk/reports/report/",
        "/desk/reports/report/start/",
        desk,
        f"{desk}freezes/2/",
        themes,
    ):
        analyst.goto(address)
        look(analyst, address)
    for address in ("/statistics/reports/", "/statistics/reports/2023-24/", "/statistics/methods/"):
        public.goto(address)
        look(public, address)
