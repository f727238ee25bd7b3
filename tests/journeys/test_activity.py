"""A lead files the year's returns on the page, is asked about one, and corrects them by a CSV file.

And every state of these pages.
"""

import re
from typing import Final

from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.activity import own_returns
from regulator.organisations.models import ActivityReturn, Completeness, Employer, Modality
from regulator.organisations.returns import ReturnDetails
from regulator.periods import reporting_year
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT, sign_in
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
)

BEFORE: Final = reporting_year("2023/24")
LAST: Final = reporting_year("2024/25")
DATA_SET: Final = "National radiotherapy data set"
WRONG: Final = """year,modality,quantity,completeness
2024/25,radiography,=1+1,full
2031/32,radiotherapy,-5,complete
"""
DOUBTFUL: Final = "year,modality,quantity,completeness\n2024/25,nuclear_medicine,55,complete\n"


def employer_with_sites() -> Employer:
    """Carries out imaging and radiotherapy, and returned the year before; a data set knows of last year."""
    employer: Employer = EmployerFactory.create(name="Invented Teaching Hospitals NHS Foundation Trust")
    SiteFactory.create(employer=employer, modalities=[Modality.DIAGNOSTIC_IMAGING])
    SiteFactory.create(employer=employer, modalities=[Modality.RADIOTHERAPY])
    lead = member(employer, Role.EMPLOYER_LEAD)
    before = ReturnDetails(BEFORE, Modality.RADIOTHERAPY, 1_180, Completeness.COMPLETE)
    services.file_returns(employer=employer, details=[before], by=lead)
    ActivityReturn.objects.create(
        employer=employer,
        modality=Modality.RADIOTHERAPY,
        period_start=LAST.start,
        period_end=LAST.end,
        quantity=1_050,
        unit="episodes",
        source=DATA_SET,
        completeness=Completeness.PARTIAL,
    )
    return employer


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def row(page: Page, *texts: str) -> Locator:
    """The row of a table that says all of this."""
    found = page.get_by_role("row")
    for each in texts:
        found = found.filter(has_text=each)
    return found


def fill(page: Page, modality: str, number: str, completeness: str) -> None:
    box = group(page, modality)
    box.get_by_role("textbox").fill(number)
    box.get_by_role("radio", name=re.compile(f"^{completeness}")).check()


def csv(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


@WITH_AND_WITHOUT
def test_a_lead_files_by_page_and_corrects_by_file(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
) -> None:
    employer = employer_with_sites()
    page = new_page(scripts=scripts, user=member(employer, Role.EMPLOYER_LEAD))
    page.goto("/notifications/")
    page.get_by_role("link", name="Your organisation").click()
    page.get_by_role("link", name="Activity", exact=True).click()
    expect(page.get_by_role("heading", name="Activity", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("diagnostic imaging and radiotherapy")

    page.get_by_role("button", name="File the returns for 2024/25").click()
    page.get_by_role("button", name="File the returns").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a number for at least one modality")
    fill(page, "Diagnostic imaging", "a lot", "Estimated")
    page.get_by_role("button", name="File the returns").click()
    expect(page.get_by_role("alert")).to_contain_text("Diagnostic imaging: enter a whole number")
    fill(page, "Diagnostic imaging", "412,300", "Estimated")
    fill(page, "Radiotherapy", "12050", "Complete")
    page.get_by_role("button", name="File the returns").click()
    expect(page.get_by_role("alert")).to_contain_text("you give 12,050. For 2023/24 it was 1,180.")
    assert not own_returns(employer).filter(period_start=LAST.start).exists()
    fill(page, "Radiotherapy", "1205", "Complete")
    page.get_by_role("button", name="File the returns").click()
    expect(page.get_by_text("The return for 2024/25 was filed")).to_be_visible()
    expect(row(page, "2024/25", "Radiotherapy")).to_contain_text("1,205")

    page.get_by_role("link", name="Whose numbers CQC holds").click()
    expect(row(page, DATA_SET)).to_contain_text("Not counted")
    page.get_by_role("link", name="Activity", exact=True).first.click()

    page.get_by_role("link", name="Send returns as a CSV file").click()
    page.get_by_label("CSV file").set_input_files(files=[csv("wrong.csv", WRONG)])
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("alert")).to_contain_text("faults")
    expect(row(page, "quantity", "formula")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="what you returned already").click()
    stands = download.value.path().read_text(encoding="utf-8")
    assert stands.splitlines()[1] == "2024/25,diagnostic_imaging,412300,estimated"
    corrected = stands.replace("412300,estimated", "421300,complete").replace("1180", "11800")
    page.get_by_label("CSV file").set_input_files(files=[csv("returns.csv", corrected)])
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="What the file changes")).to_be_visible()
    changed = row(page, "2024/25", "Diagnostic imaging")
    expect(changed).to_contain_text("412,300 examinations, estimated")
    expect(changed).to_contain_text("421,300 examinations, complete")
    page.get_by_role("button", name="File these returns").click()
    expect(page.get_by_text("The file was filed: 2 returns.")).to_be_visible()
    assert Event.objects.filter(type="organisations.activity_corrected").count() == 2


# Every state of the pages ---------------------------------------------------------------------------


def at(route: str, **parts: str) -> Reach:
    """A page of the lead of an employer that has returned something."""

    def reach(visit: Visit) -> None:
        employer = employer_with_sites()
        visit.become(member(employer, Role.EMPLOYER_LEAD))
        visit.open(f"organisations:{route}", key=employer.key, **parts)

    return reach


