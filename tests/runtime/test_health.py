"""What the health pages say, and what they keep to themselves."""

import json

import pytest
from celery import Celery
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from regulator.runtime.views import healthz, readyz

UNREACHABLE = "redis://:a-secret@127.0.0.1:1/0"


@pytest.fixture
def asked(rf: RequestFactory) -> HttpRequest:
    return rf.get("/readyz")


def test_alive_is_said_without_asking_the_database(
    asked: HttpRequest, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = healthz(asked)
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "alive"})


def test_ready_when_database_and_broker_answer(asked: HttpRequest, db: None) -> None:
    answer = readyz(asked)
    assert json.loads(answer.content) == {"status": "ready", "parts": {"database": "ok", "broker": "ok"}}
    assert answer.status_code == 200


def test_a_silent_broker_is_named_without_its_address(
    asked: HttpRequest, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    silent = Celery("silent", broker=UNREACHABLE, set_as_current=False)
    monkeypatch.setattr("regulator.runtime.views.current_app", silent)
    answer = readyz(asked)
    assert answer.status_code == 503
    assert json.loads(answer.content)["parts"] == {"database": "ok", "broker": "failed"}
    assert "a-secret" not in answer.content.decode() + caplog.text


def test_a_silent_database_is_named_without_its_message(
    asked: HttpRequest, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError("password=a-secret refused")

    with connection.execute_wrapper(refuse):
        answer = readyz(asked)
    assert answer.status_code == 503
    assert json.loads(answer.content)["parts"] == {"database": "failed", "broker": "ok"}
    assert "a-secret" not in answer.content.decode() + caplog.text


@pytest.mark.parametrize("view", [healthz, readyz])
def test_health_is_never_cached_and_only_read(view: object, rf: RequestFactory, db: None) -> None:
    assert callable(view)
    assert "no-store" in view(rf.get("/")).headers["Cache-Control"]
    assert view(rf.post("/")).status_code == 405
