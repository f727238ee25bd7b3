"""Notifying, with and without a script: each modality, and a licence breach.

Resumed in another browser, by two people at once, after a session that ended, and by keyboard alone.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Notification
from regulator.accounts.models import PortalSession
from regulator.organisations.models import Modality
from tests.factories import Cast, EmployerFactory, SiteFactory, member, notification_in
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.keyboard import Keyboard
from tests.journeys.stage import (
    DECLARED,
    LICENCE_BREACH,
    PASSWORD,
    SECTIONS,
    WITH_AND_WITHOUT,
    Option,
    Tick,
    answer,
    declare_and_submit,
    fill_from,
    save_and_continue,
    sign_in,
    start,
)


@WITH_AND_WITHOUT
@pytest.mark.parametrize("modality", list(Modality))
def test_a_half_filled_draft_is_resumed_elsewhere_and_submitted(
    modality: Modality, scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    employer = EmployerFactory.create()
    site = SiteFactory.create(employer=employer)
    reporter = member(employer)
    sections = SECTIONS[modality]

    first = new_page(scripts=scripts, user=reporter)
    first.goto("/notifications/")
    start(first, modality)
    first.get_by_role("link", name="The incident").click()
    answer(first, {**sections["The incident"], "Site": Option(site.name)})
    save_and_continue(first)
    first.context.close()

    second = new_page(scripts=scripts)
    sign_in(second, reporter)
    second.get_by_role("link", name="Draft begun on").click()
    expect(second.get_by_role("listitem").filter(has_text="The incident")).to_contain_text("Completed")
    second.get_by_role("link", name="Who was exposed").click()
    fill_from(second, "Who was exposed", sections)
    reference = declare_and_submit(second)

    stored = Notification.objects.select_related("case__site").get(case__reference=reference)
    assert (stored.case.modality, stored.case.site) == (modality, site)
    assert stored.narrative == sections["What happened and why"]["What happened?"]


@WITH_AND_WITHOUT
def test_the_second_of_two_colleagues_is_told_and_keeps_the_text(
    scripts: bool, reference_data: None, new_page: OpenPage, screenshot: Screenshot
) -> None:
    employer = EmployerFactory.create()
    quick = new_page(scripts=scripts, user=member(employer))
    slow = new_page(scripts=scripts, user=member(employer))
    quick.goto("/notifications/")
    start(quick, Modality.RADIOTHERAPY)
    quick.get_by_role("link", name="What happened and why").click()
    slow.goto(quick.url)

    answer(quick, {"What happened?": "The couch was moved the wrong way."})
    save_and_continue(quick)
    assert _save_with(slow, "The couch was moved 2 cm to the left instead of the right.") == 409
    expect(slow.get_by_role("alert")).to_contain_text("changed")
    expect(slow.get_by_role("cell").filter(has_text="The couch was moved the wrong way.")).to_be_visible()
    mine = slow.get_by_role("textbox", name="What happened?")
    expect(mine).to_have_value("The couch was moved 2 cm to the left instead of the right.")
    screenshot(slow, "told")

    save_and_continue(slow)
    expect(slow.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    assert (
        Notification.objects.get().narrative == "The couch was moved 2 cm to the left instead of the right."
    )


def _save_with(page: Page, narrative: str) -> int:
    """Save the section with this narrative; answers the status of the page that comes back."""
    answer(page, {"What happened?": narrative})
    with page.expect_navigation() as came:
        save_and_continue(page)
    return came.value.status


@WITH_AND_WITHOUT
def test_a_breach_of_a_licence_is_notified_without_a_time_limit(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    employer = EmployerFactory.create()
    page = new_page(scripts=scripts, user=member(employer))
    page.goto("/notifications/")
    start(page, Modality.NUCLEAR_MEDICINE, kind="Breach of a licence")
    expect(page.get_by_text("There is no time limit for this kind of notification.")).to_be_visible()
    page.get_by_role("link", name="The licence and the breach").click()
    fill_from(page, "The licence and the breach", LICENCE_BREACH)
    expect(page.get_by_role("heading", name="Still missing")).to_have_count(0)
    reference = declare_and_submit(page)
    expect(page.get_by_role("heading", name="File the investigation report")).to_have_count(0)
    stored = Notification.objects.select_related("licence_breach").get(case__reference=reference)
    assert stored.basis == "licence_breach"
    assert (stored.licence_breach.procedure_code, stored.licence_breach.administrations) == ("1a2b", 4)


@WITH_AND_WITHOUT
@pytest.mark.parametrize("token", ["kept", "lost"])
def test_what_was_typed_while_the_session_ended_is_back_after_signing_in(
    token: str, scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    """Whether the browser still has the token of its forms, or lost that with the session."""
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = new_page(scripts=scripts, user=cast.reporter)
    section = f"/notifications/draft/{draft.pk}/circumstances/"
    page.goto(section)
    answer(page, {"What happened?": "An hour of typing.\nAnd more.", "Who was involved?": Tick("Operator")})
    PortalSession.objects.all().delete()
    if token == "lost":
        page.context.clear_cookies()
        save_and_continue(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("This page was open for too long")
        page.get_by_role("link", name="Go back to the form").click()
    else:
        save_and_continue(page)
        expect(page.get_by_text("Sign in again: what you typed is kept for an hour.")).to_be_visible()
    cast.reporter.set_password(PASSWORD)
    cast.reporter.save()
    answer(page, {"Email address": cast.reporter.email, "Password": PASSWORD})
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("You were signed out before this was saved.")).to_be_visible()
    expect(page).to_have_url(re.compile(section))
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value("An hour of typing.\nAnd more.")
    expect(page.get_by_role("checkbox", name="Operator")).to_be_checked()
    save_and_continue(page)
    expect(page.get_by_role("heading", name="Who was told, and whom to contact")).to_be_visible()
    stored = Notification.objects.get()
    assert stored.narrative.splitlines() == ["An hour of typing.", "And more."]
    assert stored.duty_holders_involved == ["operator"]


def test_a_notification_is_written_and_submitted_by_keyboard_alone(
    reference_data: None, new_page: OpenPage
) -> None:
    """Tab, arrows, Space and Enter, from the home to the reference: nothing else touches the page."""
    page = new_page(user=member(EmployerFactory.create()))
    page.goto("/notifications/")
    keys = Keyboard(page)
    keys.press("Notify an incident")
    keys.choose("Required by regulation 8(4)")
    keys.choose(Modality.DIAGNOSTIC_IMAGING.label)
    keys.press("Continue")
    keys.press("The incident")
    for title, answers in SECTIONS[Modality.DIAGNOSTIC_IMAGING].items():
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        for question, given in answers.items():
            keys.answer(question, given)
        keys.press("Save and continue")
    keys.choose(DECLARED)
    keys.press("Submit the notification")
    expect(page.get_by_role("heading", name="Notification submitted")).to_be_visible()
    assert Notification.objects.select_related("case").get().case.reference
