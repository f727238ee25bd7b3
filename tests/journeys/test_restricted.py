"""Through a restricted case: it is restricted, a stranger does not find it, breaks the glass, is recorded,
and the week is signed. And through a declared interest. Every new page on the way against WCAG 2.2 AA, wide
and narrow."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page, expect

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, RestrictedView
from regulator.casework.services import assign
from regulator.casework.tasks import remind_of_views
from regulator.outbox.models import Message
from tests.factories import notification_in, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT, Option, Radio, answer, sign_in

NEXT_WEEK = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
WHY = "Somebody who works there has told of it in confidence."


def named(role: Role, name: str) -> User:
    made = staff(role)
    made.name = name
    made.save()
    return made


@pytest.fixture
def case(reference_data: None) -> Case:
    """A notification under review, led by a case officer A."""
    found = notification_in("under_review").case
    lead = named(Role.CASE_OFFICER, "Case officer A")
    assign(case=found, assignee=lead, by=lead, version=found.version)
    return found


def do(page: Page, deed: str) -> None:
    page.get_by_role("main").get_by_role("button", name=deed, exact=True).click()


def search(page: Page, reference: str) -> None:
    page.goto("/desk/casework/case/")
    page.get_by_label("Reference, employer, site or words").fill(reference)
    page.get_by_role("button", name="Search").click()


def not_there(page: Page, case: Case) -> None:
    """The address of the case, in this person's session: no page, and no word of it."""
    answered = page.request.get(f"/desk/casework/case/{case.pk}/")
    assert answered.status == 404
    assert str(case.reference) not in answered.text()


@WITH_AND_WITHOUT
def test_from_the_restriction_to_the_signature_of_the_week(
    case: Case, new_page: OpenPage, clock_hand: time_machine.Traveller, screenshot: Screenshot, scripts: bool
) -> None:
    lead, manager = case.assignee, named(Role.ENFORCEMENT_MANAGER, "Manager A")
    stranger, auditor = named(Role.INSPECTOR, "Inspector B"), named(Role.AUDITOR, "Auditor A")
    assert lead is not None
    reference = str(case.reference)
    officer = new_page(scripts=scripts)
    sign_in(officer, lead)
    restrict(officer, case, manager, screenshot)

    inspector = new_page(scripts=scripts)
    sign_in(inspector, stranger)
    find_nothing_and_break_the_glass(inspector, case, screenshot)

    letters = Message.objects.filter(template="casework_glass_broken")
    assert {each.to for each in letters} == {lead.email, manager.email}
    officer.goto(f"/desk/casework/case/{case.pk}/")
    expect(officer.get_by_text("The glass was broken: Inspector B until 3 March 2026, 17:")).to_be_visible()
    expect(officer.get_by_text("The hospital rang, and the lead is away.")).to_be_visible()
    looks = RestrictedView.objects.filter(person=stranger)
    assert {each.access.right for each in looks} == {"glass"}
    assert len(looks) == 2

    clock_hand.move_to(NEXT_WEEK)
    assert remind_of_views() == 1
    reviewer = new_page(scripts=scripts)
    sign_in(reviewer, auditor)
    sign_the_week(reviewer, reference, screenshot)
    assert remind_of_views() == 0

    sign_in(inspector, stranger)
    not_there(inspector, case)
    call_command("verify_audit")


def restrict(page: Page, case: Case, manager: User, screenshot: Screenshot) -> None:
    """The lead restricts the case to themselves and a manager; a reason is asked for."""
    page.goto(f"/desk/casework/case/{case.pk}/")
    page.get_by_role("link", name="Restrict to named people").click()
    page.get_by_label(manager.name).check()
    do(page, "Restrict to named people")
    expect(page.get_by_role("alert")).to_contain_text("Reason: Enter the reason")
    expect(page.get_by_label(manager.name)).to_be_checked()
    answer(page, {"Reason": WHY})
    screenshot(page, "restrict")
    do(page, "Restrict to named people")
    expect(page.get_by_role("heading", name="This case is restricted")).to_be_visible()
    expect(page.get_by_text("Only these people open it: Case officer A, Manager A.")).to_be_visible()
    screenshot(page, "restricted")


def find_nothing_and_break_the_glass(page: Page, case: Case, screenshot: Screenshot) -> None:
    """Neither in the queue nor by the address; by the reference it is found, and opened with a reason."""
    reference = str(case.reference)
    search(page, reference)
    expect(page.get_by_text("No case fits.")).to_be_visible()
    not_there(page, case)
    page.get_by_role("link", name="look one up by its whole reference").click()
    answer(page, {"Reference of the case": reference[:-1]})
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not a whole reference.")
    answer(page, {"Reference of the case": reference})
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("heading", name=f"{reference} is restricted")).to_be_visible()
    expect(page.get_by_text(case.employer.name)).not_to_be_visible()
    answer(page, {"Why must you open it?": "The hospital rang, and the lead is away."})
    screenshot(page, "break-the-glass")
    do(page, "Break the glass")
    expect(page.get_by_text("You opened it by breaking the glass, until 3 March 2026, 17:")).to_be_visible()
    screenshot(page, "glass-broken")
    page.goto(f"/desk/casework/case/{case.pk}/timeline/")
    expect(page.get_by_text("Glass broken")).to_be_visible()


