"""What an employer's people do once a notification is submitted, with and without a script."""

from datetime import date
from typing import Final

from playwright.sync_api import Page, expect

from notifications.models import Notification
from regulator.accounts.roles import Role
from regulator.casework.models import InformationRequest
from tests.factories import Cast, notification_in, person
from tests.journeys.conftest import OpenPage
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT, Answers, answer

pytestmark = WITH_AND_WITHOUT
WHY: Final = "The phantom is measured in June."
UNTIL: Final[Answers] = {"What date do you need?": date(2026, 6, 30), "Why do you need more time?": WHY}


def more_time_asked_for(page: Page, sent: Notification) -> None:
    """From the notification's own page."""
    page.goto(f"/notifications/{sent.case.reference}/")
    page.get_by_role("link", name="ask CQC for more time").click()
    answer(page, UNTIL)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("CQC was asked for more time.")).to_be_visible()
    expect(page.get_by_text("CQC has not decided yet.").first).to_be_visible()


def decided(desk: Page, sent: Notification, deed: str, button: str, reason: str, **boxes: str) -> None:
    """An officer decides on the desk."""
    desk.goto(f"/desk/casework/case/{sent.pk}/do/{deed}/")
    for label, value in boxes.items():
        desk.get_by_label(label.replace("_", " ")).fill(value)
    desk.get_by_label("Reason").fill(reason)
    desk.get_by_role("main").get_by_role("button", name=button).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(str(sent.case.reference))


def test_more_time_is_asked_for_and_the_new_date_is_seen_with_its_reason(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    sent = notification_in("awaiting_report", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    desk = new_page(user=person(Role.CASE_OFFICER, cast.employer))
    more_time_asked_for(page, sent)
    desk.goto(f"/desk/casework/case/{sent.pk}/do/extend_report/")
    expect(desk.get_by_label("New date")).to_have_value("2026-06-30")
    reason = "The measurement is needed, and two weeks are enough."
    decided(desk, sent, "extend_report", "Give more time for the report", reason, New_date="2026-06-15")

    again(page)
    told = page.get_by_role("main")
    expect(told).to_contain_text("file your report by 15 June 2026")
    expect(told).to_contain_text(
        "CQC has given you more time, until 15 June 2026. You asked for 30 June 2026."
    )
    expect(told).to_contain_text("before that, it was due by 25 May 2026")
    expect(page.get_by_text(reason).first).to_be_visible()


def test_more_time_is_refused_and_the_date_stands(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    sent = notification_in("awaiting_report", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    desk = new_page(user=person(Role.CASE_OFFICER, cast.employer))
    more_time_asked_for(page, sent)
    reason = "The dose can be estimated from the scanner’s log."
    decided(desk, sent, "refuse_more_time", "Refuse more time", reason)

    again(page)
    told = page.get_by_role("main")
    expect(told).to_contain_text("file your report by 25 May 2026")
    expect(told).to_contain_text("CQC has refused more time until 30 June 2026")
    expect(page.get_by_text(reason).first).to_be_visible()


def test_a_submitted_notification_is_corrected(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    page.goto(f"/notifications/{sent.case.reference}/")
    page.get_by_role("link", name="Correct this notification").click()
    page.get_by_role("link", name="Change what was done at once?").click()
    answer(page, {"What was done at once?": "The list was closed for the day."})
    page.get_by_role("button", name="Save and see the whole correction").click()
    expect(page.get_by_role("heading", name="What will change")).to_be_visible()
    assert Notification.objects.get().immediate_actions == "The exposure was stopped."
    answer(page, {"Why are you correcting it?": "The first account was short."})
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_text("The correction was sent.")).to_be_visible()
    page.get_by_role("link", name="version 1", exact=True).click()
    changed = page.get_by_role("definition").filter(has_text="Before:")
    expect(changed).to_contain_text("The list was closed for the day.")
    assert Notification.objects.get().immediate_actions == "The list was closed for the day."
    assert Notification.objects.get().versions.get().reason == "The first account was short."


def test_a_question_of_cqc_is_answered_once(scripts: bool, reference_data: None, new_page: OpenPage) -> None:
    cast = Cast()
    sent = notification_in("under_review", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    desk = new_page(user=person(Role.CASE_OFFICER, cast.employer))
    desk.goto(f"/desk/casework/case/{sent.pk}/")
    desk.get_by_role("link", name="Ask the employer").click()
    desk.get_by_label("Question").fill("Which identity check was left out?")
    desk.get_by_role("main").get_by_role("button", name="Ask the employer").click()
    expect(desk.get_by_text("Which identity check was left out?").first).to_be_visible()

    page.goto("/notifications/")
    page.get_by_role("link", name="Answer this question").click()
    expect(page.get_by_text("Which identity check was left out?")).to_be_visible()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your answer")
    answer(page, {"Your answer": "The date of birth.\nNobody asked for it."})
    asked = page.url
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Your answer was sent to CQC.")).to_be_visible()
    expect(page.get_by_role("link", name="Answer this question")).to_have_count(0)
    page.goto(asked)
    expect(page.get_by_role("heading", name="This question has been answered")).to_be_visible()
    again(desk)
    expect(desk.get_by_text("Nobody asked for it.").first).to_be_visible()
    assert InformationRequest.objects.get().answered_by == cast.reporter


def test_a_notification_is_withdrawn_with_a_reason(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    page.goto(f"/notifications/{sent.case.reference}/")
    page.get_by_role("link", name="Withdraw this notification").click()
    page.get_by_role("button", name="Withdraw the notification").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter why you are withdrawing it")
    answer(page, {"Why are you withdrawing it?": "It was sent twice."})
    page.get_by_role("button", name="Withdraw the notification").click()
    expect(page.get_by_text("The notification was withdrawn.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("It was sent twice.")
    expect(page.get_by_role("link", name="Withdraw this notification")).to_have_count(0)
    page.goto(f"/notifications/{sent.case.reference}/withdraw/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("cannot be withdrawn")
    assert Notification.objects.select_related("case").get().case.status == "withdrawn"
