"""The investigation report as it is written: in sections, with doses and corrective actions; then filed."""

from datetime import date
from typing import Final

from playwright.sync_api import Page, expect

from notifications.models import CorrectiveAction, InvestigationReport, Strength
from tests.factories import Cast, notification_in
from tests.journeys.conftest import OpenPage
from tests.journeys.stage import WITH_AND_WITHOUT, Answers, Radio, answer, save_and_continue

BEFORE: Final[dict[str, Answers]] = {
    "Root causes and contributory factors": {
        "What were the root causes and contributory factors?": "Two lists were open at one console."
    },
    "Similar earlier incidents": {"Were there similar incidents before, or a trend?": "None in two years."},
    "Duty of candour": {"Was your local duty of candour met, and how?": "The patient was told on the day."},
    "Procedure under regulation 8(1)": {
        "Was your procedure under regulation 8(1) and Schedule 2(l) applied, and how?": "It was, on the day."
    },
    "Learning, and how it was shared": {"What was learned, and how was it shared?": "At a meeting."},
}
ACTION: Final[Answers] = {
    "What will be done?": "The console refuses an exposure without a referral.",
    "What kind of action is it?": Radio("Barrier"),
    "Which role is responsible for it?": "Lead radiographer",
    "When will it be done by?": date(2026, 4, 1),
    "How will you check that it works?": "Count refusals for three months.",
}


def dose(page: Page, group: str, **answers: str) -> None:
    """Fill the boxes of one person or group, each named by how its label begins."""
    boxes = page.get_by_role("group", name=group)
    for label, value in answers.items():
        boxes.get_by_role("textbox", name=label.replace("_", " ")).fill(value)


def two_doses(page: Page) -> None:
    expect(page.get_by_role("heading", name="Estimated doses", level=1)).to_be_visible()
    common = {"Unit": "mSv", "How_was_it_estimated": "From the DLP", "Which_role": "Medical physics expert"}
    dose(page, "Person or group 1", Person_or_group="Person A", Estimated_dose="7,5", **common)
    page.get_by_role("button", name="Save and add another person").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Estimated dose must be written with a point, not a comma, like 12.5"
    )
    dose(page, "Person or group 1", Estimated_dose="7.5")
    page.get_by_role("button", name="Save and add another person").click()
    dose(page, "Another person", Person_or_group="Patients B to F", Estimated_dose="0.8", **common)
    answer(page, {"What do the doses mean for the people exposed?": "The risk is low."})
    save_and_continue(page)


def one_action(page: Page) -> None:
    expect(page.get_by_role("heading", name="Corrective measures", level=1)).to_be_visible()
    answer(page, {"Which measures will stop it from happening again?": "One list at a time, and a stop."})
    page.get_by_role("button", name="Save and add an action").click()
    answer(page, ACTION)
    page.get_by_role("button", name="Add the action").click()
    expect(page.get_by_role("link", name=str(ACTION["What will be done?"]))).to_be_visible()
    measures = page.get_by_role("textbox", name="Which measures will stop it")
    expect(measures).to_have_value("One list at a time, and a stop.")
    save_and_continue(page)


@WITH_AND_WITHOUT
def test_a_report_is_written_in_sections_checked_and_filed(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    sent = notification_in("awaiting_report", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    page.goto(f"/notifications/{sent.case.reference}/")
    page.get_by_role("button", name="File the investigation report").click()
    page.get_by_role("button", name="Check and file").click()
    page.get_by_role("link", name="What happened: Write this section.").click()

    answer(page, {"What happened?": "The request lay in the tray of another patient."})
    save_and_continue(page)
    two_doses(page)
    for title, answers in BEFORE.items():
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        answer(page, answers)
        save_and_continue(page)
    one_action(page)

    expect(page.get_by_role("heading", name="Check your report")).to_be_visible()
    expect(page.get_by_role("heading", name="Still missing")).to_have_count(0)
    page.get_by_role("button", name="File the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Confirm the declaration")
    answer(page, {"This report is complete and true as far as the employer knows": True})
    page.get_by_role("button", name="File the report").click()
    expect(page.get_by_text("The investigation report was filed.")).to_be_visible()
    for told in ("0.8 mSv; From the DLP", "Two lists were open at one console.", "Lead radiographer"):
        expect(page.get_by_role("main")).to_contain_text(told)
    [first, second] = InvestigationReport.objects.get().dose_rows.all()
    assert (str(first), str(second)) == ("Person A: 7.5 mSv", "Patients B to F: 0.8 mSv")

    page.get_by_role("link", name=str(ACTION["What will be done?"])).click()
    page.get_by_role("link", name="Mark as done").click()
    answer(page, {"When was it done?": date(2026, 3, 3)})
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("main")).to_contain_text("Done on 3 March 2026.")
    done = CorrectiveAction.objects.get()
    assert (done.strength, done.done_on) == (Strength.BARRIER, date(2026, 3, 3))