def sign_the_week(page: Page, reference: str, screenshot: Screenshot) -> None:
    """From the home to the week that waits: looked through, and signed."""
    page.get_by_role("link", name="Weeks of views to sign").click()
    expect(page.get_by_text("Waits to be signed")).to_be_visible()
    page.get_by_role("link", name="2 March 2026").click()
    row = page.get_by_role("row", name=re.compile("Inspector B .*Broke the glass"))
    expect(row.first).to_contain_text(reference)
    expect(row.first).to_contain_text("The hospital rang, and the lead is away.")
    answer(page, {"Remark": "Called for: the lead was away."})
    screenshot(page, "week")
    do(page, "Sign: I looked these through")
    expect(page.get_by_text("Signed by Auditor A")).to_be_visible()
    expect(page.get_by_text("The rows below are those that were signed.")).to_be_visible()
    screenshot(page, "week-signed")


def test_an_interest_is_declared_and_its_cases_are_handed_on(
    case: Case, page: Page, screenshot: Screenshot
) -> None:
    lead = case.assignee
    assert lead is not None
    colleague = named(Role.INSPECTOR, "Inspector B")
    sign_in(page, lead)
    page.get_by_role("link", name="Declarations of interest").first.click()
    page.get_by_role("link", name="Declare an interest").click()
    answer(page, {"Employer": case.employer.name, "Kind of interest": Radio("Close family")})
    do(page, "Declare it")
    expect(page.get_by_role("heading", name="Cases to hand on")).to_be_visible()
    screenshot(page, "declared")
    page.goto(f"/desk/casework/case/{case.pk}/")
    expect(page.get_by_role("heading", name="You have declared an interest in this employer")).to_be_visible()
    page.get_by_text("What cannot be done now, and why").click()
    expect(page.get_by_role("button", name="Close provisionally")).to_be_disabled()
    screenshot(page, "interest-on-the-case")
    page.go_back()
    page.get_by_role("link", name=f"assign {case} to somebody else").click()
    answer(page, {"Assign to": Option(colleague.name)})
    do(page, "Assign")
    case.refresh_from_db()
    assert case.assignee == colleague
    expect(page.get_by_text("Assigned despite an interest")).not_to_be_visible()


def test_every_new_page_for_everybody(
    case: Case, new_page: OpenPage, look: Look, clock_hand: time_machine.Traveller
) -> None:
    """Axe at 1280 and at 320 pixels, where nothing may have to be scrolled sideways; refused forms as
    well."""
    lead, manager = case.assignee, named(Role.ENFORCEMENT_MANAGER, "Manager A")
    assert lead is not None
    page = new_page()
    sign_in(page, manager)
    page.goto(f"/desk/casework/case/{case.pk}/do/restrict/")
    look(page, "restrict")
    do(page, "Restrict to named people")
    look(page, "restrict, refused")
    answer(page, {"Reason": WHY})
    page.get_by_label(lead.name).check()
    page.get_by_label(manager.name).check()
    do(page, "Restrict to named people")
    look(page, "restricted case")
    page.goto("/desk/casework/case/")
    look(page, "queue with a restricted case")
    page.goto("/desk/casework/case/?q=nothing")
    look(page, "queue with nothing")
    stranger = new_page()
    sign_in(stranger, named(Role.INSPECTOR, "Inspector B"))
    stranger.goto("/desk/casework/restriction/")
    look(stranger, "look up")
    stranger.goto("/desk/casework/restriction/?reference=IRN")
    look(stranger, "look up, refused")
    stranger.goto(f"/desk/casework/restriction/?reference={case.reference}")
    look(stranger, "break the glass")
    do(stranger, "Break the glass")
    look(stranger, "break the glass, refused")
    answer(stranger, {"Why must you open it?": "The hospital rang."})
    do(stranger, "Break the glass")
    look(stranger, "opened by the glass")
    page.goto(f"/desk/casework/case/{case.pk}/do/name_people/")
    look(page, "change who may open it")
    page.goto(f"/desk/casework/case/{case.pk}/do/lift/")
    look(page, "lift")
    page.goto("/desk/organisations/interest/")
    look(page, "no interests")
    page.goto("/desk/organisations/interest/declare/")
    look(page, "declare")
    do(page, "Declare it")
    look(page, "declare, refused")
    answer(page, {"Employer": case.employer.name, "Kind of interest": Radio("Financial")})
    page.get_by_label("Whose interest").select_option(label=lead.name)
    do(page, "Declare it")
    look(page, "declaration with a case to hand on")
    page.get_by_role("link", name="End the declaration").click()
    look(page, "end")
    page.goto("/desk/organisations/interest/")
    look(page, "interests")
    page.get_by_role("link", name=lead.name).click()
    page.get_by_role("link", name="What was changed, and when").click()
    look(page, "history")
    page.goto(f"/desk/casework/case/{case.pk}/")
    look(page, "case assigned despite an interest")
    clock_hand.move_to(NEXT_WEEK)
    auditor = new_page()
    sign_in(auditor, named(Role.AUDITOR, "Auditor A"))
    look(auditor, "home of an auditor")
    auditor.goto("/desk/casework/weekreview/")
    look(auditor, "weeks")
    auditor.get_by_role("link", name="2 March 2026").click()
    look(auditor, "week")
    answer(auditor, {"Remark": "Mr Patel looked."})
    do(auditor, "Sign: I looked these through")
    look(auditor, "week, refused")
    answer(auditor, {"Remark": "Called for."})
    do(auditor, "Sign: I looked these through")
    look(auditor, "week, signed")
