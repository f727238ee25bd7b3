"""Staff at the work queue: finding, filtering, keeping a view, a deed on several cases, taking the list away.

Each page that is met is looked at as ``looking`` says, at every size, and kept as a picture.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from notifications import services
from regulator.accounts.roles import Role
from regulator.casework.models import Case, SavedView
from regulator.casework.search.following import follow
from regulator.organisations.models import EmployerType
from tests.factories import Cast, EmployerFactory, SiteFactory, notification_in, staff
from tests.journeys import looking
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT, sign_in

QUEUE = "/desk/casework/case/"
Look = Callable[[Page, str], None]


@pytest.fixture
def look(screenshot: Screenshot, screenshot_narrow: Screenshot) -> Iterator[Look]:
    """Nothing is wrong with the page at any size; all is told at the end."""
    found = list[str]()

    def run(page: Page, name: str) -> None:
        found.extend(f"{name} at {each}" for each in looking.faults(page))
        looking.resize(page, looking.WIDE)
        screenshot(page, name)
        screenshot_narrow(page, name)

    yield run
    assert found == []


@pytest.fixture
def cases(reference_data: None) -> list[Case]:
    """A few notifications of two employers, one of them assigned and one closed, all of them to be found."""
    name = "Invented University Hospitals of the North and the Coast NHS Foundation Trust"
    large = Cast(EmployerFactory.create(name=name))
    small = Cast(EmployerFactory.create(name="Molar Practice", type=EmployerType.DENTAL))
    site = SiteFactory.create(employer=large.employer, name="Northwing Diagnostic Imaging Centre")
    made = [
        notification_in("submitted", cast=large, site=site, narrative="The list of another ward was open."),
        notification_in("submitted", cast=small, sub_modality="dental"),
        notification_in("further_information", cast=large, site=site),
        notification_in("closed", cast=small),
    ]
    while follow():
        pass
    Case.objects.filter(pk=made[2].pk).update(next_due_on="2026-02-20", risk=3)
    return [each.case for each in made]


def test_the_lists(cases: list[Case], page: Page, look: Look) -> None:
    sign_in(page, staff(Role.INSPECTOR))
    page.goto(QUEUE)
    expect(page.get_by_role("heading", name="3 cases")).to_be_visible()
    look(page, "all")
    page.get_by_role("link", name="Notifications").click()
    expect(page.get_by_role("heading", name="Notifications", level=1)).to_be_visible()
    page.get_by_text("More filters").click()
    look(page, "notifications")
    page.get_by_label("Opened from").fill("2026-03-05")
    page.get_by_label("Opened until").fill("2026-03-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("The last day must not be before the first")
    look(page, "makes-no-sense")
    page.goto(f"{QUEUE}?q=nothing")
    expect(page.get_by_text("No case fits.")).to_be_visible()
    look(page, "empty")
    page.get_by_role("link", name="look one up by its whole reference").click()
    expect(page.get_by_label("Reference of the case")).to_be_visible()


@WITH_AND_WITHOUT
def test_somebody_finds_a_case_and_keeps_what_they_look_at(
    cases: list[Case], new_page: OpenPage, look: Look, scripts: bool
) -> None:
    officer = staff(Role.CASE_OFFICER)
    page = new_page(scripts=scripts)
    sign_in(page, officer)
    page.goto(QUEUE)
    page.get_by_label("Reference, employer, site or words").fill("another northwing")
    page.get_by_role("button", name="Search").click()
    rows = page.get_by_role("row")
    expect(rows.filter(has_text=cases[0].reference or "")).to_be_visible()
    expect(page.get_by_role("heading", name="1 case")).to_be_visible()
    page.get_by_label("Reference, employer, site or words").fill((cases[3].reference or "").lower())
    page.get_by_role("button", name="Search").click()
    expect(rows.filter(has_text="Closed")).to_be_visible()
    page.get_by_role("link", name="Take all filters away").click()
    page.get_by_label("Risk").select_option(label="High")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="1 case")).to_be_visible()
    expect(page.get_by_text("Overdue by 11 days")).to_be_visible()
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name of the view").fill("Riskiest")
    if scripts:
        look(page, "save")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_text("Saved: Riskiest.")).to_be_visible()
    page.get_by_role("link", name="Change your views").click()
    page.get_by_role("button", name="Open with this view").click()
    expect(page.get_by_text("The list of cases opens with it.")).to_be_visible()
    if scripts:
        look(page, "views")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name of the view").fill("")
    page.get_by_role("button", name="Rename the view").click()
    expect(page.get_by_role("alert")).to_be_visible()
    if scripts:
        look(page, "rename")
    page.get_by_label("Name of the view").fill("Most at risk")
    page.get_by_role("button", name="Rename the view").click()
    page.goto(QUEUE)
    expect(page.get_by_role("heading", name="1 case")).to_be_visible()
    page.get_by_role("link", name="Change your views").click()
    page.get_by_role("link", name="Delete").click()
    if scripts:
        look(page, "delete")
    page.get_by_role("button", name="Delete the view").click()
    expect(page.get_by_text("You keep none yet.")).to_be_visible()
    assert SavedView.objects.count() == 0


@WITH_AND_WITHOUT
def test_several_cases_are_triaged_together(
    cases: list[Case], new_page: OpenPage, look: Look, scripts: bool
) -> None:
    officer = staff(Role.CASE_OFFICER)
    page = new_page(scripts=scripts)
    sign_in(page, officer)
    page.goto(QUEUE)
    for case in cases[:3]:
        page.get_by_role("checkbox", name=f"Tick {case.reference}").check()
    page.get_by_role("button", name="Triage", exact=True).click()
    expect(page.get_by_role("heading", name="It will be done on 2 cases")).to_be_visible()
    expect(page.get_by_role("heading", name="It cannot be done on 1 case")).to_be_visible()
    expect(page.get_by_text("The suggestion is medium.").first).to_be_visible()
    if scripts:
        look(page, "before")
    page.get_by_role("button", name="Triage 2 cases").click()
    expect(page.get_by_role("alert")).to_contain_text("Risk: Choose low, medium or high.")
    if scripts:
        look(page, "before, with errors")
    page.get_by_label("Medium").check()
    page.get_by_label("Lead").select_option(label=officer.name)
    cases[1].refresh_from_db()
    services.acknowledge(notification=cases[1].notification, by=staff(), version=cases[1].version)
    page.get_by_role("button", name="Triage 2 cases").click()
    expect(page.get_by_role("heading", name="Done on 1 case", exact=True)).to_be_visible()
    expect(page.get_by_text("Someone else changed this case meanwhile")).to_be_visible()
    if scripts:
        look(page, "after")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("row").filter(has_text=cases[0].reference or "")).to_contain_text("Medium")


def test_the_list_is_taken_away(cases: list[Case], page: Page) -> None:
    sign_in(page, staff(Role.ANALYST))
    page.goto(f"{QUEUE}?state=all")
    for label, suffix in (("CSV", "csv"), ("ODS (spreadsheet)", "ods")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"cases-2026-03-03.{suffix}"
        assert download.value.path().stat().st_size > 500


def test_long_lists_are_walked_page_by_page(cases: list[Case], page: Page, look: Look) -> None:
    employer = EmployerFactory.create(name="Many")
    Case.objects.bulk_create(
        Case(
            kind="inspection", status="planned", employer=employer, reference=f"IRI-2025-{n:05d}-A",
            opened_at="2026-01-01T09:00Z", next_due_on="2026-04-01", risk=1,
        )
        for n in range(120)
    )  # fmt: skip
    sign_in(page, staff(Role.AUDITOR))
    page.goto(f"{QUEUE}kind/inspection/")
    expect(page.get_by_role("heading", name="120 cases")).to_be_visible()
    seen: list[str] = []
    while True:
        seen += page.locator("tbody th a").all_inner_texts()
        following = page.get_by_role("link", name="Next page")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    assert seen == [f"IRI-2025-{n:05d}-A" for n in range(120)]
    look(page, "last page")
    page.get_by_role("link", name="Previous page").click()
    expect(page.get_by_role("link", name="IRI-2025-00050-A")).to_be_visible()
    page.get_by_role("link", name="Last page").click()
    expect(page.get_by_role("link", name="IRI-2025-00119-A")).to_be_visible()
    page.get_by_role("link", name="First page").click()
    expect(page.get_by_role("link", name="IRI-2025-00000-A")).to_be_visible()
