"""A concern on the desk: recorded, assessed as immediate, and looked into by an inspection that is opened
from it, of which its employer then reads without a word of the concern. Every page on the way against WCAG
2.2 AA, wide and narrow."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from inspections.concerns.models import Concern
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.roles import Role
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.inspections.letters import Kind, send_letter
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT
from tests.journeys.test_correspondence import press

EMPLOYER = "Fennelwick Nuclear Medicine Partnership (invented)"
TOLD = "Doses are drawn before the calibrator has been checked, most mornings."


def deed(page: Page, label: str) -> None:
    page.get_by_role("main").get_by_role("link", name=label, exact=True).or_(
        page.get_by_role("main").get_by_role("button", name=label, exact=True)
    ).first.click()


@WITH_AND_WITHOUT
def test_it_is_recorded_assessed_and_looked_into(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    employer = EmployerFactory.create(name=EMPLOYER)
    site = SiteFactory.create(employer=employer, name="Fennelwick House")
    inspector, manager = staff(Role.INSPECTOR), staff(Role.ENFORCEMENT_MANAGER)
    lead = member(employer, Role.EMPLOYER_LEAD)
    desk = new_page(scripts=scripts, user=inspector)
    main = desk.get_by_role("main")

    def seen(name: str) -> None:
        if scripts:  # axe waits for ever in a page that runs none
            look(desk, name)
        screenshot(desk, name)
        screenshot_narrow(desk, name)

    desk.goto("/desk/")
    desk.locator('a[href="/desk/concerns/concern/"]').first.click()
    desk.get_by_label("Employer").fill("Fennelwick Nuclear")
    press(desk, "Continue")
    press(desk, "Record the concern")
    expect(main).to_contain_text("Write what the concern is about.")
    seen("refused")
    desk.get_by_label("Whistle-blower at the employer").check()
    desk.get_by_label("By telephone").check()
    desk.get_by_label("Site").select_option("Fennelwick House")
    desk.get_by_label("Modality").select_option("Nuclear medicine")
    desk.get_by_label("What it is about").fill(TOLD)
    seen("recording")
    press(desk, "Record the concern")
    concern = Concern.objects.get()
    expect(desk.locator("body")).to_contain_text(f"Recorded as {concern}.")
    expect(main).to_contain_text(TOLD)
    seen("recorded")

    deed(desk, "Assess the risk of harm")
    desk.get_by_label("Immediate", exact=True).check()
    desk.get_by_label("Reason", exact=True).fill("It goes on, and nobody there stops it.")
    seen("assessing")
    press(desk, "Assess the risk of harm")
    expect(main).to_contain_text("Act on the immediate risk of harm")
    assert [each.to for each in Message.objects.all()] == [manager.email]

    deed(desk, "Open a reactive inspection")
    desk.get_by_label("Planned for").fill((clock.today() + timedelta(days=1)).isoformat())
    desk.get_by_label("Scope").fill(TOLD)
    press(desk, "Open a reactive inspection")
    expect(main).to_contain_text("This repeats words of the concern")
    seen("quoting")
    desk.get_by_label("Scope").fill("Quality assurance in nuclear medicine.")
    press(desk, "Open a reactive inspection")
    expect(main).to_contain_text("Reactive")
    expect(main).to_contain_text(str(concern))
    inspection = Inspection.objects.select_related("case__employer").get()

    desk.goto(f"/desk/casework/case/{concern.pk}/")
    expect(main).to_contain_text(str(inspection))
    deed(desk, "Close the concern")
    desk.get_by_label("Reactive inspection opened").check()
    desk.get_by_label("Reason", exact=True).fill("The inspection looks into it.")
    press(desk, "Close the concern")
    expect(main).to_contain_text("What followed")
    seen("closed")
    desk.goto(f"/desk/organisations/employer/{employer.pk}/page/")
    expect(desk.get_by_role("region", name="Concerns, table")).to_contain_text(str(concern))
    seen("employer")

    send_letter(inspection, Kind.ANNOUNCEMENT, by=inspector, second=manager)
    theirs = new_page(scripts=scripts, user=lead)
    theirs.goto(f"/inspections/{inspection.case.reference}/")
    expect(theirs.get_by_role("main")).to_contain_text("Quality assurance in nuclear medicine.")
    expect(theirs.locator("body")).not_to_contain_text("oncern")
    assert theirs.request.get(f"/inspections/{concern.case.reference}/").status == 404
    assert theirs.request.get(f"/desk/casework/case/{concern.pk}/").status in (403, 404)
    assert site.name in theirs.content()
