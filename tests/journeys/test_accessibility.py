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
from tests.factories import Cast, notification_in, staff
from tests.journeys.conftest import OpenPage
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
    sent = notification_in("further_information", cast=cast)
    waits = notification_in("submitted", cast=cast)
    for path in (
        "",
        f"{sent.case.reference}/",
        f"{waits.case.reference}/",
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
    page.get_by_role("main").get_by_role("button", name="Triage").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "deed form, with errors")
    page.goto(f"/desk/casework/case/{cases[0].pk}/do/open_inspection/")
    check(page, "form of an inspection")
