"""What else an employer's people do before a notification is submitted, with and without a script."""

import re
from datetime import date
from typing import Final

from playwright.sync_api import FilePayload, Page, expect

from notifications.models import Notification
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import Attachment, Case
from regulator.outbox.models import Message
from tests.casework.documents import pdf
from tests.factories import Cast, notification_in
from tests.journeys.conftest import OpenPage
from tests.journeys.stage import (
    PASSWORD,
    WITH_AND_WITHOUT,
    Radio,
    answer,
    declare_and_submit,
    save_and_continue,
)

pytestmark = WITH_AND_WITHOUT
NAMED: Final = "Mr Patel was exposed in place of another patient."
MPE: Final = "mpe@example.invalid"


def press(page: Page) -> None:
    """The one button of the page's form."""
    page.get_by_role("main").get_by_role("button").click()


def test_a_name_is_found_and_removed_and_another_is_confirmed(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    section = f"/notifications/draft/{draft.pk}/circumstances/"
    page.goto(section)
    answer(page, {"What happened?": NAMED})
    save_and_continue(page)
    expect(page.get_by_role("alert")).to_contain_text("identify somebody")
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value(NAMED)
    answer(page, {"What happened?": "Another patient was exposed."})
    save_and_continue(page)
    expect(page.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    assert not IdentifierConfirmation.objects.exists()

    page.goto(section)
    answer(page, {"What happened?": NAMED})
    save_and_continue(page)
    page.get_by_role("textbox", name="This identifies nobody because").fill("An invented name.")
    save_and_continue(page)
    expect(page.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    assert IdentifierConfirmation.objects.get().reason == "An invented name."
    assert Notification.objects.get().narrative == NAMED


def test_the_back_button_loses_nothing(scripts: bool, reference_data: None, new_page: OpenPage) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    page.goto(f"/notifications/draft/{draft.pk}/circumstances/")
    answer(page, {"What happened?": "The first words."})
    save_and_continue(page)
    expect(page.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value("The first words.")
    answer(page, {"What happened?": "The second words."})
    save_and_continue(page)
    expect(page.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    assert Notification.objects.get().narrative == "The second words."


def _mailed(template: str, pattern: str) -> str:
    letter = Message.objects.filter(template=template, to=MPE).first()
    assert letter is not None
    found = re.search(pattern, letter.body)
    assert found is not None
    return found[0]


def test_a_draft_is_signed_off_with_the_code_from_the_letter(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page, signer = new_page(scripts=scripts, user=cast.reporter), new_page(scripts=scripts)
    page.goto(f"/notifications/draft/{draft.pk}/sign-off/")
    answer(page, {"What is their role?": Radio("Medical physics expert")})
    page.get_by_label("Their email address").fill(MPE)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("The request was sent.")).to_be_visible()

    signer.goto(_mailed("notifications_sign_off_request", r"/sign-off/[\w-]+/"))
    press(signer)
    signer.get_by_label("Code").fill(_mailed("notifications_sign_off_code", r"\b\d{6}\b"))
    press(signer)
    expect(signer.get_by_text("The operator exposed a patient who had no referral.")).to_be_visible()
    answer(signer, {"What is your decision?": Radio("I have read this draft and I sign it off")})
    press(signer)
    expect(signer.get_by_role("main")).to_contain_text("You have signed off the draft")

    page.goto(f"/notifications/draft/{draft.pk}/check/")
    declare_and_submit(page)
    assert Case.objects.get().reference


def test_a_file_is_refused_in_words_and_a_good_one_is_kept(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    page.goto(f"/notifications/draft/{draft.pk}/")
    page.get_by_role("link", name="Attach a file").click()
    program: FilePayload = {"name": "log.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90" + bytes(90)}
    good: FilePayload = {"name": "log.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.get_by_label("File").set_input_files(files=[program])
    page.get_by_role("button", name="Attach the file").click()
    expect(page.get_by_role("alert")).to_contain_text("not what its ending")
    assert not Attachment.objects.exists()
    page.get_by_label("File").set_input_files(files=[good])
    page.get_by_role("button", name="Attach the file").click()
    expect(page.get_by_text("The file was sent.")).to_be_visible()
    expect(page.get_by_text("log.pdf").first).to_be_visible()
    assert Attachment.objects.get().name == "log.pdf"


def test_what_the_checker_was_told_becomes_a_draft(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    cast = Cast()
    page = new_page(scripts=scripts)
    page.goto("/check/where/")
    answer(
        page,
        {
            "Where does the employer carry out the exposure?": Radio("England"),
            "Which of these describes it best?": Radio("A patient, carer"),
        },
    )
    page.get_by_role("button", name="Continue").click()
    answer(
        page,
        {
            "When did it happen?": date(2026, 3, 1),
            "In which modality did it happen?": Radio("Diagnostic imaging"),
        },
    )
    page.get_by_role("button", name="Continue").click()
    answer(
        page,
        {
            "Was any exposure of this person intended?": Radio("No"),
            "Was the person an adult or a child?": Radio("Adult"),
        },
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    answer(page, {"What effective dose did the person receive in all?": "12"})
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Make a draft of these answers").click()
    cast.reporter.set_password(PASSWORD)
    cast.reporter.save()
    answer(page, {"Email address": cast.reporter.email, "Password": PASSWORD})
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"It will be a draft of {cast.employer.name}.")).to_be_visible()
    press(page)
    expect(page.get_by_role("link", name="Change the kind of notification")).to_be_visible()
    made = Notification.objects.select_related("case").get()
    assert (made.occurred_on, made.case.modality) == (date(2026, 3, 1), "diagnostic_imaging")
