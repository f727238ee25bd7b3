"""A year's programme in a browser: drawn, approved by somebody else, reordered with a reason, and an
inspection opened from it. Every page on the way against WCAG 2.2 AA, wide and narrow."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from inspections.models import Inspection
from inspections.programme.models import Programme
from regulator import clock
from regulator.accounts.roles import Role
from regulator.organisations.models import Modality
from tests.factories import EmployerFactory, SiteFactory, staff
from tests.inspections.programme.conftest import score
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


@WITH_AND_WITHOUT
def test_a_programme_is_drawn_approved_reordered_and_opened_from(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    employers = [EmployerFactory.create() for _ in range(9)]
    for each in employers:
        SiteFactory.create(employer=each, modalities=[Modality.RADIOTHERAPY.value])
    score(employers, as_of=clock.today())
    page = new_page(scripts=scripts, user=staff(Role.INSPECTOR))
    page.goto("/desk/programme/programme/")
    page.get_by_role("link", name="Draw a programme").click()
    page.get_by_label("By the score: Radiotherapy, NHS acute trust").fill("2")
    page.get_by_label("Places drawn by chance").fill("2")
    press(page, "Draw the programme")
    expect(page.get_by_role("alert")).to_contain_text("Places drawn by chance")
    screenshot(page, "refused")
    page.get_by_label("Places drawn by chance").fill("4")
    page.get_by_label("Places at most for those who have waited longest").fill("1")
    press(page, "Draw the programme")
    expect(page.get_by_role("main")).to_contain_text("7 places")
    screenshot(page, "drawn")
    screenshot_narrow(page, "drawn")

    manager = new_page(scripts=scripts, user=staff(Role.ENFORCEMENT_MANAGER))
    manager.goto("/desk/")
    manager.get_by_role("link", name="1 For me to approve").click()
    manager.get_by_role("main").get_by_role("link", name="/").first.click()
    manager.get_by_role("link", name="Approve").click()
    press(manager, "Approve the programme")
    expect(manager.get_by_role("main")).to_contain_text("Approved by")

    again(page)
    page.get_by_role("link", name="Move place 7").click()
    page.get_by_label("Position").fill("1")
    press(page, "Move the place")
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    page.get_by_label("Reason").fill("It lies beside the first.")
    press(page, "Move the place")
    expect(page.get_by_role("main")).to_contain_text("It lies beside the first.")
    page.get_by_role("link", name="Open place 1", exact=True).click()
    page.get_by_label("Planned for").fill((clock.today() + timedelta(days=40)).isoformat())
    press(page, "Open the inspection")
    inspection = Inspection.objects.get()
    expect(page.get_by_role("main")).to_contain_text("Planned programme")
    page.goto(f"/desk/programme/programme/{Programme.objects.get().pk}/")
    expect(page.get_by_role("main")).to_contain_text(str(inspection.case))
    screenshot(page, "approved")
    if scripts:
        _everything_is_for_everybody(page, manager, look)


def _everything_is_for_everybody(page: Page, manager: Page, look: Look) -> None:
    programme = Programme.objects.get()
    place = programme.places.standing().filter(inspection=None)[0]
    base = f"/desk/programme/programme/{programme.pk}/"
    addresses = ["", f"places/{place.pk}/move/", f"places/{place.pk}/open/", "draw-again/"]
    others = ("", "coverage/", "coverage/?years=x")
    lists = [f"/desk/programme/programme/{each}" for each in others]
    for address in ("/desk/diary/feedkey/", *lists, *(f"{base}{each}" for each in addresses)):
        page.goto(address)
        look(page, address)
    for address in ("add/", f"places/{place.pk}/take-off/", "approve/"):
        manager.goto(f"{base}{address}")
        look(manager, address)
