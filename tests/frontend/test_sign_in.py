"""Signing in, as a person meets it: plain words, nothing given away, the same frame on every page."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import Membership
from tests.factories import EmployerFactory

pytestmark = [pytest.mark.urls("tests.frontend.urls"), pytest.mark.django_db]

PASSWORD = "correct horse battery"
ADDRESS = "reporter@example.org"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def person() -> User:
    user = User.objects.create_user(ADDRESS, PASSWORD, name="Employer reporter")
    Membership.objects.create(user=user, employer=EmployerFactory.create(), role=Role.EMPLOYER_REPORTER)
    return user


def _sign_in(client: Client, **typed: str) -> str:
    answer = client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD} | typed)
    return answer.content.decode() if answer.status_code == 200 else answer["Location"]


def test_the_right_password_signs_in(client: Client, person: User) -> None:
    assert _sign_in(client) == "/home/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_stranger_and_a_wrong_password_get_the_same_answer(client: Client, person: User) -> None:
    wrong = _sign_in(client, password="something else")
    unknown = _sign_in(client, login="nobody@example.org", password="something else")
    message = "The email address or the password is not right. Check both and try again"
    assert message in wrong
    assert message in unknown
    assert f'value="{ADDRESS}"' in wrong
    assert "something else" not in wrong


def test_an_empty_sign_in_says_what_to_enter(client: Client) -> None:
    page = _sign_in(client, login="", password="")
    assert "Enter the email address" in page
    assert "Enter the password" in page
    assert "<title>Error: Sign in" in page
    assert 'href="#id_login"' in page


def test_nobody_signs_up(client: Client) -> None:
    page = client.get("/account/signup/").content.decode()
    assert "People are invited to this service" in page
    sent = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", sent)
    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client: Client, person: User) -> None:
    client.post("/account/password/reset/", {"email": ADDRESS})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    assert "Choose a new password" in form.content.decode()
    target = form.redirect_chain[-1][0]
    differing = client.post(target, {"password1": "three odd words here", "password2": "other"})
    assert "There is a problem" in differing.content.decode()
    done = client.post(
        target, {"password1": "three odd words here", "password2": "three odd words here"}, follow=True
    )
    assert "Your password is changed" in done.content.decode()
    assert "This link no longer works" in Client().get(link[1], follow=True).content.decode()


def test_asking_for_a_stranger_s_link_tells_nothing_and_sends_nothing(client: Client) -> None:
    answer = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "If the address belongs to somebody who may sign in" in answer.content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/signup/",
        "/account/inactive/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/done/",
        "/account/password/reset/key/1-abc/",
    ],
)
def test_pages_before_sign_in_wear_the_frame(client: Client, path: str) -> None:
    _wears_the_frame(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "/account/logout/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/second-factor/",
        "/account/second-factor/totp/activate/",
        "/account/second-factor/webauthn/add/",
    ],
)
def test_pages_after_sign_in_wear_the_frame(client: Client, person: User, path: str) -> None:
    _sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(path).status_code == 200, (
        "it is this page, not the question for the password, that is looked at"
    )
    _wears_the_frame(client, path)


def test_a_wrong_code_of_the_second_step_is_told_beside_its_box(client: Client, person: User) -> None:
    _sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.post("/account/second-factor/totp/activate/", {"code": "000000"}).content.decode()
    assert "There is a problem" in page
    assert 'id="id_code-error"' in page


def test_signing_out_takes_a_button_not_a_link(client: Client, person: User) -> None:
    _sign_in(client)
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def _wears_the_frame(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="govuk-generic-header"' in page
    assert page.count("<h1") == 1
    assert 'href="#main-content"' in page
    assert 'id="main-content"' in page
    inline = [tag for tag in re.findall(r"<script\b[^>]*>", page) if "src=" not in tag and "json" not in tag]
    assert inline == []
    assert " style=" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]
