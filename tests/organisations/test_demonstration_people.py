"""The invented people of a demonstration get in while the portal is one, and in no way afterwards."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey
from regulator.organisations.services import add_member, create_api_key
from tests.factories import EmployerFactory

PASSWORD = "demonstration only"
HOME = "/notifications/"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def invented() -> User:
    user = User.objects.create_user(
        "invented@example.invalid", PASSWORD, name="Invented", is_demonstration=True
    )
    add_member(
        user=user, employer=EmployerFactory.create(), role=Role.EMPLOYER_REPORTER, by=Scheduled("test")
    )
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD) -> str:
    answer = client.post("/account/login/", {"login": user.email, "password": password})
    assert (answer.status_code == 302) == ("_auth_user_id" in client.session)
    return answer.content.decode()


def test_the_printed_password_works_in_a_demonstration(
    client: Client, invented: User, settings: LazySettings
) -> None:
    settings.DEMONSTRATION = True
    assert sign_in(client, invented) == ""
    assert client.get(HOME).status_code == 200


def test_it_does_not_outlive_the_setting_and_is_answered_like_a_wrong_one(
    client: Client, invented: User, settings: LazySettings
) -> None:
    settings.DEMONSTRATION = False
    wrong = "The email address or the password is not right"
    assert wrong in sign_in(client, invented)
    assert wrong in sign_in(client, invented, "another password")


def test_a_session_ends_with_the_setting(client: Client, invented: User, settings: LazySettings) -> None:
    settings.DEMONSTRATION = True
    sign_in(client, invented)
    settings.DEMONSTRATION = False
    assert client.get(HOME).status_code == 302


def test_an_api_key_ends_with_the_setting(invented: User, settings: LazySettings) -> None:
    settings.DEMONSTRATION = True
    _, secret = create_api_key(
        membership=invented.memberships.get(), label="x", scope=ApiKey.Scope.READ, by=Scheduled("test")
    )
    assert ApiKey.objects.usable(secret) is not None
    settings.DEMONSTRATION = False
    assert ApiKey.objects.usable(secret) is None


def test_real_people_sign_in_either_way(client: Client, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False
    real = User.objects.create_user("real@example.invalid", PASSWORD, name="Employer reporter")
    assert sign_in(client, real) == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "True"),
        ({"PORTAL_URL": "https://portal.example.invalid"}, "False"),
        ({"DATABASE_URL": "postgres://u:p@localhost:5432/n"}, "False"),
        ({"PORTAL_URL": "https://portal.example.invalid", "DEMONSTRATION": "1"}, "True"),
    ],
)
def test_only_an_embedded_portal_without_a_public_address_is_a_demonstration_by_itself(
    given: dict[str, str], expected: str
) -> None:
    said = {"PORTAL_URL", "DATABASE_URL", "DEMONSTRATION"}
    environment = {name: value for name, value in os.environ.items() if name not in said}
    shown = subprocess.run(
        [sys.executable, "-c", "from regulator import settings; print(settings.DEMONSTRATION)"],
        env=environment | given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == expected
