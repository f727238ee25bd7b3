"""Second steps, sessions and CQC's people in a real browser: set up, used, lost, reset; and how the pages
look."""

from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.outbox.models import Message
from regulator.people import services
from tests.factories import Cast, member, notification_in, staff
from tests.journeys.conftest import NARROW, Look, OpenPage, Screenshot
from tests.journeys.stage import PASSWORD
from tests.people.second_step import App

WHY = "Joins the inspection team in April."


@pytest.fixture(autouse=True)
def _second_step_is_asked(settings: LazySettings) -> None:
    settings.STAFF_SECOND_FACTOR = True


def type_password(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm_password(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


@pytest.mark.parametrize("width", [1280, NARROW])
def test_an_app_is_set_up_used_and_replaced_by_a_recovery_code(
    reference_data: None,
    new_page: OpenPage,
    clock_hand: time_machine.Traveller,
    look: Look,
    screenshot: Screenshot,
    width: int,
) -> None:
    page, officer = new_page(width=width), staff()
    page.goto("/account/login/")
    look(page, "sign-in")
    type_password(page, officer)
    expect(page.get_by_role("heading", name="Set up a second step for signing in")).to_be_visible()
    look(page, "set-up")
    screenshot(page, "set-up")
    page.goto("/desk/casework/case/")
    expect(page.get_by_role("heading", name="Set up a second step for signing in")).to_be_visible()
    page.get_by_role("button", name="Set up an app").click()
    confirm_password(page)
    app = App(page.locator("#authenticator_secret").inner_text())
    look(page, "app")
    screenshot(page, "app")
    page.get_by_label("Code that the app shows").fill(app.wrong_code())
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("alert")).to_contain_text("The code is not right")
    look(page, "app, wrong code")
    screenshot(page, "app-wrong")
    page.get_by_label("Code that the app shows").fill(app.code())
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look(page, "codes")
    screenshot(page, "codes")
    codes = page.locator("#recovery_codes li").all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    sign_out(page)
    clock_hand.shift(timedelta(minutes=2))
    type_password(page, officer)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    look(page, "second step")
    screenshot(page, "second-step")
    page.get_by_label("Code", exact=True).fill(app.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    for fits in (True, False):
        sign_out(page)
        clock_hand.shift(timedelta(minutes=10))
        type_password(page, officer)
        page.get_by_label("Code", exact=True).fill(codes[0])
        page.get_by_role("button", name="Sign in", exact=True).click()
        if fits:
            expect(page.get_by_role("heading", name="Home")).to_be_visible()
            page.goto("/account/second-factor/")
            expect(page.get_by_text("9 recovery codes are left")).to_be_visible()
            look(page, "overview")
            screenshot(page, "overview")
        else:
            expect(page.get_by_role("alert")).to_contain_text("The code is not right")
            look(page, "second step, refused")


def test_a_passkey_is_added_and_signs_in(
    reference_data: None,
    page: Page,
    look: Look,
    screenshot_narrow: Screenshot,
    screenshot: Screenshot,
) -> None:
    officer = staff()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    type_password(page, officer)
    page.get_by_role("button", name="Add a passkey").click()
    confirm_password(page)
    page.get_by_label("Name of the passkey").fill("Work laptop")
    look(page, "add passkey")
    screenshot(page, "add-passkey")
    screenshot_narrow(page, "add-passkey")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/account/second-factor/webauthn/")
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    look(page, "passkeys")
    screenshot(page, "passkeys")
    screenshot_narrow(page, "passkeys")
    page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_label("Name of the passkey").fill("Old laptop")
    look(page, "rename")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("rowheader", name="Old laptop")).to_be_visible()
    page.get_by_role("link", name="Remove Old laptop").click()
    expect(page.get_by_text("this is your only one")).to_be_visible()
    look(page, "last passkey stays")

    sign_out(page)
    type_password(page, officer)
    look(page, "second step with passkey")
    screenshot(page, "second-step-passkey")
    screenshot_narrow(page, "second-step-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    device.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    sign_out(page)
    type_password(page, officer)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That did not work")).to_be_visible()
    look(page, "passkey not found")
    screenshot(page, "passkey-not-found")


_AUTHENTICATOR: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def signed_in(page: Page, user: User, app: App) -> None:
    type_password(page, user)
    page.get_by_label("Code", exact=True).fill(app.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_an_administrator_invites_changes_resets_and_closes(
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    administrator, leaver, heir = staff(Role.ADMINISTRATOR), staff(), staff(Role.INSPECTOR)
    app = App.of(administrator)
    App.of(leaver)
    cases = [notification_in("submitted").case for _ in range(3)]
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(assignee=leaver)
    page = new_page()
    signed_in(page, administrator, app)

    def seen(name: str) -> None:
        look(page, name)
        screenshot(page, name)
        screenshot_narrow(page, name)

    page.goto("/desk/accounts/user/")
    seen("people")
    page.goto("/desk/accounts/user/add/")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen("invite-errors")
    page.get_by_label("Name", exact=True).fill("New Colleague")
    page.get_by_label("Email address").fill("new@example.invalid")
    page.get_by_label("Role").select_option(label="Inspector")
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation was sent to")).to_be_visible()
    seen("invitations")
    page.get_by_role("link", name="New Colleague").click()
    seen("invitation")
    page.get_by_role("link", name="Send again").click()
    seen("invitation-again")

    theirs = new_page()
    letter = Message.objects.get(to="new@example.invalid")
    theirs.goto(next(word for word in letter.body.split() if "/joining/" in word).partition("8000")[2])
    theirs.get_by_label("Choose a password").fill("short")
    theirs.get_by_role("button", name="Join").click()
    expect(theirs.get_by_role("alert")).to_be_visible()
    look(theirs, "joining, refused")
    screenshot(theirs, "joining")
    screenshot_narrow(theirs, "joining")
    theirs.get_by_label("Choose a password").fill(PASSWORD)
    theirs.get_by_role("button", name="Join").click()
    expect(theirs.get_by_role("heading", name="Set up a second step for signing in")).to_be_visible()

    page.goto(f"/desk/accounts/user/{leaver.pk}/change/")
    seen("person")
    page.get_by_role("link", name="Give another role").click()
    page.get_by_label("Role").select_option(label="Analyst")
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("main").get_by_role("button", name="Give another role").click()
    expect(page.get_by_role("alert")).to_contain_text("3 open cases are assigned")
    seen("role-refused")
    page.goto(f"/desk/accounts/user/{leaver.pk}/do/details/")
    services.give_role(person=leaver, role=Role.INSPECTOR, reason="First.", by=administrator, version=1)
    page.get_by_label("Name", exact=True).fill("Other")
    page.get_by_label("Reason").fill("Married.")
    page.get_by_role("main").get_by_role("button", name="Change name or address").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone else changed this person")
    seen("stale")
    page.goto(f"/desk/accounts/user/{leaver.pk}/do/reset-second-step/")
    page.get_by_label("Reason").fill("Lost the telephone.")
    page.get_by_role("main").get_by_role("button", name="Take away the second step").click()
    expect(page.get_by_text("was taken away")).to_be_visible()
    page.goto(f"/desk/accounts/user/{leaver.pk}/do/deactivate/")
    seen("leaving")
    page.get_by_label("Reason").fill("Left CQC.")
    page.get_by_role("main").get_by_role("button", name="Close the sign-in").click()
    expect(page.get_by_role("alert")).to_contain_text("Say to whom")
    page.get_by_label(str(cases[0])).select_option(label=str(heir))
    page.get_by_label("All 3 open cases").select_option(label="Nobody: they wait in the queue")
    page.get_by_role("main").get_by_role("button", name="Close the sign-in").click()
    expect(page.get_by_text("can no longer sign in")).to_be_visible()
    seen("left")
    page.goto(f"/desk/accounts/user/{leaver.pk}/history/")
    seen("history")


def test_own_sessions_of_an_employers_person(
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    user = member(Cast().employer)
    here, there = new_page(), new_page()
    for page in (there, here):
        type_password(page, user)
        expect(page.get_by_role("heading", name="All cases")).to_be_visible()
    here.goto("/account/sessions/")
    look(here, "sessions")
    screenshot(here, "sessions")
    screenshot_narrow(here, "sessions")
    here.get_by_role("link", name="Sign out on Chrome on Linux").last.click()
    look(here, "end session")
    screenshot(here, "end")
    here.get_by_role("button", name="Sign out").click()
    expect(here.get_by_text("Signed out: Chrome on Linux")).to_be_visible()
    there.goto("/notifications/")
    expect(there.get_by_role("heading", name="Sign in")).to_be_visible()
    here.goto("/account/password/change/")
    look(here, "password")
    screenshot(here, "password")
