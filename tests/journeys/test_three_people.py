"""One notification from its arrival to its confirmed closure, by three of CQC's people through the desk:
a case officer triages and assigns, an inspector reviews, asks and codes, a second officer confirms.

The employer's own steps are calls of the services. Home, queue, case, triage and the forms on the way are
looked at as ``looking`` says, at every size.
"""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from notifications import services
from notifications.models import Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, InformationRequest
from regulator.casework.search.following import follow
from regulator.organisations.models import Modality
from tests.factories import REPORT, Cast, EmployerFactory, notification_in, staff
from tests.journeys import looking
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.stage import Radio, answer, sign_in

Look = Callable[[Page, str], None]
QUESTION = "Which check was left out before the exposure?"


@pytest.fixture
def look(screenshot: Screenshot, screenshot_narrow: Screenshot) -> Iterator[Look]:
    """Nothing is wrong with the page at any size, and the keyboard reaches all of it in order; told at the
    end. In a browser's own box for a date Tab stops at day, month and year, so pages with one are not
    counted through."""
    found = list[str]()

    def run(page: Page, name: str) -> None:
        keyboard = not page.locator("input[type=date]").count()
        found.extend(f"{name} at {each}" for each in looking.faults(page, keyboard=keyboard))
        looking.resize(page, looking.WIDE)
        screenshot(page, name)
        screenshot_narrow(page, name)

    yield run
    assert found == [], "\n".join(found)


def named(role: Role, name: str) -> User:
    made = staff(role)
    made.name = name
    made.save()
    return made


@pytest.fixture
def cast(reference_data: None) -> Cast:
    made = Cast(EmployerFactory.create(name="Invented Coast NHS Foundation Trust"))
    made.officer = named(Role.CASE_OFFICER, "Case officer A")
    return made


def do(page: Page, deed: str, **typed: str) -> None:
    """Open a deed on the case's page, fill its form, press its button."""
    open_deed(page, deed)
    answer(page, dict(typed))
    press(page, deed)


def open_deed(page: Page, deed: str) -> None:
    page.get_by_role("main").get_by_role("link", name=deed, exact=True).first.click()
    expect(page.get_by_role("heading", name=deed, level=1)).to_be_visible()


def press(page: Page, deed: str) -> None:
    page.get_by_role("main").get_by_role("button", name=deed, exact=True).click()
    expect(page.get_by_text(f"Done: {deed}.")).to_be_visible()


def stands(page: Page, status: str) -> None:
    expect(page.locator(".desk-tag").filter(has_text=status).first).to_be_visible()


def test_from_arrival_to_confirmed_closure(cast: Cast, new_page: OpenPage, look: Look) -> None:
    inspector, second = named(Role.INSPECTOR, "Inspector B"), named(Role.CASE_OFFICER, "Case officer C")
    arrived = notification_in("submitted", cast=cast, modality=Modality.DIAGNOSTIC_IMAGING)
    while follow():
        pass

    officer = new_page()
    sign_in(officer, cast.officer)
    triage(officer, arrived, inspector, look)

    file_the_report(arrived, cast)
    reviewer = new_page()
    sign_in(reviewer, inspector)
    review(reviewer, arrived, look)
    answer_the_question(arrived, cast)
    code(reviewer, arrived, look)

    confirmer = new_page()
    sign_in(confirmer, second)
    confirm(confirmer, arrived, look)

    closed = Case.objects.get(pk=arrived.pk)
    assert (closed.status, closed.assignee, closed.risk) == ("closed", inspector, Case.Risk.MEDIUM)
    acted = closed.events.exclude(actor=None).values_list("actor__name", flat=True)
    assert {"Case officer A", "Inspector B", "Case officer C"} <= set(acted)
    call_command("verify_audit")


def triage(page: Page, arrived: Notification, inspector: User, look: Look) -> None:
    """From the count on the home to the queue, the case, its triage; then it is handed to the inspector."""
    page.goto("/desk/")
    look(page, "home")
    page.get_by_role("link", name="1 Up to 7 days").click()
    expect(page.get_by_role("heading", name="1 case", exact=True)).to_be_visible()
    look(page, "queue")
    page.get_by_role("link", name=str(arrived.case)).first.click()
    expect(page.get_by_text("every day counts, weekends and bank holidays too").first).to_be_visible()
    look(page, "case")
    open_deed(page, "Triage")
    look(page, "triage")
    answer(page, {"Risk": Radio("Medium"), "Why another risk than suggested": "Seen by two officers."})
    press(page, "Triage")
    stands(page, "Awaiting")
    open_deed(page, "Assign")
    page.get_by_label("Assign to").select_option(label=inspector.name)
    press(page, "Assign")


def file_the_report(arrived: Notification, cast: Cast) -> None:
    arrived.refresh_from_db()
    services.file_report(notification=arrived, by=cast.reporter, version=arrived.case.version, report=REPORT)


def review(page: Page, arrived: Notification, look: Look) -> None:
    """The inspector finds it among their own, begins the review and asks the employer."""
    page.goto("/desk/")
    page.get_by_role("link", name="1 Open cases").click()
    page.get_by_role("link", name=str(arrived.case)).first.click()
    do(page, "Start the review")
    open_deed(page, "Ask the employer")
    look(page, "question")
    answer(page, {"Question": QUESTION})
    press(page, "Ask the employer")
    stands(page, "urther information")


def answer_the_question(arrived: Notification, cast: Cast) -> None:
    asked = InformationRequest.objects.get(case=arrived.pk)
    arrived.refresh_from_db()
    services.answer_request(
        notification=arrived,
        request=asked,
        by=cast.reporter,
        version=arrived.case.version,
        answer="The pause-and-check list.",
    )


def code(page: Page, arrived: Notification, look: Look) -> None:
    """The inspector reads the answer, codes the cause and closes provisionally."""
    page.goto(f"/desk/casework/case/{arrived.pk}/")
    expect(page.get_by_text("The pause-and-check list.")).to_be_visible()
    open_deed(page, "Code the cause")
    look(page, "cause")
    page.get_by_label("Cause").select_option(index=1)
    press(page, "Code the cause")
    do(page, "Close provisionally")
    stands(page, "Provisionally closed")
    look(page, "provisionally-closed")


def confirm(page: Page, arrived: Notification, look: Look) -> None:
    """A second officer looks the case up and confirms; nothing is left to do but to reopen it."""
    page.goto("/desk/casework/case/")
    page.get_by_label("Reference, employer, site or words").fill(str(arrived.case))
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=str(arrived.case)).first.click()
    do(page, "Confirm the closure")
    stands(page, "Closed")
    expect(page.get_by_role("main").get_by_role("link", name="Reopen", exact=True)).to_be_visible()
    look(page, "closed")
