"""The employer's own house: a lead invites a colleague, who accepts, signs in again and is let go."""

import re

from playwright.sync_api import expect

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey, Site
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, member
from tests.journeys.conftest import OpenPage
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT, Radio, Tick, answer

COLLEAGUE = "colleague@northmoor.example.invalid"
PASSWORD = "marble kettle orbit"


@WITH_AND_WITHOUT
def test_a_colleague_is_invited_accepts_signs_in_and_is_let_go(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    employer = EmployerFactory.create(name="Northmoor Hospitals NHS Trust (invented)")
    lead = new_page(scripts=scripts, user=member(employer, Role.EMPLOYER_LEAD))
    lead.goto("/notifications/")
    lead.get_by_role("link", name="Your organisation").click()
    lead.get_by_role("button", name="Invite a colleague").click()
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_role("alert")).to_contain_text("Enter their email address")
    answer(
        lead,
        {"Their name": "Role holder", "Their email address": COLLEAGUE, "Role": Radio("Employer reporter")},
    )
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_role("row").filter(has_text=COLLEAGUE)).to_contain_text("Waiting")

    letter = Message.objects.get(template="organisations_invitation", to=COLLEAGUE)
    link = re.search(r"/invitation/\S+", letter.body)
    assert link is not None
    invited = new_page(scripts=scripts)
    invited.goto(link[0])
    expect(invited.get_by_role("heading", level=1)).to_contain_text(employer.name)
    password = invited.get_by_role("textbox", name="Choose a password")
    password.fill("short")
    invited.get_by_role("button", name="Accept the invitation").click()
    expect(invited.get_by_role("alert")).to_contain_text("too short")
    password.fill(PASSWORD)
    invited.get_by_role("button", name="Accept the invitation").click()
    expect(invited.get_by_role("heading", name="Your cases")).to_be_visible()
    invited.get_by_role("link", name="Sign out").click()
    invited.get_by_role("button", name="Sign out").click()

    invited.goto("/account/login/")
    answer(invited, {"Email address": COLLEAGUE, "Password": PASSWORD})
    invited.get_by_role("button", name="Sign in").click()
    expect(invited.get_by_role("heading", name="Your cases")).to_be_visible()
    assert User.objects.get(email=COLLEAGUE).memberships.get().employer == employer

    again(lead)
    theirs = lead.get_by_role("row").filter(has_text=COLLEAGUE)
    theirs.get_by_role("link", name="End access").click()
    lead.get_by_role("button", name="End access").click()
    expect(lead.get_by_role("row").filter(has_text=COLLEAGUE)).to_have_count(0)
    again(invited)
    expect(invited.get_by_role("heading", level=1)).to_contain_text("You cannot use this page")


@WITH_AND_WITHOUT
def test_a_lead_keeps_a_site_and_makes_a_key_that_is_shown_once(
    scripts: bool, reference_data: None, new_page: OpenPage
) -> None:
    employer = EmployerFactory.create()
    page = new_page(scripts=scripts, user=member(employer, Role.EMPLOYER_LEAD))
    page.goto(f"/employer/{employer.key}/sites/")
    page.get_by_role("button", name="Add a site").click()
    answer(page, {"Name of the site": "Northmoor Infirmary", "Postcode": "nowhere"})
    page.get_by_role("button", name="Save the site").click()
    expect(page.get_by_role("alert")).to_contain_text("postcode")
    answer(page, {"Postcode": "nm1 4qx", "Which modalities are used there?": Tick("Radiotherapy")})
    page.get_by_role("button", name="Save the site").click()
    expect(page.get_by_role("row").filter(has_text="Northmoor Infirmary")).to_contain_text("NM1 4QX")
    page.get_by_role("link", name="Close Northmoor Infirmary").click()
    page.get_by_role("button", name="Close the site").click()
    expect(page.get_by_role("row").filter(has_text="Northmoor Infirmary")).to_contain_text("Closed")
    assert not Site.objects.get().is_open

    page.get_by_role("link", name="API keys").click()
    page.get_by_role("button", name="Make a key").click()
    answer(page, {"Which system will use it?": "Incident system"})
    page.get_by_label("May read", exact=True).check()
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator("#secret").inner_text()
    assert ApiKey.objects.usable(secret) is not None
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("row").filter(has_text="Incident system")).to_contain_text("Working")
    expect(page.get_by_text(secret)).to_have_count(0)
