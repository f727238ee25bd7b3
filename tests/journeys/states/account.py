"""The front page, signing in and out, passwords, and the second step of signing in."""

import re
from typing import Final

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from playwright.sync_api import expect

from regulator.accounts.models import User
from tests.factories import member
from tests.journeys.stage import PASSWORD, confirm
from tests.journeys.states import (
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
    nobody,
    opens,
    sent,
)
from tests.notifications.addresses import Scene
from tests.people.second_step import make_passkey

KEY: Final = "Key in the office"


def with_password(visit: Visit) -> User:
    """Somebody new who has just given their password, so that allauth takes them for who they are."""
    user = member(visit.scene.cast.employer)
    user.set_password(PASSWORD)
    user.save()
    visit.become(user)
    confirm(visit.page, PASSWORD, visit.portal)
    return user


def confirmed(then: Reach) -> Reach:
    """As somebody who has just given their password."""

    def reach(visit: Visit) -> None:
        with_password(visit)
        then(visit)

    return reach


def with_second_step(then: Reach) -> Reach:
    """As somebody who has an authenticator app, recovery codes, and gave their password."""

    def reach(visit: Visit) -> None:
        user = with_password(visit)
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        then(visit)

    return reach


def wrong_password(visit: Visit) -> None:
    visit.open("account_login")
    visit.page.get_by_label("Email address").fill(visit.scene.cast.reporter.email)
    visit.page.get_by_role("textbox", name="Password").fill("not this one")
    visit.send()
    visit.refused()


def signed_out_while_typing(visit: Visit) -> None:
    visit.become(visit.scene.cast.reporter)
    visit.open("notifications:edit")
    visit.page.context.clear_cookies(name="sessionid")
    visit.send()
    expect(visit.page.get_by_text("what you typed is kept")).to_be_visible()


