"""Staff through CQC's identity provider, over real HTTP: who comes in, who does not, and what nobody is
told."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.people import services
from tests.factories import EmployerFactory, UserFactory, member, staff
from tests.notifications.pages import text
from tests.people.identity_provider import CLIENT, CODE, SECRET, IdentityProvider, serving
from tests.people.second_step import App, type_code

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/oidc/", "/account/oidc/callback/"
REFUSED = "The account that you chose does not open this portal"


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[IdentityProvider]:
    cache.clear()
    with serving() as running:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "staff_oidc": {
                "APPS": [
                    {
                        "provider_id": "staff",
                        "name": "your CQC account",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": running.url, "fetch_userinfo": False},
                    }
                ]
            }
        }
        yield running


@pytest.fixture
def officer() -> User:
    return staff()


class Journey:
    """A browser that goes to the provider, and comes back with what the provider was told to say."""

    def __init__(self, provider: IdentityProvider, **claims: Any) -> None:
        self.client = Client(raise_request_exception=False)
        self.provider = provider
        self.there = self.client.get(f"{BEGIN}?next=/desk/casework/case/")
        self.asked = {
            name: values[0] for name, values in parse_qs(urlsplit(self.there["Location"]).query).items()
        }
        provider.claims = {"nonce": self.asked["nonce"], **claims}

    def back(self, **changes: str) -> Any:
        return self.client.get(BACK, {"code": CODE, "state": self.asked["state"]} | changes)

    @property
    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session


def test_a_member_of_staff_comes_in_and_to_where_they_were_going(
    provider: IdentityProvider, officer: User
) -> None:
    journey = Journey(provider, email=officer.email.upper())
    assert journey.there["Location"].startswith(f"{provider.url}/authorize?")
    assert journey.asked["response_type"] == "code"
    assert journey.asked["code_challenge_method"] == "S256"
    assert journey.asked["redirect_uri"] == f"http://testserver{BACK}"
    assert journey.back()["Location"] == "/desk/casework/case/"
    assert journey.client.get("/desk/").status_code == 200
    assert journey.client.session["_auth_user_id"] == str(officer.pk)
    assert provider.asked[0]["code_verifier"]
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (officer, "person-1", {})
    again = Journey(provider, email=officer.email)
    assert again.back().status_code == 302
    assert SocialAccount.objects.count() == 1


def outsiders() -> dict[str, Any]:
    return {
        "a stranger": lambda: "stranger@example.invalid",
        "an employer's person": lambda: member(EmployerFactory.create(), Role.EMPLOYER_LEAD).email,
        "nobody's": lambda: UserFactory.create().email,
        "a leaver": lambda: UserFactory.create(role=Role.INSPECTOR, is_active=False).email,
    }


@pytest.mark.parametrize("who", sorted(outsiders()))
def test_nobody_else_comes_in_and_all_read_the_same(provider: IdentityProvider, who: str) -> None:
    journey = Journey(provider, email=outsiders()[who]())
    before = User.objects.count()
    answer = journey.back()
    assert answer.status_code == 401
    assert REFUSED in text(answer)
    assert not journey.is_in
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_an_invented_person_does_not_come_in_where_there_is_no_demonstration(
    provider: IdentityProvider, settings: LazySettings
) -> None:
    invented = UserFactory.create(role=Role.INSPECTOR, is_demonstration=True)
    settings.DEMONSTRATION = False
    journey = Journey(provider, email=invented.email)
    assert journey.back().status_code == 401


UNSOUND: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-portal"},
    "another issuer": {"iss": "https://another.example"},
    "run out": {"exp": 1},
    "no address": {"email": None},
    "an address that is no text": {"email": ["a", "b"]},
    "an address that nobody vouches for": {"email_verified": False},
    "an address vouched for in words": {"email_verified": "false"},
    "no name": {"sub": None},
    "an empty name": {"sub": ""},
}


@pytest.mark.parametrize("what", sorted(UNSOUND))
def test_an_unsound_token_lets_nobody_in(provider: IdentityProvider, officer: User, what: str) -> None:
    journey = Journey(provider, email=officer.email)
    provider.claims |= UNSOUND[what]
    answer = journey.back()
    assert answer.status_code == 401
    assert REFUSED in text(answer)
    assert not journey.is_in
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "what", ["another key", "no signature", "alg none", "alg HS256", "another kid", "no kid"]
)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    provider: IdentityProvider, officer: User, what: str
) -> None:
    journey = Journey(provider, email=officer.email)
    if what == "another key":
        provider.signing_key = generate_private_key(65537, 2048)
    elif what == "no signature":
        provider.signature = b""
    elif what == "alg none":
        provider.header, provider.signature = provider.header | {"alg": "none"}, b""
    elif what == "alg HS256":
        provider.header = provider.header | {"alg": "HS256"}
    elif what == "another kid":
        provider.header = provider.header | {"kid": "second"}
    else:
        provider.header = {"alg": "RS256"}
    answer = journey.back()
    assert answer.status_code == 401
    assert not journey.is_in


@pytest.mark.parametrize("changes", [{"state": "another"}, {"state": ""}, {"code": "another"}, {"code": ""}])
def test_an_answer_to_no_question_lets_nobody_in(
    provider: IdentityProvider, officer: User, changes: dict[str, str]
) -> None:
    journey = Journey(provider, email=officer.email)
    assert journey.back(**changes).status_code == 401
    assert not journey.is_in


def test_an_answer_is_taken_once_and_in_the_browser_that_asked(
    provider: IdentityProvider, officer: User
) -> None:
    journey = Journey(provider, email=officer.email)
    elsewhere = Client().get(BACK, {"code": CODE, "state": journey.asked["state"]})
    assert elsewhere.status_code == 401
    assert journey.back().status_code == 302
    journey.client.post("/account/logout/")
    assert journey.back().status_code == 401


def test_whoever_changes_their_mind_is_back_at_the_sign_in(provider: IdentityProvider, officer: User) -> None:
    journey = Journey(provider, email=officer.email)
    answer = journey.client.get(
        BACK, {"error": "access_denied", "state": journey.asked["state"]}, follow=True
    )
    assert "Sign in" in text(answer)
    assert answer.status_code == 200
    failed = Journey(provider).client.get(BACK, {"error": "server_error", "state": "x"})
    assert failed.status_code == 401


@pytest.mark.parametrize("down", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_is_down_is_told_in_words(
    provider: IdentityProvider, officer: User, down: str
) -> None:
    journey = Journey(provider, email=officer.email)
    provider.broken.add(down)
    answers = [journey.back()]
    if down.startswith("/.well"):
        answers.append(Client(raise_request_exception=False).get(BEGIN))
    for answer in answers:
        assert answer.status_code in (401, 503)
        assert "You are not signed in" in text(answer)
    assert not journey.is_in


def test_a_provider_that_is_not_there_at_all_is_told_in_words(
    provider: IdentityProvider, settings: LazySettings
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["staff_oidc"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = Client(raise_request_exception=False).get(BEGIN)
    assert answer.status_code == 503
    assert "does not answer" in text(answer)


@pytest.mark.parametrize("said", [b"", b"<html>", b"[]", b"{}", b'{"issuer": 5}'])
def test_a_provider_that_talks_nonsense_is_told_in_words(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(provider, "answer", lambda path, body: (200, said))
    assert Client(raise_request_exception=False).get(BEGIN).status_code == 503


def test_an_address_that_went_to_somebody_else_does_not_open_what_was_theirs(
    provider: IdentityProvider, officer: User
) -> None:
    assert Journey(provider, email=officer.email).back().status_code == 302
    other = Journey(provider, email=officer.email, sub="person-2")
    assert other.back().status_code == 401
    assert not other.is_in
    colleague = staff()
    taken = Journey(provider, email=colleague.email, sub="person-1")
    assert taken.back().status_code == 401
    administrator = staff(Role.ADMINISTRATOR)
    services.reset_factors(person=officer, reason="A new account.", by=administrator, version=1)
    assert Journey(provider, email=officer.email, sub="person-2").back().status_code == 302


def test_nothing_is_connected_to_whoever_is_signed_in(provider: IdentityProvider, officer: User) -> None:
    journey = Journey(provider, email=officer.email)
    session = journey.client.session
    states = session["socialaccount_states"]
    next(iter(states.values()))[0]["process"] = "connect"
    session["socialaccount_states"] = states
    session.save()
    assert journey.back().status_code == 401
    assert not SocialAccount.objects.exists()


class TestSecondStep:
    @pytest.fixture(autouse=True)
    def _asked_for(self, settings: LazySettings) -> None:
        settings.STAFF_SECOND_FACTOR = True

    @pytest.mark.parametrize("counts", [[], ["hwk"]])
    def test_of_the_provider_counts_for_nothing_unless_the_setting_says_so(
        self, provider: IdentityProvider, officer: User, settings: LazySettings, counts: list[str]
    ) -> None:
        settings.OIDC_SECOND_FACTOR = counts
        journey = Journey(provider, email=officer.email, amr=["pwd", "mfa"])
        journey.back()
        assert journey.client.get("/desk/")["Location"] == "/account/second-factor/set-up/"

    def test_counts_where_the_setting_names_it_and_the_provider_says_it(
        self, provider: IdentityProvider, officer: User, settings: LazySettings
    ) -> None:
        settings.OIDC_SECOND_FACTOR = ["mfa"]
        for said in (None, [], ["pwd"], "mfa", {"mfa": True}):
            journey = Journey(provider, email=officer.email, amr=said)
            journey.back()
            assert journey.client.get("/desk/").status_code == 302, said
        journey = Journey(provider, email=officer.email, amr=["pwd", "mfa"])
        assert journey.back()["Location"] == "/desk/casework/case/"
        assert journey.client.get("/desk/").status_code == 200

    def test_of_the_portal_is_asked_of_whoever_has_one(
        self, provider: IdentityProvider, officer: User, settings: LazySettings
    ) -> None:
        app = App.of(officer)
        journey = Journey(provider, email=officer.email, amr=["pwd"])
        assert journey.back()["Location"] == "/account/second-factor/authenticate/"
        assert not journey.is_in
        assert type_code(journey.client, app.code()) == "/desk/casework/case/"
        assert journey.client.get("/desk/").status_code == 200
        settings.OIDC_SECOND_FACTOR = ["mfa"]
        there = Journey(provider, email=officer.email, amr=["mfa"])
        assert there.back()["Location"] == "/desk/casework/case/"


def test_without_a_provider_nothing_of_it_is_there(client: Client) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "oidc" not in text(client.get("/account/login/"))


def test_the_sign_in_page_leads_there_with_where_one_was_going(
    provider: IdentityProvider, client: Client
) -> None:
    page = text(client.get("/account/login/?next=/desk/%3Fa=1%26b=2"))
    assert 'href="/account/oidc/?next=/desk/%3Fa%3D1%26b%3D2"' in page
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        there = client.get(BEGIN, {"next": elsewhere})
        assert there.status_code == 302
        assert "evil" not in json.dumps(client.session["socialaccount_states"])


def test_nothing_in_the_address_reaches_the_provider(provider: IdentityProvider, client: Client) -> None:
    there = client.get(
        BEGIN, {"auth_params": "nonce=mine&prompt=none", "scope": "admin", "process": "connect"}
    )
    asked = parse_qs(urlsplit(there["Location"]).query)
    assert "prompt" not in asked
    assert asked["nonce"] != ["mine"]
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]


@pytest.mark.parametrize(
    ("variables", "works"),
    [
        ({"OIDC_SERVER_URL": "https://login.example", "OIDC_CLIENT_ID": "a"}, True),
        ({"OIDC_SERVER_URL": "http://login.example", "OIDC_CLIENT_ID": "a"}, False),
        ({"OIDC_SERVER_URL": "https://login.example"}, False),
    ],
)
def test_it_is_configured_by_the_environment(variables: dict[str, str], works: bool) -> None:
    """As an operator starts it: in earnest, where an address without https would be read by others."""
    environment = {
        **os.environ,
        "DEMONSTRATION": "0",
        "SECRET_KEY": "x",
        **variables,
    }
    asked = "from django.conf import settings; print(settings.SOCIALACCOUNT_PROVIDERS)"
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment | {"DJANGO_SETTINGS_MODULE": "regulator.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode == 0) == works, ran.stderr
    if works:
        assert "https://login.example" in ran.stdout


def test_what_is_signed_is_what_is_said(provider: IdentityProvider) -> None:
    """The provider of these tests itself: a token in three parts, the second of them its claims."""
    provider.claims = {"email": "a@example.invalid"}
    claims = provider.token().split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["email"] == "a@example.invalid"
