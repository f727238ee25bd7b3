"""What was typed when the session had ended is there again after signing in; so after a stale token."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from notifications.content import content_of
from notifications.models import Notification
from notifications.queries import whole
from regulator import clock
from regulator.accounts.models import PortalSession as Session
from regulator.accounts.roles import Role
from regulator.accounts.tasks import forget_sessions
from regulator.accounts.typed import MOST
from tests.factories import Cast, notification_in
from tests.notifications.addresses import Scene, posted_pages
from tests.notifications.pages import boxes, browser, text

pytestmark = pytest.mark.usefixtures("reference")

PASSWORD = "four quiet grey herons"
TYPED = "Half an hour <of> typing"


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    made.reporter.set_password(PASSWORD)
    made.reporter.save()
    return made


def sign_in(client: Client, cast: Cast, then: str) -> Any:
    return client.post(
        f"/account/login/?next={then}", {"login": cast.reporter.email, "password": PASSWORD, "next": then}
    )


def narrative(draft: Notification) -> str:
    return content_of(whole().get(pk=draft.pk)).narrative


def expired(cast: Cast, draft: Notification) -> tuple[Client, str, Any]:
    """A section's page, open since before the session ended, then sent."""
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/circumstances/"
    filled = boxes(client.get(path)) | {"narrative": [TYPED], "duty_holders_involved": ["operator", "mpe"]}
    Session.objects.all().delete()
    return client, path, client.post(path, filled)


@pytest.mark.usefixtures("empty_cache")
def test_what_was_typed_is_back_after_signing_in_and_saved_only_when_sent(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client, path, refused = expired(cast, draft)
    assert refused.status_code == 302
    assert refused["Location"].startswith("/account/login/")
    assert "what you typed is kept" in text(client.get(refused["Location"]))
    assert sign_in(client, cast, path)["Location"] == path
    page = client.get(path)
    assert page.status_code == 200
    assert (boxes(page)["narrative"], boxes(page)["duty_holders_involved"]) == ([TYPED], ["operator", "mpe"])
    assert "You were signed out before this was saved" in text(page)
    assert narrative(draft) != TYPED
    assert boxes(client.get(f"{path}?typed=no"))["narrative"] == [narrative(draft)]
    assert client.post(path, boxes(page)).status_code == 302
    assert narrative(draft) == TYPED
    assert "You were signed out" not in text(client.get(path))


@pytest.mark.usefixtures("empty_cache")
def test_a_colleague_who_saved_meanwhile_is_not_overwritten(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client, path, _ = expired(cast, draft)
    other = browser(cast.reporter)
    other.post(path, boxes(other.get(path)) | {"narrative": ["Saved meanwhile"]})
    sign_in(client, cast, path)
    assert client.post(path, boxes(client.get(path))).status_code == 409
    assert narrative(draft) == "Saved meanwhile"


@pytest.mark.usefixtures("empty_cache")
def test_after_an_hour_and_on_another_page_nothing_is_shown(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client, path, _ = expired(cast, draft)
    sign_in(client, cast, path)
    other = notification_in("draft", cast=cast)
    elsewhere = client.get(f"/notifications/draft/{other.pk}/circumstances/")
    assert TYPED not in boxes(elsewhere)["narrative"]
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert boxes(client.get(path))["narrative"] == [narrative(draft)]


@pytest.mark.usefixtures("empty_cache")
def test_a_stranger_who_signs_in_after_sees_nothing(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client, path, _ = expired(cast, draft)
    stranger = Cast()
    client.force_login(stranger.reporter)
    answer = client.get(path)
    assert answer.status_code == 404
    assert TYPED not in text(answer)


def test_too_much_and_what_no_form_shows_are_not_kept(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client = Client()
    client.post(f"/notifications/draft/{draft.pk}/people/", {"a": "x" * (MOST + 1)})
    client.post(f"/notifications/draft/{draft.pk}/discard/", {"version": "1"})
    assert not any("typed" in session.get_decoded() for session in Session.objects.all())


def test_a_stale_token_keeps_what_was_typed_and_leads_back_to_it(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/circumstances/"
    filled = boxes(client.get(path)) | {"narrative": [TYPED]}
    refused = client.post(path, filled)
    assert refused.status_code == 403
    assert f'href="{path}"' in text(refused)
    page = client.get(path)
    assert boxes(page)["narrative"] == [TYPED]
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert client.post(path, boxes(page) | {"csrfmiddlewaretoken": [token]}).status_code == 302
    assert narrative(draft) == TYPED


def test_what_another_site_sent_is_not_kept(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/circumstances/"
    headers = {"Origin": "https://elsewhere.example.invalid"}
    refused = client.post(path, {"narrative": "Planted"}, headers=headers)
    assert refused.status_code == 403
    assert f'href="{path}"' not in text(refused)
    assert "Planted" not in text(client.get(path))


def test_ended_sessions_are_removed_with_what_was_typed(cast: Cast) -> None:
    expired(cast, notification_in("draft", cast=cast))
    assert Session.objects.count() == 1
    forget_sessions()
    assert Session.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        forget_sessions()
    assert not Session.objects.exists()


def pages_with_prose() -> Iterator[tuple[Scene, str, str]]:
    """Every page on which an employer's person writes more than a line, with the name of a box for it."""
    scene = Scene()
    client = browser(scene.cast.reporter)
    for route in posted_pages(Role.EMPLOYER_REPORTER):
        for address in scene.addresses(route):
            shown: Any = client.get(address)
            if str(shown.get("Content-Type")).startswith("text/html") and shown.status_code == 200:
                for name in re.findall(r'<textarea[^>]* name="([^"]+)"', text(shown)):
                    yield scene, address, name


@pytest.mark.usefixtures("empty_cache")
def test_no_prose_is_lost_on_any_page_when_the_session_has_ended() -> None:
    found = list(pages_with_prose())
    assert len({address for _, address, _ in found}) >= 15
    for scene, address, name in found:
        client = Client()
        refused = client.post(address, {name: TYPED, "version": "1"})
        assert refused.status_code == 302, address
        client.force_login(scene.cast.reporter)
        shown = client.get(address)
        assert TYPED in boxes(shown).get(name, [""])[0], f"{address} {name}"
