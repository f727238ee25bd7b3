"""Test processes do not meet: each has its own folder and its own Redis database."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.isolation import PROJECT, redis_url_of_worker

REDIS = "redis://:secret@127.0.0.1:6379/"


def test_tests_do_not_write_into_the_state_of_a_running_portal() -> None:
    assert PROJECT / "var" not in [settings.VAR_DIR, *settings.VAR_DIR.parents]


def test_the_database_of_a_test_is_in_its_own_folder() -> None:
    database = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        assert Path(database["NAME"]).parent == settings.VAR_DIR


def test_each_worker_has_a_redis_database_of_its_own_and_none_has_the_first() -> None:
    urls = [redis_url_of_worker(REDIS, worker) for worker in ("", *(f"gw{n}" for n in range(14)))]
    assert sorted(int(url.rpartition("/")[2]) for url in urls) == list(range(1, 16))


def test_the_address_and_the_password_of_redis_are_kept() -> None:
    assert redis_url_of_worker(REDIS + "0", "gw1") == "redis://:secret@127.0.0.1:6379/13"


def test_more_workers_than_redis_has_databases_are_refused() -> None:
    with pytest.raises(RuntimeError, match="too few for test worker gw14"):
        redis_url_of_worker(REDIS, "gw14")
