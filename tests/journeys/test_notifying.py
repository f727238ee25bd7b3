"""Notifying, with and without a script: each modality, resumed elsewhere; two people at one section."""

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Notification
from regulator.organisations.models import Modality
from tests.factories import EmployerFactory, SiteFactory, member
from tests.journeys.conftest import OpenPage, Screenshot
from tests.journeys.stage import (
    SECTIONS,
    WITH_AND_WITHOUT,
    Option,
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

    first = new_page(scripts=scripts)
    sign_in(first, reporter)
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
    quick, slow = new_page(scripts=scripts), new_page(scripts=scripts)
    sign_in(quick, member(employer))
    start(quick, Modality.RADIOTHERAPY)
    quick.get_by_role("link", name="What happened and why").click()
    sign_in(slow, member(employer))
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
