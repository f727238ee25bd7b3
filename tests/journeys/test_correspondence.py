"""Letters of an inspection in two browsers, and its draft checked by the employer in a third: announced by
two, fed back by two, two comments, one finding corrected, the report sent and read. Every page on the way
against WCAG 2.2 AA, wide and narrow."""

import io
import re
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inspections import services as inspecting
from inspections.models import Finding, Inspection
from inspections.services.findings import record_finding
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.legislation.models import Provision
from regulator.organisations.models import Modality
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def do(page: Page, inspection: Inspection, deed: str, button: str) -> None:
    """Open a deed from the page of the case, and press its button with nothing to fill in."""
    begin(page, inspection, deed)
    press(page, button)


def begin(page: Page, inspection: Inspection, deed: str) -> None:
    page.goto(f"/desk/casework/case/{inspection.pk}/do/{deed}/")


def approve(page: Page, inspection: Inspection, label: str = "Approve the letter and send it") -> None:
    begin(page, inspection, "approve_letter")
    page.get_by_label("I have read the letter as it is to be sent").check()
    press(page, label)
    expect(page.get_by_role("main")).to_contain_text("Sent on")


def found_on_site(inspection: Inspection, by: User) -> None:
    """The visit and its findings, which have journeys of their own."""
    inspection.case.refresh_from_db()
    in_force = Provision.objects.in_force_on(clock.today())
    cited = list(in_force.filter(instrument="IR(ME)R 2017", reference__in=("6(5)(b)",)))
    deeds: list[tuple[Any, dict[str, Any]]] = [(inspecting.visit, {"visited_on": clock.today()})]
    for kind, text in (("breach", "No review was on record."), ("recommendation", "Audit the check.")):
        deeds.append((record_finding, {"kind": kind, "provisions": cited, "text": text}))
    deeds.append((inspecting.draft_feedback, {}))
    for deed, given in deeds:
        deed(inspection=inspection, by=by, version=inspection.case.version, **given)


@WITH_AND_WITHOUT
def test_an_inspection_is_announced_fed_back_commented_on_and_reported(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    employer = EmployerFactory.create()
    lead, inspector = member(employer, Role.EMPLOYER_LEAD), staff(Role.INSPECTOR)
    inspection = inspecting.open_inspection(
        employer=employer,
        site=SiteFactory.create(employer=employer),
        modality=Modality.RADIOTHERAPY,
        trigger=Inspection.Trigger.PLANNED,
        planned_on=clock.today(),
        scope="How individuals are identified.",
        by=inspector,
        lead=inspector,
    )
    desk = new_page(scripts=scripts, user=inspector)
    second = new_page(scripts=scripts, user=staff(Role.ENFORCEMENT_MANAGER))
    theirs = new_page(scripts=scripts, user=lead)

    do(desk, inspection, "prepare_announcement", "Prepare the announcement")
    expect(desk.get_by_role("main")).to_contain_text("Waits for a second person")
    screenshot(desk, "waiting")
    second.goto("/desk/")
    second.get_by_role("link", name=re.compile("For me to read and send")).click()
    expect(second.get_by_role("main")).to_contain_text(str(inspection.case.reference))
    begin(second, inspection, "approve_letter")
    screenshot(second, "approving")
    approve(second, inspection)

    found_on_site(inspection, inspector)
    do(desk, inspection, "prepare_feedback", "Prepare the draft feedback")
    approve(second, inspection)

    theirs.goto(f"/inspections/{inspection.case.reference}/")
    screenshot(theirs, "draft")
    theirs.get_by_role("link", name="Check the facts", exact=True).click()
    theirs.get_by_role("link", name="Say what is not right in finding 1").click()
    press(theirs, "Save the comment")
    expect(theirs.get_by_role("alert")).to_contain_text("Say what is not right")
    theirs.get_by_label("What is not right?").fill("A review was on record.")
    theirs.get_by_label("What should it say?").fill("The review was late.")
    press(theirs, "Save the comment")
    theirs.get_by_role("link", name="Comment on: dates").click()
    theirs.get_by_label("What is not right?").fill("The visit lasted two days.")
    theirs.get_by_label("What should it say?").fill("Two days.")
    press(theirs, "Save the comment")
    screenshot(theirs, "comments")
    screenshot_narrow(theirs, "comments")
    theirs.get_by_role("button", name="Send your comments").click()
    screenshot(theirs, "sending")
    press(theirs, "Send to CQC")
    expect(theirs.get_by_role("main")).to_contain_text("Your comments were sent to CQC.")

    begin(desk, inspection, "answer_point")
    desk.get_by_label("Accepted", exact=True).check()
    desk.get_by_label("Why", exact=True).fill("We have seen the record.")
    desk.get_by_label("The finding is corrected").check()
    desk.get_by_label("Corrected words").fill("A review was on record, and was late.")
    screenshot(desk, "answering")
    screenshot_narrow(desk, "answering")
    press(desk, "Answer a comment on the facts")
    begin(desk, inspection, "answer_point")
    desk.get_by_label("Not accepted", exact=True).check()
    desk.get_by_label("Why", exact=True).fill("Our record has one day.")
    press(desk, "Answer a comment on the facts")
    screenshot(desk, "answered")
    do(desk, inspection, "prepare_report", "Prepare the report")
    approve(second, inspection)
    assert Finding.objects.standing().filter(final_on__isnull=False).count() == 2

    theirs.goto(f"/inspections/{inspection.case.reference}/")
    expect(theirs.get_by_role("main")).to_contain_text("A review was on record, and was late.")
    screenshot(theirs, "report")
    screenshot_narrow(theirs, "report")
    way = theirs.get_by_role("link", name=re.compile("Report of")).get_attribute("href")
    answer = theirs.request.get(str(way))
    assert answer.headers["content-type"] == "application/pdf"
    said = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages)
    assert "A review was on record, and was late." in " ".join(said.split())
    if scripts:
        _everything_is_for_everybody(theirs, inspection, look)


def _everything_is_for_everybody(theirs: Page, inspection: Inspection, look: Look) -> None:
    page = f"/inspections/{inspection.case.reference}/"
    for address in (page, f"{page}accuracy/", f"{page}accuracy/send/"):
        theirs.goto(address)
        look(theirs, address)
