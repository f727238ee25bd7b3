"""Default deny, proved on the routes themselves."""

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from regulator.accounts.middleware import PolicyMiddleware
from regulator.accounts.policies import PUBLIC, declare, policy_of


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        where = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, where)
        else:
            yield where, entry


ROUTES = list(routes(get_resolver()))


def test_every_route_declares_a_policy() -> None:
    undeclared = [where for where, entry in ROUTES if policy_of(entry.callback) is None]
    assert ROUTES
    assert undeclared == []


def test_a_view_without_a_policy_is_refused_to_everybody(rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.core.exceptions import PermissionDenied
    from django.http import HttpRequest, HttpResponse

    def forgotten(request: HttpRequest) -> HttpResponse:
        raise AssertionError("the view ran")

    request = rf.get("/forgotten/")
    request.user = AnonymousUser()
    middleware = PolicyMiddleware(lambda _: HttpResponse())
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, forgotten, (), {})
    assert middleware.process_view(request, declare(PUBLIC)(forgotten), (), {}) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", [where for where, entry in ROUTES if not (policy_of(entry.callback) or PUBLIC).public]
)
def test_a_visitor_gets_into_no_route_that_is_not_public(client: Client, where: str) -> None:
    """Every parameter is filled with a plausible value: a 200 anywhere is a hole."""
    import re

    path = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: "1" if found[1] == "int" else "x", where)
    path = re.sub(r"\(\?P<\w+>[^)]*\)|\^|\$|\\Z|\\", "x", path)
    response = client.get(path)
    assert response.status_code in {302, 401, 403, 404, 405}
    if response.status_code == 302:
        assert "/account/login/" in response["Location"] or response["Location"].endswith("/")
