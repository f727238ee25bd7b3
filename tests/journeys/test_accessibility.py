"""Every kind of page against WCAG 2.2 AA, as axe-core can tell: no violation, whatever stands on the page."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from notifications import services
from notifications.content import DraftContent
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import Modality
from tests.factories import Cast, SiteFactory, member, notification_in, staff
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.stage import SECTIONS, answer, sign_in
from tests.register.entries import entry

LEVEL_AA: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
Check = Callable[[Page, str], None]


@pytest.fixture
def check() -> Iterator[Check]:
    """Runs axe over the page as it stands; what it found on any of them is told together at the end."""
    axe, found = Axe(), list[str]()

    def run(page: Page, name: str) -> None:
        result = axe.run(page, options=LEVEL_AA).response
        assert result["passes"], f"axe looked at nothing on {name}"
        for violation in result["violations"]:
            found.extend(f"{name}: {violation['id']}: {node['html'][:200]}" for node in violation["nodes"])

    yield run
    assert found == []


def test_the_public_pages(reference_data: None, page: Page, check: Check) -> None:
    for path in ("/", "/account/login/", "/register/"):
        page.goto(path)
        check(page, f"{path} empty")
    made = [entry(status=status) for status in ("in_force", "complied", "not_complied")]
    for path in ("/register/", "/register/?year=x&regulation=nonsense", "/register/?q=nobody"):
        page.goto(path)
        check(page, path)
    page.goto(made[0].get_absolute_url())
    check(page, "entry")


def test_the_employers_pages(reference_data: None, page: Page, check: Check) -> None:
    cast = Cast()
    sign_in(page, cast.reporter)
    check(page, "home, empty")
    page.goto("/notifications/new/")
    check(page, "start")
    content = DraftContent(modality=Modality.DIAGNOSTIC_IMAGING)
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    for slug in ("incident", "exposure", "criterion", "circumstances"):
        page.goto(f"/notifications/draft/{draft.pk}/{slug}/")
        check(page, f"{slug}, empty")
    page.goto(f"/notifications/draft/{draft.pk}/incident/")
    answer(page, SECTIONS[Modality.DIAGNOSTIC_IMAGING]["The incident"])
    check(page, "incident, filled")
    page.get_by_role("group", name="When was it discovered?").get_by_label("Month").fill("13")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "incident, with errors")
    page.goto(f"/notifications/draft/{draft.pk}/")
    check(page, "draft")
    page.goto(f"/notifications/draft/{draft.pk}/check/")
    check(page, "check page")
    page.goto(f"/notifications/draft/{draft.pk}/kind/")
    check(page, "kind")
    sent = notification_in("further_information", cast=cast)
    waits = notification_in("submitted", cast=cast)
    for path in (
        "",
        f"{sent.case.reference}/",
        f"{waits.case.reference}/",
        f"{waits.case.reference}/submitted/",
        f"{waits.case.reference}/report/",
        f"{waits.case.reference}/report/doses/",
        f"{waits.case.reference}/actions/new/",
        f"{waits.case.reference}/report/check/",
    ):
        page.goto(f"/notifications/{path}")
        check(page, path or "home, filled")
    page.get_by_role("button", name="File the report").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "report, with errors")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_desk(reference_data: None, new_page: OpenPage, check: Check, width: int) -> None:
    page = new_page(width=width)
    sign_in(page, staff(Role.INSPECTOR))
    check(page, "desk home, empty")
    cases: list[Case] = [notification_in(state).case for state in ("submitted", "further_information")]
    for path in ("", "casework/case/", *(f"casework/case/{case.pk}/" for case in cases)):
        page.goto(f"/desk/{path}")
        check(page, path or "desk home")
    page.goto(f"/desk/casework/case/{cases[0].pk}/do/triage/")
    check(page, "deed form")
    page.get_by_role("radio", name="High").check()  # another risk than suggested, without the reason
    page.get_by_role("main").get_by_role("button", name="Triage").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "deed form, with errors")
    page.goto(f"/desk/casework/case/{cases[0].pk}/do/open_inspection/")
    check(page, "form of an inspection")


def test_the_employers_own_house(
    reference_data: None, page: Page, check: Check, screenshot_narrow: Screenshot, screenshot: Screenshot
) -> None:
    """Its lists and forms, empty and refused, wide and at 320 pixels."""
    cast = Cast()
    lead = member(cast.employer, Role.EMPLOYER_LEAD)
    site = SiteFactory.create(employer=cast.employer, modalities=[Modality.RADIOTHERAPY])
    sign_in(page, lead)
    house = f"/employer/{cast.employer.key}"
    page.goto(f"{house}/keys/new/")
    page.get_by_label("Which system will use it?").fill("Incident system")
    page.get_by_label("May read", exact=True).check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="Copy the key now")).to_be_visible()
    check(page, "key made")
    screenshot_narrow(page, "key-made")
    theirs = cast.reporter.memberships.get().pk
    page.goto(f"{house}/invitations/new/")
    page.get_by_label("Their name").fill("Colleague")
    page.get_by_label("Their email address").fill("colleague@long-name-of-a-trust.example.invalid")
    page.get_by_label("Employer lead").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation was sent")).to_be_visible()
    lists = ("people", "keys", "sites", "details", "invitations/new", "details/address")
    forms = (f"people/{theirs}/role", f"people/{theirs}/end", "keys/new", "sites/new", f"sites/{site.pk}")
    for place in (*lists, *forms):
        page.goto(f"{house}/{place}/")
        check(page, place)
        screenshot(page, place.replace("/", "-"))
        screenshot_narrow(page, place.replace("/", "-"))
    page.goto(f"{house}/sites/new/")
    page.get_by_role("button", name="Save the site").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check(page, "site refused")
