"""Sessions: on what and since when, ended one by one or together, kept under a digest, at no further
query."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator import clock
from regulator.accounts.devices import UNKNOWN, device_of
from regulator.accounts.models import PortalSession, User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.accounts.sessions import digest_of, to_the_hour
from regulator.casework.models import Event
from tests.factories import EmployerFactory, person, staff
from tests.notifications.pages import browser, text
from tests.people.second_step import PASSWORD, type_password, with_password

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
OWN = "/account/sessions/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return with_password(staff())


def on(user: User, user_agent: str) -> Client:
    """A browser in which ``user`` signed in with the password."""
    client = Client(headers={"user-agent": user_agent}, raise_request_exception=False)
    assert type_password(client, user)
    return client


def session_of(client: Client) -> PortalSession:
    return PortalSession.objects.get(pk=digest_of(str(client.session.session_key)))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (CHROME, "Chrome on Linux"),
        (f"{CHROME} Edg/140.0.0.0", "Edge on Linux"),
        (f"{CHROME} OPR/110.0", "Opera on Linux"),
        (CHROME.replace("X11; Linux x86_64", "Linux; Android 15; SM-S911B"), "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Safari/605.1.15",
            "Safari on a Mac",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0 Safari/537.36", "Chrome on a Chromebook"),
        ("curl/8.5.0", UNKNOWN),
        ("", UNKNOWN),
        ("Windows", "A browser on Windows"),
        ("Firefox/1", "Firefox"),
        ("<script>alert(1)</script>", UNKNOWN),
        ("x" * 100_000 + "Firefox/140", UNKNOWN),
    ],
)
def test_a_browser_is_named_in_plain_words(said: str, words: str) -> None:
    assert device_of(said) == words


@pytest.mark.parametrize("role", [Role.EMPLOYER_REPORTER, Role.CASE_OFFICER, Role.ADMINISTRATOR])
def test_each_person_sees_where_they_are_signed_in_themselves(role: Role) -> None:
    who = with_password(person(role, EmployerFactory.create()))
    other = with_password(person(role, EmployerFactory.create()))
    here = on(who, FIREFOX)
    on(who, IPHONE)
    on(other, CHROME)
    shown = text(here.get(OWN))
    assert "Firefox on Windows" in shown
    assert "Safari on an iPhone" in shown
    assert "Chrome on Linux" not in shown
    assert shown.count("This session") == 1
    assert shown.index("Firefox on Windows") < shown.index("Safari on an iPhone")


def test_the_table_opens_nothing_and_keeps_no_place(user: User) -> None:
    client = on(user, FIREFOX)
    kept = str(list(PortalSession.objects.values()))
    assert str(client.session.session_key) not in kept
    assert "127.0.0.1" not in kept
    stolen = Client()
    stolen.cookies["sessionid"] = PortalSession.objects.get().pk
    assert stolen.get("/desk/").status_code == 302


def test_one_is_ended_and_signed_out_with_its_next_click(user: User) -> None:
    here, there = on(user, FIREFOX), on(user, IPHONE)
    end = reverse("own_session_end", args=[session_of(there).pk])
    assert "Safari on an iPhone" in text(here.get(end))
    assert there.get("/desk/").status_code == 200
    assert here.post(end)["Location"] == OWN
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200
    assert here.post(end).status_code == 404
    assert Event.objects.get().payload == {"person": user.pk, "sessions": 1}


def test_all_others_are_ended_and_the_present_stays(user: User) -> None:
    here, others = on(user, FIREFOX), [on(user, IPHONE), on(user, CHROME)]
    end = reverse("own_sessions_end_others")
    assert here.get(end).status_code == 200
    assert "2 other sessions" in text(here.post(end, follow=True))
    assert [each.get("/desk/").status_code for each in others] == [302, 302]
    assert here.get("/desk/").status_code == 200
    here.post(end)
    assert Event.objects.count() == 1


def test_somebody_elses_session_is_not_there(user: User) -> None:
    theirs = on(with_password(staff()), IPHONE)
    here = on(user, FIREFOX)
    end = reverse("own_session_end", args=[session_of(theirs).pk])
    assert here.get(end).status_code == here.post(end).status_code == 404
    assert theirs.get("/desk/").status_code == 200


@pytest.mark.parametrize("key", ["x", "0" * 64, "a" * 5000])
def test_a_session_that_does_not_exist_breaks_nothing(user: User, key: str) -> None:
    assert on(user, FIREFOX).post(reverse("own_session_end", args=[key])).status_code == 404


def test_ending_the_present_one_is_signing_out(user: User) -> None:
    here = on(user, FIREFOX)
    end = reverse("own_session_end", args=[session_of(here).pk])
    assert here.post(end)["Location"] == "/account/logout/"
    here.post("/account/logout/")
    assert not PortalSession.objects.filter(user=user).exists()


def test_another_password_ends_all_other_sessions(user: User) -> None:
    here, there = on(user, FIREFOX), on(user, IPHONE)
    new = "three odd words here"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", typed).status_code == 302
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    assert PortalSession.objects.of(user.pk).count() == 1
    assert "Firefox on Windows" in text(here.get(OWN))


def test_it_is_last_seen_to_the_hour_by_one_write_an_hour(user: User) -> None:
    start = to_the_hour(clock.now()) + timedelta(minutes=5)
    with time_machine.travel(start, tick=False) as hand:
        client = on(user, FIREFOX)
        assert session_of(client).seen_at == to_the_hour(start)
        assert writes(client) == 0
        hand.move_to(start + timedelta(minutes=54))
        assert writes(client) == 0
        hand.move_to(start + timedelta(minutes=56))
        assert writes(client) == 1
        assert writes(client) == 0
        assert session_of(client).seen_at == to_the_hour(start) + timedelta(hours=1)
        assert session_of(client).started_at == start


def writes(client: Client) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get("/desk/")
    return sum(each["sql"].startswith("UPDATE") for each in found)


def test_a_session_runs_out_and_is_not_listed_then(user: User) -> None:
    client = on(user, FIREFOX)
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/desk/").status_code == 302
        assert not PortalSession.objects.of(user.pk).exists()
        call_command("clearsessions")
        assert not PortalSession.objects.filter(user=user).exists()


def test_signing_in_again_in_the_same_browser_is_another_session(user: User) -> None:
    client = on(user, FIREFOX)
    former = session_of(client).pk
    client.post("/account/logout/")
    type_password(client, user)
    assert session_of(client).pk != former
    assert PortalSession.objects.of(user.pk).count() == 1


def test_a_visitors_session_is_nobodys() -> None:
    client = Client()
    client.post("/notifications/draft/1/circumstances/", {"narrative": "typed"})
    assert [each.user for each in PortalSession.objects.all()] in ([], [None])


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES | {Role.CASE_OFFICER}))
def test_the_list_takes_as_many_queries_at_any_size(role: Role) -> None:
    who = person(role, EmployerFactory.create())
    client = browser(who)
    counts = []
    for more in (1, 10):
        for _ in range(more):
            browser(who)
        with CaptureQueriesContext(connection) as found:
            client.get(OWN)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 4
