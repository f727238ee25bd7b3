"""So many calls of the API in a minute: of each key and of each person, reads and writes apart."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as RedisIsDown
from rest_framework.test import APIClient

from regulator import settings as shipped
from regulator.accounts import throttling
from regulator.accounts.limits import counted, until_the_next
from regulator.organisations.models import ApiKey, Membership
from tests.factories import Cast, EmployerFactory, member, notification_in
from tests.notifications.programs import LIST, key_of, problem, program, url, with_secret
from tests.reference import ship_reference

pytestmark = pytest.mark.usefixtures("empty_cache")
NOON = datetime(2026, 3, 2, 12, 0, 13, tzinfo=UTC)
CHECK = "/api/v1/criteria/check"


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    """13 seconds past noon, until it is moved."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.API_READS_A_MINUTE = 3
    settings.API_WRITES_A_MINUTE = 2
    settings.API_CHECKS_A_MINUTE = 2


def reads(client: APIClient | Client, number: int) -> list[int]:
    return [client.get(LIST).status_code for _ in range(number)]


def test_what_is_shipped_limits_everybody() -> None:
    assert shipped.API_READS_A_MINUTE > shipped.API_WRITES_A_MINUTE > 0
    assert shipped.API_CHECKS_A_MINUTE > 0


def test_one_too_many_is_refused_in_the_one_shape_until_the_minute_is_over(noon: Any) -> None:
    client = program(Cast().reporter)
    assert reads(client, 3) == [200] * 3
    refused = client.get(LIST)
    assert problem(refused, 429)["errors"] == {}
    assert refused["Retry-After"] == "47"
    noon.shift(timedelta(seconds=46))
    assert client.get(LIST)["Retry-After"] == "1"
    noon.shift(timedelta(seconds=1))
    assert reads(client, 4) == [200, 200, 200, 429]


def test_reads_and_writes_are_counted_apart() -> None:
    ship_reference()
    client = program(Cast().reporter)
    made = [client.post(LIST, {"modality": "radiotherapy"}, format="json").status_code for _ in range(3)]
    assert made == [201, 201, 429]
    assert reads(client, 4) == [200, 200, 200, 429]
    assert [client.head(LIST).status_code, client.post(LIST, {}, format="json").status_code] == [429, 429]


def test_what_was_refused_for_its_number_is_not_done() -> None:
    ship_reference()
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = program(cast.reporter)
    for version in (1, 2):
        body = {"version": version, "anatomy": f"Chest {version}"}
        assert client.patch(url(draft), body, format="json").status_code == 200
    problem(client.patch(url(draft), {"version": 3, "anatomy": "Hand"}, format="json"), 429)
    draft.refresh_from_db()
    assert (draft.anatomy, draft.case.version) == ("Chest 2", 3)


def test_each_key_and_each_person_has_a_count_of_its_own() -> None:
    reporter = member(EmployerFactory.create())
    one, other = program(reporter), program(reporter)
    session = Client()
    session.force_login(reporter)
    for client in (one, other, session):
        assert reads(client, 4) == [200, 200, 200, 429]
    second_browser = Client()
    second_browser.force_login(reporter)
    assert second_browser.get(LIST).status_code == 429


def test_who_gets_in_nowhere_uses_nobodys_count_up() -> None:
    cast = Cast()
    _, secret = key_of(cast.reporter, ApiKey.Scope.READ)
    client = with_secret(secret)
    for _ in range(5):
        assert client.post(LIST, {}, format="json").status_code == 403
        assert with_secret(secret + "x").get(LIST).status_code == 401
    assert reads(client, 4) == [200, 200, 200, 429]


def test_the_end_of_access_is_told_before_the_limit() -> None:
    cast = Cast()
    client = program(cast.reporter)
    reads(client, 4)
    Membership.objects.filter(user=cast.reporter).update(ended_at=NOON)
    assert client.get(LIST).status_code == 401


def test_without_a_limit_nothing_is_counted(settings: Settings) -> None:
    settings.API_READS_A_MINUTE = 0
    client = program(Cast().reporter)
    assert set(reads(client, 8)) == {200}


def test_the_checker_is_limited_by_address_and_nobody_lends_himself_another(client: Client) -> None:
    def ask(**meta: Any) -> int:
        return client.post(CHECK, {}, content_type="application/json", **meta).status_code

    assert [ask(), ask(), ask()] == [200, 200, 429]
    assert ask(HTTP_X_FORWARDED_FOR="192.0.2.77") == 429
    assert ask(REMOTE_ADDR="192.0.2.78") == 200
    refused = client.post(CHECK, {}, content_type="application/json")
    assert (problem(refused, 429)["errors"], refused["Retry-After"]) == ({}, "47")


def test_an_address_is_believed_as_far_as_the_portals_own_proxies_wrote_it(
    client: Client, settings: Settings
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}

    def ask(forwarded: str) -> int:
        headers = {"x-forwarded-for": forwarded}
        return client.post(CHECK, {}, content_type="application/json", headers=headers).status_code

    first = [ask(f"192.0.2.{number}, 198.51.100.1") for number in range(3)]
    assert first == [200, 200, 429]
    assert ask("192.0.2.1, 198.51.100.2") == 200


def test_while_redis_is_down_the_api_answers_uncounted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(key: str, *, seconds: int) -> int:
        raise RedisIsDown("Connection refused.")

    monkeypatch.setattr(throttling, "counted", down)
    assert reads(program(Cast().reporter), 5) == [200] * 5
    assert "not counted" in caplog.text


def test_a_count_that_was_thrown_out_of_the_cache_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [counted("a", seconds=60) for _ in range(3)] == [1, 2, 3]
    cache.clear()
    assert counted("a", seconds=60) == 1
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: False)
    assert counted("b", seconds=60) == 1


@pytest.mark.parametrize("seconds", [60, 3600])
def test_a_count_lasts_for_its_stretch_and_no_longer(seconds: int, noon: Any) -> None:
    left = until_the_next(seconds)
    assert 0 < left <= seconds
    assert [counted("a", seconds=seconds) for _ in range(2)] == [1, 2]
    noon.shift(timedelta(seconds=left - 1))
    assert counted("a", seconds=seconds) == 3
    noon.shift(timedelta(seconds=1))
    assert counted("a", seconds=seconds) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_is_counted() -> None:
    def ask(_: int) -> int:
        try:
            return counted("at once", seconds=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(ask, range(24)))
    assert sorted(numbers) == list(range(1, 25))
