"""Being told of changes: asked twice, once a change, at most once a day, and forgotten at a click."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from enforcement.alerts import services, telling
from enforcement.alerts.links import stop_address
from enforcement.alerts.models import Alert, AlertLetter, Subscriber, Told
from enforcement.alerts.services import forget_unconfirmed
from enforcement.alerts.telling import tell_all
from enforcement.register.services import put_entry, remove_entry
from regulator.accounts.logging import without_secrets
from regulator.outbox.delivery import deliver_due
from regulator.outbox.models import Message
from tests.register.entries import entry, snapshot
from tests.register.test_pages import NONSENSE

pytestmark = pytest.mark.usefixtures("provisions", "empty_cache")
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASK = "/register-alerts/"
WHO = "reader@example.org"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def ask(client: Client, query: str = "", email: str = WHO) -> Any:
    return client.post(f"{ASK}?{query}", {"email": email}, follow=True)


def link_in(message: Message, part: str) -> str:
    [found] = re.findall(rf"http://localhost:8000(/register-alerts/{part}/\S+)", message.body)
    return str(found)


def letters() -> list[Message]:
    return list(Message.objects.order_by("pk"))


def subscribed(client: Client, query: str = "", email: str = WHO) -> Alert:
    ask(client, query, email)
    assert client.post(link_in(letters()[-1], "confirm")).status_code == 200
    return Alert.objects.latest("pk")


def sent() -> list[EmailMessage]:
    deliver_due()
    return mail.outbox


def test_nothing_is_sent_before_the_address_confirms_itself(client: Client, clock: Any) -> None:
    answer = ask(client, "type=improvement&q=alder")
    assert "Check your email" in answer.content.decode()
    entry(employer_name="Alder Trust")
    assert tell_all() == 0
    [letter] = letters()
    assert letter.to == WHO
    assert "Type of notice: Improvement notice" in letter.body
    link = link_in(letter, "confirm")
    page = client.get(link)
    assert "Type of notice: Improvement notice" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not Alert.objects.get().confirmed_at  # a mail scanner that opens links confirms nothing
    assert "You will be told" in client.post(link).content.decode()
    assert tell_all() == 0  # what changed before is not told
    entry(employer_name="Alder Hospital")
    entry(employer_name="Birch Hospital")
    assert tell_all() == 1
    told = letters()[-1].body
    assert "Alder Hospital: Improvement notice, served 10 January 2025. Added." in told
    assert "Birch" not in told


def test_a_link_to_confirm_works_once_and_for_seven_days(client: Client, clock: Any) -> None:
    ask(client)
    link = link_in(letters()[-1], "confirm")
    clock.shift(timedelta(days=7, seconds=1))
    assert client.get(link).status_code == client.post(link).status_code == 404
    forget_unconfirmed()
    ask(client)
    link = link_in(letters()[-1], "confirm")
    assert client.post(link).status_code == 200
    assert client.get(link).status_code == client.post(link).status_code == 404
    for strange in ("x", "%00", "é" * 50, "a" * 3000):
        assert client.get(f"/register-alerts/confirm/{strange}/").status_code == 404
        assert client.post(f"/register-alerts/confirm/{strange}/").status_code == 404


def test_no_secret_is_kept_nor_logged(client: Client) -> None:
    ask(client)
    link = link_in(letters()[-1], "confirm")
    secret = link.split("/")[-2]
    assert secret not in str(Subscriber.objects.values_list())
    client.post(link)
    entry()
    tell_all()
    stop = link_in(letters()[-1], "stop")
    assert stop.split("/")[-2] not in str(list(Alert.objects.values_list()))
    sent()
    for letter in letters():
        assert "http" not in letter.body
    for path in (link, stop):
        assert path.split("/")[-2] not in without_secrets(f"GET {path}")


def test_an_address_that_is_asked_for_many_times_gets_one_letter(client: Client) -> None:
    for query in ("", "", "type=improvement", "status=complied", "year=2025"):
        ask(client, query)
    ask(client, email=" READER@example.org ")
    assert len(letters()) == 1
    page = client.get(link_in(letters()[0], "confirm")).content.decode()
    assert page.count("<li>") >= 4
    client.post(link_in(letters()[0], "confirm"))
    assert Alert.objects.filter(confirmed_at=None).count() == 0
    ask(client)
    assert len(letters()) == 1  # it is told already


def test_a_client_that_asks_for_many_addresses_is_stopped(client: Client) -> None:
    for number in range(services.MOST_OF_A_CLIENT):
        assert ask(client, email=f"reader{number}@example.org").status_code == 200
    answer = ask(client, email="one-more@example.org")
    assert answer.status_code == 400
    assert "Try again in an hour" in answer.content.decode()
    assert 'value="one-more@example.org"' in answer.content.decode()
    assert len(letters()) == services.MOST_OF_A_CLIENT


def test_an_address_holds_no_more_than_so_many(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_OF_A_CLIENT", 1000)
    for year in range(1990, 1990 + services.MOST_ALERTS + 3):
        ask(client, f"year={year}")
    assert Alert.objects.count() == services.MOST_ALERTS


def test_nobody_learns_whether_an_address_is_known(client: Client) -> None:
    subscribed(client)
    pages = set()
    for email in (WHO, "stranger@example.org", "stranger@example.org"):
        answer = ask(client, email=email)
        pages.add((answer.status_code, answer.redirect_chain[0], answer.content))
    assert len(pages) == 1


@pytest.mark.parametrize(
    "email", ["", "x", "a@", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@c.d"]
)
def test_what_is_no_address_is_refused_beside_its_box(client: Client, email: str) -> None:
    answer = ask(client, email=email)
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert not letters()


def test_each_change_is_told_once_and_at_most_one_letter_leaves_a_day(client: Client, clock: Any) -> None:
    subscribed(client)
    first = entry(employer_name="First")
    assert (tell_all(), tell_all()) == (1, 0)
    entry(employer_name="Second")
    entry(employer_name="Third")
    clock.shift(timedelta(hours=11))
    assert tell_all() == 0  # still Monday
    clock.shift(timedelta(hours=2))
    assert (tell_all(), tell_all()) == (1, 0)
    body = letters()[-1].body
    assert first.employer_name not in body
    assert "Second" in body
    assert "Third" in body
    clock.shift(timedelta(days=1))
    assert tell_all() == 0
    assert len(sent()) == 3


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("where", ["_remember", "enqueue"])
def test_a_worker_killed_anywhere_tells_nothing_twice(
    client: Client, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        raise Killed

    alert = subscribed(client)
    entry()
    with monkeypatch.context() as patch:
        patch.setattr(telling, where, killed)
        with pytest.raises(Killed):
            tell_all()
    alert.refresh_from_db()
    assert (len(letters()), alert.last_letter_on, Told.objects.count()) == (1, None, 0)
    assert (tell_all(), tell_all()) == (1, 0)
    assert len(letters()) == 2


def test_what_leaves_the_register_is_told_without_its_name(client: Client, clock: Any) -> None:
    subscribed(client, "q=alder")
    made = entry(employer_name="Alder Trust")
    stranger = entry(employer_name="Birch Trust")
    tell_all()
    remove_entry(made.slug)
    remove_entry(stranger.slug)
    clock.shift(timedelta(days=1))
    assert tell_all() == 1
    body = letters()[-1].body
    assert "An entry that you were told of was removed." in body
    assert "Trust" not in body
    assert made.slug not in body
    clock.shift(timedelta(days=1))
    assert tell_all() == 0


def test_what_fits_no_more_is_told_by_name(client: Client, clock: Any) -> None:
    subscribed(client, "status=in_force")
    said = snapshot(employer_name="Alder Trust")
    put_entry(said)
    tell_all()
    done = {"status": "complied", "complied_on": date(2025, 2, 1)}
    put_entry(snapshot(**{"slug": said.slug, "employer_name": "Alder Trust", **done}))
    clock.shift(timedelta(days=1))
    assert tell_all() == 1
    assert "Alder Trust" in letters()[-1].body
    assert "does not fit your search any more" in letters()[-1].body


@pytest.mark.parametrize("typed", ["943 476 5919", "jo.bloggs@example.org"])
def test_a_search_that_seems_to_identify_somebody_is_not_kept(client: Client, typed: str) -> None:
    for answer in (client.get(ASK, {"q": typed}), client.post(f"{ASK}?q={typed}", {"email": WHO})):
        assert answer.status_code == 400
        assert typed not in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_a_letter_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOST_LINES", 3)
    subscribed(client)
    for _ in range(5):
        entry()
    tell_all()
    body = letters()[-1].body
    assert body.count("Added.") == 3
    assert "and 2 more" in body


def test_one_click_ends_it_as_mail_programs_do(client: Client) -> None:
    """RFC 8058: a POST of that one pair, without cookies, without a page, and answered in the 200s."""
    alert = subscribed(client)
    entry()
    tell_all()
    letter = sent()[-1]
    address = letter.extra_headers["List-Unsubscribe"]
    assert address == f"<{stop_address(alert)}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    program = Client(enforce_csrf_checks=True)
    path = address.strip("<>").removeprefix("http://localhost:8000")
    assert program.get(path).status_code == 200
    assert Alert.objects.exists()
    answer = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.get(path).status_code == 404
    entry()
    assert tell_all() == 0


def test_with_the_last_alert_the_address_is_forgotten_everywhere(client: Client) -> None:
    first = subscribed(client)
    second = subscribed(client, "year=2025")
    entry()
    tell_all()
    sent()
    client.post(stop_address(first).removeprefix("http://localhost:8000"))
    assert Subscriber.objects.get().email == WHO
    entry()
    client.post(stop_address(second).removeprefix("http://localhost:8000"))
    assert not Subscriber.objects.exists()
    assert not AlertLetter.objects.exists()
    assert not Message.objects.filter(to=WHO).exists()
    assert WHO not in str(list(Message.objects.values()))


def test_a_letter_that_waits_does_not_leave_once_it_was_ended(client: Client) -> None:
    alert = subscribed(client)
    sent()
    entry()
    tell_all()
    client.post(stop_address(alert).removeprefix("http://localhost:8000"))
    assert len(sent()) == 1


def test_what_nobody_confirmed_is_removed_after_seven_days(client: Client, clock: Any) -> None:
    ask(client)
    clock.shift(timedelta(days=6, hours=23))
    assert forget_unconfirmed() == 0
    clock.shift(timedelta(hours=1))
    assert forget_unconfirmed() == 1
    assert not Subscriber.objects.exists()
    assert not Message.objects.filter(to=WHO).exists()
    assert forget_unconfirmed() == 0


def test_what_was_confirmed_stays_when_the_rest_is_removed(client: Client, clock: Any) -> None:
    subscribed(client)
    ask(client, "year=2025")
    clock.shift(timedelta(days=8))
    assert forget_unconfirmed() == 1
    assert [alert.query for alert in Alert.objects.all()] == [""]
    assert Subscriber.objects.get().email == WHO


@pytest.mark.parametrize("token", ["x", "%00", "a.b", "é", "0" * 32 + ".x", "x" * 3000])
def test_a_link_of_somebodys_own_ends_nothing(client: Client, token: str) -> None:
    subscribed(client)
    assert client.get(f"/register-alerts/stop/{token}/").status_code == 404
    assert client.post(f"/register-alerts/stop/{token}/").status_code == 200
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("query", NONSENSE)
def test_no_query_string_breaks_it(client: Client, query: str) -> None:
    answer = client.get(f"{ASK}?{query}")
    assert answer.status_code in (200, 400)
    assert ask(client, query).status_code in (200, 400)
    for alert in Alert.objects.all():
        assert telling.news_for(alert, 0).lines == []


@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60), email=st.text(max_size=60))
def test_nothing_typed_breaks_it(client: Client, query: str, email: str) -> None:
    asked = client.get(ASK, {"q": query.encode("utf-8", "replace").decode()})
    assert asked.status_code in (200, 400)
    assert ask(client, email=email.encode("utf-8", "replace").decode()).status_code in (200, 400)
