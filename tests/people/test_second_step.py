"""CQC's staff reach nothing of their own without the second step: on no route, by no older session, by no
trick."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from regulator import clock
from regulator.accounts.models import PortalSession, User
from regulator.accounts.policies import PUBLIC, policy_of
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, member, staff
from tests.notifications.pages import browser, problems, text
from tests.people.second_step import (
    PERIOD,
    App,
    recovery_codes,
    type_code,
    type_password,
    with_password,
)
from tests.platform.test_routes import ROUTES, filled

pytestmark = pytest.mark.django_db
SET_UP = "/account/second-factor/set-up/"
OPEN_TO_SET_UP = {
    SET_UP,
    "/account/reauthenticate/",
    "/account/second-factor/totp/activate/",
    "/account/second-factor/webauthn/add/",
}
OPEN_TO_TAKE = {"/account/second-factor/reauthenticate/", "/account/second-factor/webauthn/reauthenticate/"}
CLOSED = [
    filled(where)
    for where, entry in ROUTES
    if not (policy_of(entry.callback) or PUBLIC).public and not where.startswith("api/")
]


@pytest.fixture(autouse=True)
def _asked_for(settings: LazySettings) -> None:
    settings.STAFF_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def officer() -> User:
    return with_password(staff())


def events() -> list[str]:
    return [each.removeprefix("people.") for each in Event.objects.values_list("type", flat=True)]


def test_no_route_opens_to_staff_who_have_set_none_up() -> None:
    """Each role, each route that is not public: on to the set-up, or not for this role at all."""
    assert len(CLOSED) > 100
    sent: set[tuple[str, int]] = set()
    for role in sorted(STAFF_ROLES):
        client = browser(staff(role))
        opened = {path for path in CLOSED if leads_elsewhere(client, path, SET_UP, sent)}
        assert opened <= OPEN_TO_SET_UP, role


def test_no_route_opens_to_a_session_from_before_whose_owner_has_a_factor() -> None:
    sent: set[tuple[str, int]] = set()
    for role in sorted(STAFF_ROLES):
        user = staff(role)
        client = browser(user)
        App.of(user)
        way = "/account/second-factor/reauthenticate/"
        opened = {path for path in CLOSED if leads_elsewhere(client, path, way, sent)}
        assert opened <= OPEN_TO_TAKE, role


def leads_elsewhere(client: Client, path: str, way: str, sent: set[tuple[str, int]]) -> bool:
    """Whether the path was answered by anything but a refusal or a redirect to ``way``. GET, and POST too
    where that refusal or redirect of the path was not tried by POST yet: both come before the page is asked.
    """
    for method in (client.get, client.post):
        answer = method(path)
        led = answer.status_code == 302 and answer["Location"].partition("?")[0] == way
        if not led and answer.status_code != 403:
            return True
        if (path, answer.status_code) in sent:
            return False
        sent.add((path, answer.status_code))
    return False


def test_the_walk_would_see_an_open_door(settings: LazySettings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    assert leads_elsewhere(browser(staff()), "/desk/", SET_UP, set())


def test_the_api_is_closed_to_them_too(officer: User) -> None:
    api = [filled(where) for where, _ in ROUTES if where.startswith("api/<str:version>/^notifications")]
    client = browser(officer)
    assert api
    assert {client.get(path).status_code for path in api} <= {403, 405}


def test_an_employers_people_are_not_asked() -> None:
    client = browser(member(EmployerFactory.create()))
    assert client.get("/notifications/").status_code == 200
    assert client.get("/account/second-factor/").status_code == 200


def test_an_employers_person_who_joins_the_staff_is_asked_from_then_on() -> None:
    user = member(EmployerFactory.create())
    client = browser(user)
    user.memberships.update(ended_at=clock.now())
    User.objects.filter(pk=user.pk).update(role=Role.INSPECTOR)
    assert client.get("/desk/")["Location"] == SET_UP


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_desk_and_gives_codes_once(officer: User) -> None:
    client = Client()
    assert type_password(client, officer, "/desk/") == "/desk/"
    assert client.get("/desk/")["Location"] == SET_UP
    assert "Set up an app" in text(client.get(SET_UP))
    activate = reverse("mfa_activate_totp")
    asked = client.get(activate)
    assert asked["Location"].startswith("/account/reauthenticate/?next=")
    client.post(asked["Location"], {"password": "marble kettle orbit", "next": activate})
    page = text(client.get(activate))
    secret = re.search(r'id="authenticator_secret">(\w+)<', page)
    assert secret is not None
    former = client.session.session_key
    with_wrong = client.post(activate, {"code": App(secret[1]).wrong_code()})
    assert "The code is not right" in problems(with_wrong)[0]
    assert client.get("/desk/")["Location"] == SET_UP
    answer = client.post(activate, {"code": App(secret[1]).code()})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.session.session_key != former
    assert client.get("/desk/").status_code == 200
    shown = text(client.get(answer["Location"]))
    codes = recovery_codes(officer)
    assert len(codes) == 10
    assert all(code in shown for code in codes)
    again = text(client.get(answer["Location"]))
    assert not any(code in again for code in codes)
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_it_is_recorded_and_told_by_letter(
    officer: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = Client()
    type_password(client, officer)
    activate = reverse("mfa_activate_totp")
    client.post("/account/reauthenticate/", {"password": "marble kettle orbit"})
    page = text(client.get(activate))
    secret = re.search(r'id="authenticator_secret">(\w+)<', page)
    assert secret is not None
    with django_capture_on_commit_callbacks(execute=True):
        client.post(activate, {"code": App(secret[1]).code()})
    assert sorted(events()) == ["factor_added", "recovery_codes_made"]
    told = Message.objects.filter(to=officer.email).values_list("body", flat=True)
    assert sorted(body.splitlines()[0] for body in told) == [
        "An authenticator app was set up as your second step.",
        "New recovery codes were made for your sign-in.",
    ]
    assert first_broken_link() is None


def test_the_password_alone_gets_nobody_in_and_the_code_does(officer: User) -> None:
    app = App.of(officer)
    client = Client()
    assert type_password(client, officer, "/desk/") == "/account/second-factor/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    page = text(client.get("/account/second-factor/authenticate/"))
    assert "Or a passkey" not in page
    assert type_code(client, app.code()) == "/desk/"
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("code", ["", "000", "abc", "٣٣٣٣٣٣", "1" * 5000, "\x00", "wrong"])
def test_nonsense_is_told_in_words_and_lets_nobody_in(officer: User, code: str) -> None:
    app = App.of(officer)
    client = browser()
    type_password(client, officer)
    typed = app.wrong_code() if code == "wrong" else code
    answer = client.post("/account/second-factor/authenticate/", {"code": typed})
    assert answer.status_code == 200
    assert problems(answer)
    assert "_auth_user_id" not in client.session


def test_a_code_holds_half_a_minute_to_either_side_and_no_longer(officer: User) -> None:
    app = App.of(officer)
    for steps, fits in ((-2, False), (-1, True), (1, True), (2, False)):
        client = Client()
        type_password(client, officer)
        assert bool(type_code(client, app.code(steps=steps))) == fits, steps


def test_a_code_works_once_also_where_the_app_would_still_show_it(officer: User) -> None:
    app = App.of(officer)
    with time_machine.travel(clock.now(), tick=False) as hand:
        code = app.code(steps=1)
        first, second = Client(), Client()
        type_password(first, officer)
        assert type_code(first, code)
        hand.shift(PERIOD + 1)
        type_password(second, officer)
        assert not type_code(second, code)
        assert type_code(second, app.code(steps=1))


def test_a_recovery_code_works_once_and_is_told_of(officer: User) -> None:
    App.of(officer)
    code = recovery_codes(officer)[3]
    first, second = Client(), Client()
    type_password(first, officer)
    assert type_code(first, code)
    assert code not in recovery_codes(officer)
    assert events() == ["recovery_code_used"]
    assert "recovery codes was used" in Message.objects.get(to=officer.email).body
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        type_password(second, officer)
        assert not type_code(second, code)


def test_after_five_wrong_codes_the_right_one_waits_five_minutes(officer: User) -> None:
    app = App.of(officer)
    client = Client()
    with time_machine.travel(clock.now(), tick=False) as hand:
        type_password(client, officer)
        for _ in range(5):
            assert not type_code(client, app.wrong_code())
        answer = client.post("/account/second-factor/authenticate/", {"code": app.code()})
        assert "Too many attempts" in problems(answer)[0]
        hand.shift(5 * 60 + 1)
        assert type_code(client, app.code())


def test_too_many_attempts_at_the_page_of_a_session_are_told_in_the_portals_frame(officer: User) -> None:
    client = browser(officer)
    app = App.of(officer)
    way = "/account/second-factor/reauthenticate/"
    answers = [client.post(way, {"code": app.wrong_code()}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in text(answers[-1])
    assert "govuk-generic-header" in text(answers[-1])
    assert client.get("/desk/").status_code == 302


def test_a_session_from_before_takes_the_step_and_comes_to_where_it_was_going(officer: User) -> None:
    client = browser(officer)
    app = App.of(officer)
    way = client.get("/desk/casework/case/?q=knee")["Location"]
    assert way == "/account/second-factor/reauthenticate/?next=%2Fdesk%2Fcasework%2Fcase%2F%3Fq%3Dknee"
    assert "Confirm that it is you" in text(client.get(way))
    answer = client.post(way, {"code": app.code(), "next": "/desk/casework/case/?q=knee"})
    assert answer["Location"] == "/desk/casework/case/?q=knee"
    assert client.get("/desk/").status_code == 200


def test_whoever_knows_only_the_password_gives_themselves_no_factor(officer: User) -> None:
    """The session of a password alone, of somebody who has a factor: neither adding, removing nor seeing."""
    client = Client()
    type_password(client, officer)
    client.post("/account/reauthenticate/", {"password": "marble kettle orbit"})
    App.of(officer)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_view_recovery_codes",
                 "mfa_generate_recovery_codes", "mfa_index", "account_change_password"):  # fmt: skip
        for answer in (client.get(reverse(name)), client.post(reverse(name))):
            assert answer["Location"].startswith("/account/second-factor/reauthenticate/"), name
    assert Authenticator.objects.filter(user=officer).count() == 2


def test_a_reset_of_the_password_does_not_pass_by_the_second_step(officer: User) -> None:
    App.of(officer)
    client = Client()
    client.post("/account/password/reset/", {"email": officer.email})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    typed = {"password1": "three odd words here", "password2": "three odd words here"}
    client.post(form.redirect_chain[-1][0], typed)
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    assert not PortalSession.objects.filter(user=officer).exists()


def test_the_last_factor_of_staff_stays(officer: User) -> None:
    app = App.of(officer)
    client = Client()
    type_password(client, officer)
    type_code(client, app.code())
    client.post("/account/reauthenticate/", {"password": "marble kettle orbit"})
    page = client.get(reverse("mfa_deactivate_totp"))
    assert "this is your only one" in problems(page)[0]
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()
    key = Authenticator.objects.create(
        user=officer, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    for answer in (client.get(remove), client.post(remove)):
        assert answer["Location"] == reverse("mfa_list_webauthn")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_an_employers_person_may_remove_their_only_one() -> None:
    user = with_password(member(EmployerFactory.create()))
    App.of(user)
    client = browser(user)
    client.post("/account/reauthenticate/", {"password": "marble kettle orbit"})
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_somebody_elses_passkey_is_not_there(officer: User) -> None:
    App.of(officer)
    other = staff()
    key = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    client = Client()
    type_password(client, officer)
    type_code(client, App(secret_of(officer)).code())
    client.post("/account/reauthenticate/", {"password": "marble kettle orbit"})
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404


def secret_of(user: User) -> str:
    return str(decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))


def test_secrets_are_sealed_and_open_under_a_former_key_only(officer: User, settings: LazySettings) -> None:
    app = App.of(officer)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, of the next year"
    assert secret_of(officer) == app.secret
    settings.SECRET_KEY_FALLBACKS = []
    client = Client()
    type_password(client, officer)
    assert not type_code(client, app.code())


def test_a_secret_from_before_the_sealing_still_works(officer: User) -> None:
    app = App.of(officer)
    Authenticator.objects.filter(user=officer, type="totp").update(data={"secret": app.secret})
    client = Client()
    type_password(client, officer)
    assert type_code(client, app.code())


def test_having_taken_it_costs_no_query(officer: User, settings: LazySettings) -> None:
    app = App.of(officer)
    client = Client()
    type_password(client, officer)
    type_code(client, app.code())
    counts = []
    for asked in (True, False):
        settings.STAFF_SECOND_FACTOR = asked
        client.get("/desk/")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_sign_in_page_of_a_demonstration_says_how_to_switch_it_on(
    client: Client, settings: LazySettings
) -> None:
    for demonstration, asked, said in ((True, False, True), (True, True, False), (False, False, False)):
        settings.DEMONSTRATION, settings.STAFF_SECOND_FACTOR = demonstration, asked
        assert ("STAFF_SECOND_FACTOR=1" in text(client.get("/account/login/"))) == said
