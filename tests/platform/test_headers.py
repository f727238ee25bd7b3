"""The headers that keep a page safe, on every kind of page: public, employer's, desk's, API's, and errors."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.factories import Cast, notification_in, person
from tests.reference import ship_reference

PASSWORD = "correct horse battery"
PUBLIC_PAGES = [
    ("/", 200),
    ("/register/", 200),
    ("/account/login/", 200),
    ("/api/v1/register/", 200),
    ("/api/schema/", 200),
    ("/healthz", 200),
    ("/nowhere/", 404),
    ("/api/nowhere/", 404),
    ("/notifications/", 302),
    ("/desk/", 302),
    ("/api/v1/notifications/", 401),
]


def is_safe(answer: Any) -> None:
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in (
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert directive in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), PUBLIC_PAGES)
def test_public_pages_and_errors(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    is_safe(answer)
    assert answer.get("Cache-Control") != "private, no-store"


@pytest.mark.django_db
def test_what_an_employers_person_is_shown_stays_out_of_every_cache() -> None:
    ship_reference()
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = Client()
    client.force_login(cast.reporter)
    for path, status in (
        ("/notifications/", 200),
        (f"/notifications/draft/{draft.pk}/people/", 200),
        ("/api/v1/notifications/", 200),
        (f"/api/v1/notifications/{draft.pk}/", 200),
        ("/notifications/IRN-2026-00001-X/", 404),
        ("/desk/", 403),
        ("/register/", 200),  # its header shows who is signed in
        ("/nowhere/", 404),
    ):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert answer["Cache-Control"] == "private, no-store", path
        assert "ETag" not in answer, path
        is_safe(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/", "/desk/casework/case/", "/desk/nowhere/", "/notifications/"])
def test_what_staff_are_shown_stays_out_of_every_cache(path: str) -> None:
    client = Client()
    client.force_login(person(Role.CASE_OFFICER, Cast().employer))
    answer = client.get(path)
    assert answer["Cache-Control"] == "private, no-store"
    is_safe(answer)


@pytest.mark.django_db
def test_what_a_key_is_answered_stays_out_of_every_cache(client: Client) -> None:
    answer = client.get("/api/v1/notifications/", headers={"authorization": "Bearer irmer_nothing"})
    assert (answer.status_code, answer["Cache-Control"]) == (401, "private, no-store")


@pytest.mark.usefixtures("empty_cache")
def test_signing_in_sets_a_cookie_that_scripts_and_strange_sites_do_not_get(client: Client) -> None:
    User.objects.create_user("reporter@example.org", PASSWORD, name="Employer reporter")
    client.get("/account/login/")
    answer = client.post("/account/login/", {"login": "reporter@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
        assert cookie["path"] == "/"
        assert not cookie["domain"]


@pytest.mark.usefixtures("empty_cache")
def test_over_https_the_cookies_are_for_https_alone(client: Client) -> None:
    with override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        User.objects.create_user("reporter@example.org", PASSWORD, name="Employer reporter")
        client.get("/account/login/")
        client.post("/account/login/", {"login": "reporter@example.org", "password": PASSWORD})
        assert all(client.cookies[name]["secure"] for name in ("sessionid", "csrftoken"))
