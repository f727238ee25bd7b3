"""One inspection from beginning to end, as its people see it.

The risk is scored, a programme is drawn from it and approved, and an inspection opened from it is announced
by two. The employer answers the questionnaire. The visit finds two recommendations, one out of a checklist,
and a breach, on which a notice is drafted. Feedback and report go out by two, the employer answers with an
action plan, and it is closed.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from enforcement.models import Notice
from inspections.checklists.models import Checklist
from inspections.models import Finding, Inspection
from inspections.plans.models import PlanAction
from inspections.programme.models import Programme
from inspections.questionnaires.models import Questionnaire
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import ActivityReturn, Employer, Modality
from regulator.outbox.models import Message
from regulator.risk.models import RiskScore
from tests.factories import Cast, EmployerFactory, SiteFactory, member, notification_in, staff
from tests.inspections.questionnaires.answers import answer_all
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import DECLARED, answer
from tests.journeys.test_action_plan import reply, wanted
from tests.journeys.test_checklist import give, item, open_page, status
from tests.journeys.test_correspondence import approve, begin, do, press

NAMES: Final = (
    "Aldersyde Hospitals NHS Trust (invented)",
    "Eastmere Hospitals NHS Trust (invented)",
    "Hollowick Vale NHS Trust (invented)",
    "Marlhaven University Hospitals NHS Trust (invented)",
    "Northmoor Hospitals NHS Trust (invented)",
    "Stanbourne Royal NHS Trust (invented)",
    "Wexcombe Cancer Centre (invented)",
)
SILENT: Final = NAMES[3]
"""As large as the others, and the only one that notified nothing."""


@pytest.fixture
def england(reference_data: None) -> Sequence[Employer]:
    """Seven employers of one size that give radiotherapy. All but one notified incidents."""
    employers = []
    for name in NAMES:
        employer = EmployerFactory.create(name=name)
        site = SiteFactory.create(employer=employer, modalities=[Modality.RADIOTHERAPY.value])
        for year in (2023, 2024, 2025):
            _busy(employer, year)
        for number in range(0 if name == SILENT else 3):
            with clock.at(clock.now() - timedelta(days=60 + 90 * number)):
                notification_in("submitted", cast=Cast(employer), modality=Modality.RADIOTHERAPY, site=site)
        employers.append(employer)
    return employers


def _busy(employer: Employer, year: int) -> None:
    ActivityReturn.objects.create(
        employer=employer,
        modality=Modality.RADIOTHERAPY,
        period_start=date(year, 4, 1),
        period_end=date(year + 1, 3, 31),
        quantity=4_000,
        unit="episodes",
        source="Return",
        completeness="complete",
    )


def test_from_the_score_to_a_closed_inspection(
    england: Sequence[Employer], new_page: OpenPage, screenshot: Screenshot, screenshot_narrow: Screenshot
) -> None:
    inspector, manager = staff(Role.INSPECTOR), staff(Role.ENFORCEMENT_MANAGER)
    desk, second = new_page(user=inspector), new_page(user=manager)
    call_command("run_risk")
    inspection = programmed(desk, second, screenshot)
    employer = inspection.case.employer
    lead = member(employer, Role.EMPLOYER_LEAD)
    theirs = new_page(user=lead)
    theirs.goto(f"/inspections/{inspection.case.reference}/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Page not found")

    do(desk, inspection, "prepare_announcement", "Prepare the announcement")
    approve(second, inspection)
    begin(desk, inspection, "send_questionnaire")
    desk.get_by_label("To be answered by").fill((clock.today() + timedelta(days=14)).isoformat())
    press(desk, "Send a questionnaire")
    answered(theirs, inspection)
    begin(desk, inspection, "accept_questionnaire")
    press(desk, "Accept the questionnaire")

    begin(desk, inspection, "visit")
    press(desk, "Record the visit")
    found(desk, inspection)
    screenshot(desk, "found")
    draft_a_notice(desk, inspection)

    do(desk, inspection, "draft_feedback", "The feedback is drafted")
    do(desk, inspection, "prepare_feedback", "Prepare the draft feedback")
    approve(second, inspection)
    theirs.goto(f"/inspections/{inspection.case.reference}/")
    screenshot(theirs, "draft")
    screenshot_narrow(theirs, "draft")
    theirs.get_by_role("link", name="Check the facts", exact=True).click()
    theirs.get_by_role("button", name="Nothing needs correcting").click()
    press(theirs, "Send to CQC")
    do(desk, inspection, "prepare_report", "Prepare the report")
    approve(second, inspection)

    planned(theirs, inspection)
    begin(desk, inspection, "accept_plan")
    screenshot(desk, "plan")
    press(desk, "Accept the action plan")
    do(desk, inspection, "close", "Close")
    expect(desk.get_by_role("main")).to_contain_text("Closed")
    screenshot(desk, "closed")
    screenshot_narrow(desk, "closed")
    theirs.goto(f"/inspections/{inspection.case.reference}/")
    screenshot(theirs, "closed")
    screenshot_narrow(theirs, "closed")

    inspection = Inspection.objects.get()
    assert inspection.case.status == "closed"
    kinds = sorted(inspection.findings.standing().values_list("kind", flat=True))
    assert kinds == ["breach", "recommendation", "recommendation"]
    assert PlanAction.objects.begun().filter(finding__inspection=inspection).count() == 3
    assert Notice.objects.get().case.status == "draft"
    told = set(Message.objects.filter(case=inspection.case, to=lead.email).values_list("template", flat=True))
    assert {
        "inspections/announcement",
        "questionnaires/sent",
        "inspections/draft_feedback",
        "inspections/feedback",
    } <= told
    call_command("verify_audit")


def programmed(desk: Page, second: Page, screenshot: Screenshot) -> Inspection:
    """Drawn from the score, approved by another, and opened for whoever there is most reason to look at."""
    first = RiskScore.objects.order_by("-p_any", "pk")[0]
    assert first.employer.name == SILENT
    desk.goto("/desk/programme/programme/draw/")
    desk.get_by_label("By the score: Radiotherapy, NHS acute trust").fill("2")
    desk.get_by_label("Places at most for those whom a rule asks to look at").fill("0")
    desk.get_by_label("Places at most for those who have waited longest").fill("0")
    desk.get_by_label("Places drawn by chance").fill("4")
    press(desk, "Draw the programme")
    screenshot(desk, "drawn")
    programme = Programme.objects.get()
    place = programme.places.standing().get(employer=first.employer)
    assert place.arm == "score"
    second.goto(f"/desk/programme/programme/{programme.pk}/approve/")
    press(second, "Approve the programme")
    desk.goto(f"/desk/programme/programme/{programme.pk}/places/{place.pk}/open/")
    desk.get_by_label("Planned for").fill(clock.today().isoformat())
    desk.get_by_label("Site").select_option(index=1)
    press(desk, "Open the inspection")
    inspection = Inspection.objects.select_related("case__employer").get()
    assert inspection.case.employer == first.employer
    return inspection


def answered(theirs: Page, inspection: Inspection) -> None:
    """The questionnaire, of which a colleague answered the sections, is checked and submitted."""
    sent = Questionnaire.objects.get(inspection=inspection)
    colleague = member(inspection.case.employer, Role.EMPLOYER_LEAD)
    answer_all(sent, colleague)
    theirs.goto(f"/inspections/{inspection.case.reference}/")
    theirs.get_by_role("link", name=re.compile("Self-assessment: radiotherapy")).first.click()
    theirs.get_by_role("button", name="Check your answers and submit").click()
    answer(theirs, {DECLARED: True})
    press(theirs, "Submit the questionnaire")
    expect(theirs.get_by_role("main")).to_contain_text("CQC is reading it")


def found(desk: Page, inspection: Inspection) -> None:
    """A recommendation out of a checklist, another one, and a breach."""
    desk.goto(f"/desk/checklists/checklist/of/{inspection.pk}/")
    desk.get_by_label("Checklist", exact=True).select_option(label="Training records")
    press(desk, "Open the checklist")
    checklist = Checklist.objects.get()
    open_page(desk, checklist)
    give(desk, "Records of one practitioner", "Partly met", "One of three was out of date.")
    expect(status(desk)).to_have_text(re.compile(r"Saved \d\d:\d\d\."))
    again(desk)
    item(desk, "Records of one practitioner").get_by_role("link", name="Record a finding").click()
    desk.get_by_label("Recommendation", exact=True).check()
    press(desk, "Record the finding")
    for kind, text, provision in (
        ("Recommendation", "The audit of the check has no date for its next round.", "regulation 7"),
        ("Breach", "Nobody had reviewed the procedures for two years.", "regulation 6(5)(b)"),
    ):
        begin(desk, inspection, "record_finding")
        desk.get_by_label(kind, exact=True).check()
        desk.get_by_label("Provisions").select_option(label=[f"IR(ME)R 2017 {provision}"])
        desk.get_by_label("Finding", exact=True).fill(text)
        press(desk, "Record a finding")
    assert Finding.objects.count() == 3


def draft_a_notice(desk: Page, inspection: Inspection) -> None:
    begin(desk, inspection, "draft_improvement")
    desk.get_by_label("Breaches").select_option(index=0)
    answer(
        desk,
        {
            "Opinion": "The employer is in breach of the duty to assure the quality of its procedures.",
            "Reasons": "The last review on record is two years old.",
            "Required action": "Review every written procedure, and show when the next review is due.",
        },
    )
    desk.get_by_label("Days for compliance").fill("42")
    press(desk, "Draft an improvement notice")
    assert Case.objects.get(kind="notice").status == "draft"


def planned(theirs: Page, inspection: Inspection) -> None:
    """Every finding is answered with an action, and the plan submitted."""
    theirs.goto(f"/inspections/{inspection.case.reference}/plan/")
    for number in (1, 2, 3):
        reply(theirs, number, "Agreed")
        answer(theirs, wanted(f"The review of part {number} is on the calendar.", "Standardisation", 40))
        press(theirs, "Save the action")
    theirs.get_by_role("button", name="Check your plan").click()
    theirs.get_by_label("The employer has agreed this plan").check()
    press(theirs, "Submit the plan")
    expect(theirs.get_by_role("main")).to_contain_text("Your action plan was submitted.")
