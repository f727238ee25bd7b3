"""Programs are answered in JSON, whatever goes wrong: below ``/api/`` no page is ever sent."""

import json
from typing import Any, Final

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from regulator.accounts.policies import PUBLIC, declare
from regulator.pages import csrf_failure, server_error
from regulator.problems import CONTENT_TYPE
from regulator.urls import handler400, handler403, handler404, handler500
from tests.factories import EmployerFactory, member
from tests.platform.test_routes import ROUTES, filled

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE")
__all__ = ["handler400", "handler403", "handler404", "handler500"]


@declare(PUBLIC)
def failing(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a fault of ours, with a secret in it")


def undeclared(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the view ran")


urlpatterns = [
    path("api/v1/failing/", failing),
    path("api/v1/undeclared/", undeclared),
    path("failing/", failing),
]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def problem(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == CONTENT_TYPE
    body: dict[str, Any] = json.loads(answer.content)
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == answer.status_code
    return body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    [
        "/api/",
        "/api/v1/",
        "/api/v1/nonsense/",
        "/api/v2/register/",
        "/api/v2/notifications/",
        "/api/V1/register/",
        "/api/%00/register/",
        "/api/v1/register/nothing-here/",
        "/api/v1/register/%00/",
        "/api/v1/register/?cursor=nonsense",
    ],
)
def test_what_is_not_there_is_said_in_json(browser: Client, where: str) -> None:
    assert problem(browser.get(where))["status"] == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_taken_is_said_in_json(browser: Client, method: str) -> None:
    assert problem(getattr(browser, method)("/api/v1/register/"))["status"] == 405


@pytest.mark.django_db
def test_a_type_that_is_not_offered_is_said_in_json(browser: Client) -> None:
    answer = browser.get("/api/v1/register/", headers={"accept": "text/html"})
    assert problem(answer)["status"] == 406


@pytest.mark.django_db
@pytest.mark.parametrize("where", [where for where, _ in ROUTES if where.startswith("api/<str:version>/")])
def test_whatever_a_program_gets_wrong_is_said_in_json(browser: Client, where: str) -> None:
    """On every route: a method that it has not, a body that cannot be read, a type that is not offered."""
    browser.force_login(member(EmployerFactory.create()))
    address = filled(where)
    allowed = browser.generic("TRACE", address)["Allow"].split(", ")
    for method in METHODS:
        answer = browser.generic(method, address, b"{", content_type="application/json")
        if method not in allowed:
            assert problem(answer)["status"] == 405, method
        elif method != "GET":
            assert problem(answer)["status"] in (400, 403, 404, 415), method
    answer = browser.generic(allowed[0], address, headers={"accept": "text/html"})
    assert problem(answer)["status"] == (404 if address.endswith("/content/") else 406)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH"])
@pytest.mark.parametrize(
    "address", ["/api/v1/notifications", "/api/v1/notifications/1", "/api/v1/register", "/api/schema"]
)
def test_an_address_without_its_slash_is_not_sent_on(browser: Client, address: str, method: str) -> None:
    """Sent on, a POST would become a GET: the notification would be lost, and the answer would be 200."""
    browser.force_login(member(EmployerFactory.create()))
    answer = browser.generic(method, address, b"{}", content_type="application/json")
    assert answer.status_code == 404
    if method != "HEAD":
        problem(answer)


@pytest.mark.django_db
def test_a_page_is_still_found_without_its_slash(browser: Client) -> None:
    assert browser.get("/register")["Location"] == "/register/"


@pytest.mark.django_db
@pytest.mark.urls("tests.platform.test_api_errors")
def test_a_failure_is_said_in_json_and_gives_nothing_away(browser: Client) -> None:
    answer = browser.get("/api/v1/failing/")
    assert problem(answer)["status"] == 500
    assert b"secret" not in answer.content


@pytest.mark.django_db
@pytest.mark.urls("tests.platform.test_api_errors")
def test_a_route_without_a_policy_is_refused_in_json(browser: Client) -> None:
    assert problem(browser.get("/api/v1/undeclared/"))["status"] == 403


@pytest.mark.django_db
@pytest.mark.urls("tests.platform.test_api_errors")
def test_elsewhere_people_get_a_page(browser: Client) -> None:
    answer = browser.get("/failing/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_the_handlers_themselves_answer_json_below_the_api(rf: RequestFactory) -> None:
    assert problem(server_error(rf.get("/api/v1/register/")))["status"] == 500
    assert problem(csrf_failure(rf.post("/api/v1/register/")))["status"] == 403
