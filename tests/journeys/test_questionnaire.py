"""A questionnaire in a browser: sent, answered with and without JavaScript, returned, answered again and
accepted. The pages on the way against WCAG 2.2 AA, wide and narrow; the employer's in every state are
``states.questionnaires``."""

from datetime import timedelta
from itertools import count
from typing import Any, Final

from playwright.sync_api import Page, expect

from inspections import services as inspecting
from inspections.correspondence.models import Correspondence
from inspections.models import Inspection
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.ready import Kind, Question, Section
from inspections.questionnaires.services import save_answers
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.scanning import scan_pending
from regulator.organisations.models import Modality
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.inspections.letters import send_letter
from tests.inspections.questionnaires.answers import fitting
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import DECLARED, WITH_AND_WITHOUT, Radio, answer

LIST: Final[Any] = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"The list of the procedures."}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def announced(inspector: Any) -> Inspection:
    employer = EmployerFactory.create()
    made = inspecting.open_inspection(
        employer=employer,
        site=SiteFactory.create(employer=employer),
        modality=Modality.NUCLEAR_MEDICINE,
        trigger=Inspection.Trigger.PLANNED,
        planned_on=clock.today() + timedelta(days=40),
        lead=inspector,
        by=inspector,
    )
    send_letter(made, Correspondence.Kind.ANNOUNCEMENT, by=inspector)
    return made


def reply(page: Page, number: int, question: Question) -> None:
    """Answer one question well enough, as a person does."""
    label = f"{number}. {question.text}"
    if question.kind is Kind.NUMBER:
        page.locator(f"#id_{question.key}").fill("3")
    elif question.kind is Kind.DATE:
        answer(page, {label: clock.today() - timedelta(days=30)})
    elif question.kind is Kind.TEXT:
        page.locator(f"#id_{question.key}").fill("The list is closed first.")
    else:
        answer(page, {label: Radio(question.choices[0][1])})
        if question.evidence:
            page.get_by_label(f"Comment on question {number}", exact=True).fill("It lies in the office.")


@WITH_AND_WITHOUT
def test_sent_answered_returned_answered_again_and_accepted(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    inspector = staff(Role.INSPECTOR)
    inspection = announced(inspector)
    case_page = f"/desk/casework/case/{inspection.pk}/"
    desk = new_page(scripts=scripts, user=inspector)

    def seen(page: Page, name: str) -> None:
        if scripts:
            look(page, name)
            screenshot(page, name)
            screenshot_narrow(page, name)

    desk.goto(case_page)
    desk.get_by_role("link", name="Send a questionnaire").click()
    seen(desk, "send")
    desk.get_by_label("To be answered by").fill((clock.today() + timedelta(days=14)).isoformat())
    press(desk, "Send a questionnaire")
    expect(desk.get_by_role("main")).to_contain_text("Self-assessment: nuclear medicine, edition 1")
    sent = Questionnaire.objects.get()

    person = member(inspection.case.employer, Role.EMPLOYER_LEAD)
    lead = new_page(scripts=scripts, user=person)
    lead.goto(f"/inspections/{inspection.case.reference}/")
    lead.get_by_role("link", name="Self-assessment: nuclear medicine").click()
    lead.get_by_role("link", name=sent.content.sections[0].title).click()
    answer_everything(lead, sent, person, seen)
    expect(lead.get_by_role("main")).to_contain_text("You have completed 9 of 9 sections")
    scan_pending()
    lead.get_by_role("button", name="Check your answers and submit").click()
    press(lead, "Submit the questionnaire")
    expect(lead.get_by_role("alert").first).to_contain_text("Confirm the declaration")
    seen(lead, "check-refused")
    answer(lead, {DECLARED: True})
    press(lead, "Submit the questionnaire")
    expect(lead.get_by_role("main")).to_contain_text("CQC is reading it")
    seen(lead, "submitted")

    desk.goto(case_page)
    desk.get_by_role("link", name="Self-assessment: nuclear medicine, edition 1").click()
    expect(desk.get_by_role("main")).to_contain_text("It lies in the office.")
    desk.get_by_label("Show").select_option(label="“No” and “Partly” first")
    press(desk, "Show it so")
    expect(desk.get_by_role("heading", name="Answered “No” or “Partly”")).to_be_visible()
    seen(desk, "read")
    desk.get_by_role("link", name="Return the questionnaire").click()
    seen(desk, "return")
    text = sent.content.sections[0].questions[4].text
    desk.get_by_label(f"5. {text}").check()
    desk.get_by_label("What you need to know").fill("Which protocols are missing?")
    desk.get_by_label("To be answered by").fill((clock.today() + timedelta(days=7)).isoformat())
    press(desk, "Return the questionnaire")
    expect(desk.get_by_role("main")).to_contain_text("Returned")

    again(lead)
    expect(lead.get_by_role("main")).to_contain_text("Which protocols are missing?")
    seen(lead, "list-returned")
    lead.get_by_role("link", name=sent.content.sections[0].title).click()
    lead.get_by_label("Comment on question 5", exact=True).fill("Those of the new scanner, until May.")
    press(lead, "Save and go back to the list")
    lead.get_by_role("button", name="Check your answers and submit").click()
    answer(lead, {DECLARED: True})
    press(lead, "Submit the questionnaire")

    desk.goto(f"/desk/questionnaires/questionnaire/{sent.pk}/")
    expect(desk.get_by_role("main")).to_contain_text("Changed since the last submission")
    seen(desk, "read-again")
    desk.get_by_role("link", name="Accept the questionnaire").click()
    press(desk, "Accept the questionnaire")
    again(lead)
    expect(lead.get_by_role("main")).to_contain_text("CQC accepted it on")
    desk.goto(f"{case_page}as-at/?on={clock.today().isoformat()}")
    expect(desk.get_by_role("main")).to_contain_text("Questionnaire submissions")


def answer_everything(page: Page, sent: Questionnaire, lead: User, seen: Any) -> None:
    """The first section in the browser, with a slip, a “Partly” and a file, and the last one; those between
    are a colleague's."""
    numbers = count(1)
    first, *between, last = sent.content.sections
    _fill(page, first, numbers)
    seen(page, "section-filled")
    _slip(page, first.questions[4].text)
    seen(page, "section-refused")
    page.get_by_label("Year", exact=True).fill(str(clock.today().year))
    page.get_by_label("Send a file for question 1").set_input_files(files=[LIST])
    press(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text(between[0].title)
    for section in between:
        answers = {each.key: fitting(each) for each in section.questions}
        save_answers(questionnaire=sent, by=lead, version=0, section=section.key, answers=answers)
        numbers = count(next(numbers) + len(section.questions))
    page.get_by_role("link", name="All sections").click()
    page.get_by_role("link", name=last.title).click()
    _fill(page, last, numbers)
    press(page, "Save and continue")


def _fill(page: Page, section: Section, numbers: "count[int]") -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(section.title)
    for question in section.questions:
        reply(page, next(numbers), question)


def _slip(page: Page, fifth: str) -> None:
    """“Partly” to the fifth question, and a year that is none; nothing of it is lost."""
    answer(page, {f"5. {fifth}": Radio("Partly")})
    page.get_by_label("Comment on question 5", exact=True).fill("Some are missing.")
    page.get_by_label("Year", exact=True).fill("25")
    press(page, "Save and continue")
    expect(page.get_by_role("alert").first).to_contain_text("must have a year of 4 digits")
    expect(page.get_by_label("Comment on question 5", exact=True)).to_have_value("Some are missing.")