def forgotten(visit: Visit) -> None:
    """Through the link of the letter, to where a new password is chosen."""
    user = member(visit.scene.cast.employer)
    user.set_password(PASSWORD)
    user.save()
    visit.open("account_reset_password")
    visit.page.get_by_label("Email address").fill(user.email)
    visit.send()
    expect(visit.page.get_by_role("heading", name="Check your email")).to_be_visible()
    found = re.search(r"/account/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert found is not None
    visit.page.goto(found[0])


def forgotten_and_mistyped(visit: Visit) -> None:
    forgotten(visit)
    visit.send()
    visit.refused()


def with_passkey(then: Reach) -> Reach:
    """As somebody who has a passkey and recovery codes, and gave their password."""

    def reach(visit: Visit) -> None:
        user = with_password(visit)
        make_passkey(user, KEY)
        RecoveryCodes.activate(user)
        then(visit)

    return reach


def codes_made(visit: Visit) -> None:
    visit.open("mfa_generate_recovery_codes")
    visit.send()
    expect(visit.page.get_by_text("They are not shown again.")).to_be_visible()


def passkey_refused(visit: Visit) -> None:
    """What comes back of a passkey that no device made: the page's own button sends nothing without one."""
    visit.open("mfa_add_webauthn")
    with visit.page.expect_navigation():
        visit.form.evaluate("form => form.submit()")
    visit.refused()


def second_step_asked(visit: Visit) -> None:
    """The password was right; the code is asked for."""
    user = member(visit.scene.cast.employer)
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    sign_in_again(visit, user)


def passkey_asked(visit: Visit) -> None:
    assert visit.user is not None
    sign_in_again(visit, visit.user)
    expect(visit.page.get_by_role("heading", name="Or a passkey")).to_be_visible()


def sign_in_again(visit: Visit, user: User) -> None:
    visit.page.context.clear_cookies()
    visit.open("account_login")
    visit.page.get_by_label("Email address").fill(user.email)
    visit.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    visit.send()
    expect(visit.page).to_have_url(re.compile("/authenticate/"))


def second_step_mistyped(visit: Visit) -> None:
    second_step_asked(visit)
    visit.page.get_by_role("textbox").fill("000000")
    visit.send()
    visit.refused()


def security_key(visit: Visit) -> int:
    assert visit.user is not None
    return int(make_passkey(visit.user, KEY).pk)


def of_a_key(route: str) -> Reach:
    return confirmed(opens(route, pk=security_key))


def lead_of_nothing(scene: Scene) -> User:
    """Somebody who never chose a password."""
    return member(scene.cast.employer)


STATES: Final = (
    State("front_page", EMPTY, opens("front_page"), nobody),
    State("front_page", "signed in", opens("front_page")),
    State("account_login", EMPTY, opens("account_login"), nobody),
    State("account_login", REFUSED, wrong_password, nobody),
    State("account_login", f"{REFUSED}, empty", sent("account_login"), nobody),
    State("account_login", TYPED, signed_out_while_typing, nobody),
    State("account_logout", EMPTY, opens("account_logout")),
    State("account_signup", EMPTY, opens("account_signup"), nobody),
    State("account_inactive", EMPTY, opens("account_inactive"), nobody),
    State("account_reauthenticate", EMPTY, confirmed(opens("account_reauthenticate")), nobody),
    State("account_reauthenticate", REFUSED, confirmed(sent("account_reauthenticate")), nobody),
    State("account_change_password", EMPTY, confirmed(opens("account_change_password")), nobody),
    State("account_change_password", REFUSED, confirmed(sent("account_change_password")), nobody),
    State("account_set_password", EMPTY, opens("account_set_password"), lead_of_nothing),
    State("account_set_password", REFUSED, sent("account_set_password"), lead_of_nothing),
    State("account_reset_password", EMPTY, opens("account_reset_password"), nobody),
    State("account_reset_password", REFUSED, sent("account_reset_password"), nobody),
    State("account_reset_password_done", EMPTY, opens("account_reset_password_done"), nobody),
    State("account_reset_password_from_key", EMPTY, forgotten, nobody),
    State("account_reset_password_from_key", REFUSED, forgotten_and_mistyped, nobody),
    State(
        "account_reset_password_from_key",
        "spent",
        opens("account_reset_password_from_key", uidb36="1", key="abc"),
        nobody,
    ),
    State(
        "account_reset_password_from_key_done", EMPTY, opens("account_reset_password_from_key_done"), nobody
    ),
    State("mfa_index", EMPTY, confirmed(opens("mfa_index")), nobody),
    State("mfa_index", FILLED, with_second_step(opens("mfa_index")), nobody),
    State("mfa_index", f"{FILLED}, a passkey", with_passkey(opens("mfa_index")), nobody),
    State("second_factor_set_up", EMPTY, opens("second_factor_set_up")),
    State("mfa_authenticate", EMPTY, second_step_asked, nobody),
    State("mfa_authenticate", REFUSED, second_step_mistyped, nobody),
    State("mfa_authenticate", "with a passkey", with_passkey(passkey_asked), nobody),
    State("mfa_reauthenticate", EMPTY, with_second_step(opens("mfa_reauthenticate")), nobody),
    State(
        "mfa_reauthenticate",
        REFUSED,
        with_second_step(sent("mfa_reauthenticate", {"Code": "000000"})),
        nobody,
    ),
    State("mfa_reauthenticate_webauthn", EMPTY, with_passkey(opens("mfa_reauthenticate_webauthn")), nobody),
    State("mfa_activate_totp", EMPTY, confirmed(opens("mfa_activate_totp")), nobody),
    State("mfa_activate_totp", REFUSED, confirmed(sent("mfa_activate_totp")), nobody),
    State("mfa_deactivate_totp", EMPTY, with_second_step(opens("mfa_deactivate_totp")), nobody),
    State("mfa_view_recovery_codes", FILLED, with_second_step(opens("mfa_view_recovery_codes")), nobody),
    State("mfa_view_recovery_codes", "made just now", with_second_step(codes_made), nobody),
    State(
        "mfa_generate_recovery_codes", EMPTY, with_second_step(opens("mfa_generate_recovery_codes")), nobody
    ),
    State("mfa_list_webauthn", EMPTY, confirmed(opens("mfa_list_webauthn")), nobody),
    State("mfa_list_webauthn", FILLED, with_passkey(opens("mfa_list_webauthn")), nobody),
    State("mfa_add_webauthn", EMPTY, confirmed(opens("mfa_add_webauthn")), nobody),
    State("mfa_add_webauthn", REFUSED, confirmed(passkey_refused), nobody),
    State("mfa_edit_webauthn", FILLED, of_a_key("mfa_edit_webauthn"), nobody),
    State(
        "mfa_edit_webauthn",
        REFUSED,
        confirmed(sent("mfa_edit_webauthn", {"Name of the passkey": ""}, pk=security_key)),
        nobody,
    ),
    State("mfa_remove_webauthn", FILLED, of_a_key("mfa_remove_webauthn"), nobody),
)
NO_PAGE: Final = {
    "diary_feed": "a calendar file, handed over",
    "favicon": "sends browsers on to the icon",
    "home_for_role": "sends everybody on to the home of their role",
    "mfa_download_recovery_codes": "a text file, handed over",
}
EXCUSED: Final[dict[tuple[str, str], str]] = {}