def of_a_newcomer(route: str, **parts: str) -> Reach:
    """The same where nothing was returned yet."""

    def reach(visit: Visit) -> None:
        employer = EmployerFactory.create()
        visit.become(member(employer, Role.EMPLOYER_LEAD))
        visit.open(f"organisations:{route}", key=employer.key, **parts)

    return reach


def read_by_a_reporter(visit: Visit) -> None:
    employer = employer_with_sites()
    visit.become(member(employer))
    visit.open("organisations:activity", key=employer.key)


def nonsense(visit: Visit) -> None:
    at("activity_year", slug=LAST.slug)(visit)
    fill(visit.page, "Diagnostic imaging", "a lot", "Estimated")
    visit.send()
    visit.refused("Diagnostic imaging: enter a whole number")


def doubted(visit: Visit) -> None:
    at("activity_year", slug=LAST.slug)(visit)
    fill(visit.page, "Radiotherapy", "12050", "Complete")
    visit.send()
    visit.refused("For 2023/24 it was 1,180.")


def returned_by_a_colleague(visit: Visit) -> None:
    at("activity_year", slug=LAST.slug)(visit)
    assert visit.user is not None
    employer = visit.user.memberships.get().employer
    theirs = ReturnDetails(LAST, Modality.RADIOTHERAPY, 1_190, Completeness.COMPLETE)
    services.file_returns(employer=employer, details=[theirs], by=visit.user)
    fill(visit.page, "Radiotherapy", "1205", "Estimated")
    visit.send()
    visit.refused("Someone else changed this return")
    expect(visit.page.get_by_role("main")).to_contain_text("1,190 treatment episodes, complete")
    expect(group(visit.page, "Radiotherapy").get_by_role("textbox")).to_have_value("1205")


def typed_too_long(visit: Visit) -> None:
    at("activity_year", slug=LAST.slug)(visit)
    fill(visit.page, "Radiotherapy", "1205", "Estimated")
    visit.send_after_the_session()
    expect(visit.page.get_by_role("main")).to_contain_text("You were signed out before this was saved.")


def looked_at(content: str) -> Reach:
    """The page after that file was sent."""

    def reach(visit: Visit) -> None:
        at("activity_upload")(visit)
        visit.page.get_by_label("CSV file").set_input_files(files=[csv("returns.csv", content)])
        visit.send()

    return reach


def doubted_in_a_file(visit: Visit) -> None:
    looked_at(DOUBTFUL)(visit)
    visit.send()
    visit.refused("Some numbers look improbable")


def filed_by_a_colleague(visit: Visit) -> None:
    """Between the look at a file and its filing. What it changes is shown anew, beside what stands now."""
    looked_at(DOUBTFUL)(visit)
    assert visit.user is not None
    employer = visit.user.memberships.get().employer
    theirs = ReturnDetails(LAST, Modality.NUCLEAR_MEDICINE, 61, Completeness.COMPLETE, confirmed=True)
    services.file_returns(employer=employer, details=[theirs], by=visit.user)
    visit.send()
    visit.refused("Someone else changed")
    expect(visit.page.get_by_role("main")).to_contain_text(re.compile("61 .*complete"))


ACTIVITY, YEAR, UPLOAD = (
    "organisations:activity",
    "organisations:activity_year",
    "organisations:activity_upload",
)
STATES: Final = (
    State(ACTIVITY, EMPTY, of_a_newcomer("activity")),
    State(ACTIVITY, FILLED, at("activity")),
    State(ACTIVITY, "as a reporter", read_by_a_reporter),
    State("organisations:activity_sources", EMPTY, of_a_newcomer("activity_sources")),
    State("organisations:activity_sources", FILLED, at("activity_sources")),
    State(YEAR, EMPTY, at("activity_year", slug=LAST.slug)),
    State(YEAR, FILLED, at("activity_year", slug=BEFORE.slug)),
    State(YEAR, "running", at("activity_year", slug="2025-26")),
    State(YEAR, REFUSED, nonsense),
    State(YEAR, "asked about", doubted),
    State(YEAR, CONFLICT, returned_by_a_colleague),
    State(YEAR, TYPED, typed_too_long),
    State(UPLOAD, EMPTY, at("activity_upload")),
    State(UPLOAD, REFUSED, looked_at(WRONG)),
    State(UPLOAD, "what it changes", looked_at(DOUBTFUL)),
    State(UPLOAD, "asked about", doubted_in_a_file),
    State(UPLOAD, CONFLICT, filed_by_a_colleague),
)
NO_PAGE: Final = {
    "organisations:activity_template": "a CSV file, handed over",
    "organisations:activity_download": "a CSV file, handed over",
}


def test_the_desks_pages_of_activity(
    reference_data: None, browser: Browser, live_server: LiveServer, look: Look, screenshot: Screenshot
) -> None:
    """In a session whose console nobody reads: on the desk's forms axe itself sets styles, which the policy
    stops."""
    employer = employer_with_sites()
    page = browser.new_context(base_url=live_server.url).new_page()
    sign_in(page, staff(Role.ADMINISTRATOR))
    table = "/desk/organisations/activityreturn/"
    own, other = own_returns(employer).get(), ActivityReturn.objects.get(source=DATA_SET)
    for address in ("", "add/", f"{own.pk}/change/", f"{other.pk}/change/"):
        page.goto(f"{table}{address}")
        look(page, address or "desk, list")
    page.get_by_label("Period end").fill("2027-03-31")
    page.get_by_label("Completeness").select_option(label="Complete")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("It cannot be complete: the period ends on 31 March 2027")).to_be_visible()
    look(page, "desk, refused")
    screenshot(page, "refused")
    page.context.close()
    assert ActivityReturn.objects.get(pk=other.pk).version == 1
