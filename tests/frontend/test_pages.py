"""The Jinja2 ground: filters, strictness, escaping, pagination, navigation and the error pages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch
from jinja2 import UndefinedError

from regulator import pages
from regulator.frontend import navigation
from regulator.frontend.fields import decimal_plain
from regulator.frontend.navigation import Audience, Entry
from regulator.registry import Registry

pytestmark = pytest.mark.urls("tests.frontend.urls")


def _render(source: str, **context: object) -> str:
    return str(engines["jinja2"].from_string(source).render(context, _request()))


def _request(path: str = "/list/", user: object = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    return request


def _somebody(*, is_staff: bool) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, is_staff=is_staff)


def test_dates_are_shown_in_london() -> None:
    summer = datetime(2019, 6, 3, 23, 5, tzinfo=UTC)
    assert pages.date_long(date(2019, 6, 3)) == "3 June 2019"
    assert pages.date_long(summer) == "4 June 2019"
    assert pages.datetime_long(summer) == "4 June 2019 at 12:05am"
    assert pages.datetime_long(datetime(2019, 12, 3, 14, 5, tzinfo=UTC)) == "3 December 2019 at 2:05pm"
    assert pages.datetime_long(datetime(2019, 12, 3, 12, 0, tzinfo=UTC)) == "3 December 2019 at 12:00pm"
    assert pages.date_long(None) == pages.datetime_long(None) == ""


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        pages.datetime_long(datetime(2019, 6, 3, 14, 5))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("12.500"), "12.5"), (Decimal("1E+3"), "1000"), (Decimal("100"), "100"), (7, "7"), (None, "")],
)
def test_decimals_are_shown_plainly(number: Decimal | int | None, text: str) -> None:
    assert decimal_plain(number) == text


def test_a_misspelt_name_fails_instead_of_printing_nothing() -> None:
    with pytest.raises(UndefinedError):
        _render("{{ refernce }}")
    with pytest.raises(UndefinedError):
        _render("{{ today.yaer }}", today=date(2019, 6, 3))


def test_what_people_typed_is_escaped() -> None:
    assert _render("{{ name }}", name="<b>St Elsewhere</b>") == "&lt;b&gt;St Elsewhere&lt;/b&gt;"


def test_pagination_keeps_the_filters() -> None:
    links = pages.pagination_links(
        Paginator(range(100), 10).page(5), _request("/list/?q=a%26b&page=5&m=ct&m=rt")
    )
    assert links["next"] == {"href": "?q=a%26b&page=6&m=ct&m=rt"}
    assert links["previous"] == {"href": "?q=a%26b&page=4&m=ct&m=rt"}
    assert [item.get("number", "gap") for item in links["items"]] == [1, "gap", 4, 5, 6, "gap", 10]
    assert [item["number"] for item in links["items"] if item.get("current")] == [5]


def test_the_only_page_needs_no_pagination() -> None:
    source = '{% from "components/pagination.html" import pagination %}{{ pagination(page, request) }}'
    assert _render(source, page=Paginator(range(3), 10).page(1)).strip() == ""


def test_the_summary_list_says_what_is_missing_and_where_to_change_it() -> None:
    source = '{% from "components/summary_list.html" import summary_list %}{{ summary_list(rows) }}'
    drawn = _render(source, rows=[("Dose", "", "/dose/"), ("Site", "<North>"), ("People", 0)])
    assert "Not given" in drawn
    assert 'href="/dose/"' in drawn
    assert "&lt;North&gt;" in drawn
    assert drawn.count("Not given") == 1, "nought is an answer"


def test_navigation_shows_each_audience_its_own_entries() -> None:
    registry: Registry[Entry] = Registry("navigation entry")
    registry.register("in", Entry("Sign in", "account_login", frozenset({Audience.PUBLIC}), order=2))
    registry.register("all", Entry("Front", "front_page", order=1))
    registry.register("staff", Entry("Reset", "account_reset_password", frozenset({Audience.STAFF})))
    registry.register("never", Entry("Out", "account_logout", visible=lambda request: False))

    def shown(user: object) -> list[str]:
        return [link.text for link in navigation.links(registry, _request("/account/login/", user))]

    assert shown(None) == ["Front", "Sign in"]
    assert shown(_somebody(is_staff=True)) == ["Front", "Reset"]
    assert shown(_somebody(is_staff=False)) == ["Front"]
    active = [link.text for link in navigation.links(registry, _request("/account/login/")) if link.active]
    assert active == ["Sign in"], "the front page is not an ancestor of everything"


def test_a_link_to_a_route_that_is_not_there_is_an_error() -> None:
    registry: Registry[Entry] = Registry("navigation entry")
    registry.register("typo", Entry("Front", "frnt_page"))
    with pytest.raises(NoReverseMatch):
        navigation.links(registry, _request())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/bad/", 400, "We could not read that request"),
        ("/forbidden/", 403, "Only the employer&#39;s lead may do this."),
        ("/nowhere/", 404, "Page not found"),
        ("/conflict/", 409, "Somebody else changed this"),
        ("/broken/", 500, "Sorry, there is a problem with the service"),
    ],
)
def test_each_failure_has_a_page_of_its_own(path: str, status: int, words: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()


def test_the_page_for_our_own_faults_asks_nothing_of_the_database() -> None:
    request = RequestFactory().get("/broken/")  # no session, no user, and the test may not touch the database
    assert pages.server_error(request).status_code == 500
