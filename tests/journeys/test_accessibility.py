"""The desk against WCAG 2.2 AA, at any size. The other pages: ``test_every_state``."""

from playwright.sync_api import Page, expect

from regulator.accounts.roles import Role
from regulator.casework.models import Case
from tests.factories import notification_in, staff
from tests.journeys.conftest import Look
from tests.journeys.stage import sign_in


def test_the_desk(reference_data: None, page: Page, look: Look) -> None:
    sign_in(page, staff(Role.INSPECTOR))
    look(page, "desk home, empty")
    cases: list[Case] = [notification_in(state).case for state in ("submitted", "further_information")]
    for path in ("", "casework/case/", *(f"casework/case/{case.pk}/" for case in cases)):
        page.goto(f"/desk/{path}")
        look(page, path or "desk home")
    page.goto(f"/desk/casework/case/{cases[0].pk}/do/triage/")
    look(page, "deed form")
    page.get_by_role("radio", name="High").check()  # another risk than suggested, without the reason
    page.get_by_role("main").get_by_role("button", name="Triage").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "deed form, with errors")
    page.goto(f"/desk/casework/case/{cases[0].pk}/do/open_inspection/")
    look(page, "form of an inspection")
