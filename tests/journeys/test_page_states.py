"""Every state of the employers' pages: WCAG 2.2 AA as axe can tell, no sideways scroll, and the keyboard.

The pages are those of the URLconf (``tests.notifications.addresses``), so a new one is looked at as well.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from regulator.accounts.roles import Role
from regulator.casework.models import Case
from tests.factories import member
from tests.journeys.conftest import NARROW, WIDE, OpenPage
from tests.journeys.stage import answer, save_and_continue, sign_in
from tests.journeys.test_accessibility import LEVEL_AA
from tests.notifications.addresses import BY_NAME, Scene, posted_pages

Look = Callable[[Page, str], None]
FILES: Final = {
    *("notifications:receipt", "notifications:attachment", "notifications:draft_attachment"),
    *("organisations:activity_template", "organisations:activity_download"),
}
"""Routes that hand a file over and show no page."""
FOUR_TIMES: Final[ViewportSize] = {"width": WIDE // 4, "height": 256}
"""What a window of 1280 by 1024 shows at 400%."""
EMPTY_REFUSED: Final = (
    *("report_check", "answer", "withdraw", "more_time", "amend", "sign-off", "check", "attach"),
)
"""Pages whose form says what is missing when it is sent as it is opened."""


@pytest.fixture
def look() -> Iterator[Look]:
    """Axe at both widths, and whether the page has to be scrolled sideways; all is told at the end."""
    axe, found = Axe(), list[str]()

    def run(page: Page, name: str) -> None:
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            result = axe.run(page, options=LEVEL_AA).response
            assert result["passes"], f"axe looked at nothing on {name}"
            for violation in result["violations"]:
                nodes = [node["html"][:200] for node in violation["nodes"]]
                found.extend(f"{name} at {width}: {violation['id']}: {html}" for html in nodes)
            found.extend(f"{name} at {width}: {wider} too wide" for wider in [too_wide(page)] if wider)

    yield run
    assert found == []


def too_wide(page: Page) -> int:
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wider: int = page.evaluate(script)
    return wider


def test_every_page_as_it_opens_and_at_four_times_its_size(
    reference_data: None, new_page: OpenPage, look: Look
) -> None:
    scene, page = Scene(), new_page()
    sign_in(page, member(scene.cast.employer, Role.EMPLOYER_LEAD))
    wide = []
    for route in posted_pages(Role.EMPLOYER_LEAD):
        if route.name in FILES:
            continue
        for address in scene.addresses(route):
            page.goto(address)
            look(page, route.name)
            page.set_viewport_size(FOUR_TIMES)
            wide.extend([address] if too_wide(page) else [])
    assert wide == []


def test_what_is_missing_is_told_accessibly_and_the_summary_leads_to_it(
    reference_data: None, new_page: OpenPage, look: Look
) -> None:
    scene, page = Scene(), new_page()
    sign_in(page, scene.cast.reporter)
    for name in EMPTY_REFUSED:
        page.goto(scene.address(BY_NAME[f"notifications:{name}"]))
        page.locator("main form[method=post] button").click()
        summary = page.locator(".govuk-error-summary")
        expect(summary).to_be_focused()
        look(page, f"{name}, refused")
        summary.get_by_role("link").first.press("Enter")
        led_to = page.evaluate("document.activeElement.closest('.govuk-form-group') !== null")
        assert led_to, f"the summary of {name} leads to no field"


def test_a_conflict_and_a_session_that_ended(reference_data: None, new_page: OpenPage, look: Look) -> None:
    scene, page = Scene(), new_page()
    sign_in(page, scene.cast.reporter)
    address = scene.address(BY_NAME["notifications:edit"])
    page.goto(address)
    case = scene.case("draft").case
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    answer(page, {"What happened?": "Typed beside a colleague."})
    save_and_continue(page)
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value("Typed beside a colleague.")
    look(page, "conflict")
    page.context.clear_cookies()
    page.goto(address)
    expect(page.get_by_label("Email address")).to_be_visible()
    look(page, "session ended")


@pytest.mark.parametrize("slug", ["people", "circumstances"])
def test_the_keyboard_reaches_every_control_in_the_order_of_the_page(
    slug: str, reference_data: None, new_page: OpenPage
) -> None:
    scene, page = Scene(), new_page()
    sign_in(page, scene.cast.reporter)
    page.goto(f"/notifications/draft/{scene.case('draft').pk}/{slug}/")
    wanted: list[str] = page.evaluate(
        "Array.from(document.querySelectorAll('main form [id][name]:not([type=hidden])'))"
        ".filter(each => each.type !== 'radio').map(each => each.id)"
    )
    assert len(wanted) >= 2
    page.locator("main h1").click()
    reached: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.tagName")
        reached.append(here)
        if here == "BUTTON":
            break
    assert [each for each in reached if each in wanted] == wanted
    assert reached[-1] == "BUTTON"
