"""Default deny, proved on the routes themselves."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include, path, resolve
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from regulator.accounts.middleware import PolicyMiddleware
from regulator.accounts.policies import PUBLIC, declare, policy_of
from regulator.accounts.roles import Role
from tests.factories import EmployerFactory, person


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        where = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, where)
        else:
            yield where, entry


ROUTES = list(routes(get_resolver()))


def undeclared(found: list[tuple[str, URLPattern]]) -> list[str]:
    return [where for where, entry in found if policy_of(entry.callback) is None]


def test_every_route_declares_a_policy() -> None:
    assert undeclared(ROUTES) == []


def test_the_walk_reaches_every_part_of_the_portal() -> None:
    """A walk that missed a part would pass without having looked at it."""
    found = {where for where, _ in ROUTES}
    for part in ("notifications/", "register/", "desk/casework/case/", "account/login/", "healthz"):
        assert part in found, part
    assert any(where.startswith("api/<str:version>/^notifications/") for where in found)
    assert any(where.startswith("api/<str:version>/^register/") for where in found)
    assert any(where.startswith("account/second-factor/totp/") for where in found)


def forgotten(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the view ran")


class Forgotten(APIView):
    def get(self, request: Request, **kwargs: str) -> Response:
        raise AssertionError("the view ran")


class ForgottenSet(ViewSet):
    def list(self, request: Request, **kwargs: str) -> Response:
        raise AssertionError("the view ran")


class ForgottenAdmin(AdminSite):
    """Django's own, which asks for no policy."""


_ROUTER = SimpleRouter()
_ROUTER.register("set", ForgottenSet, basename="set")
urlpatterns = [
    path("page/", forgotten),
    path("api/v1/view/", Forgotten.as_view()),
    path("api/<str:version>/", include(_ROUTER.urls)),
    path("admin/", ForgottenAdmin().urls),
]


@pytest.mark.urls(__name__)
def test_the_walk_finds_a_view_a_viewset_and_an_admin_that_declare_nothing() -> None:
    found = undeclared(list(routes(get_resolver())))
    assert "page/" in found
    assert "api/v1/view/" in found
    assert "api/<str:version>/^set/$" in found
    assert "admin/login/" in found


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("where", ["/page/", "/api/v1/view/", "/api/v1/set/", "/admin/login/"])
def test_what_declares_nothing_is_refused_to_everybody(client: Client, role: Role | None, where: str) -> None:
    if role is not None:
        client.force_login(person(role, EmployerFactory.create()))
    assert client.get(where).status_code == 403


def test_the_middleware_lets_a_declared_view_run(rf: RequestFactory) -> None:
    def remembered(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = rf.get("/remembered/")
    request.user = AnonymousUser()
    middleware = PolicyMiddleware(lambda _: HttpResponse())
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, remembered, (), {})
    assert middleware.process_view(request, declare(PUBLIC)(remembered), (), {}) is None


def filled(where: str) -> str:
    """An address that leads to the route ``where``: every parameter gets a value that fits it."""
    address = re.sub(r"(?<!\?P)<(?:\w+:)?(\w+)>", lambda found: "v1" if found[1] == "version" else "1", where)
    address = re.sub(r"\(\?P<\w+>([^)]*)\)", _matching, address)
    return "/" + re.sub(r"\\Z|\^|\$", "", address)


def _matching(found: re.Match[str]) -> str:
    first = found[1].split("|")[0]
    tried = (first, "1", "2023-24")
    return next(each for each in tried if each.isascii() and re.fullmatch(found[1], each) and "[" not in each)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", [where for where, entry in ROUTES if not (policy_of(entry.callback) or PUBLIC).public]
)
def test_a_visitor_gets_into_no_route_that_is_not_public(client: Client, where: str) -> None:
    """Only an address that leads to this very route says anything about it."""
    address = filled(where)
    assert resolve(address).route.replace("^", "") == where.replace("^", "")
    answer = client.get(address)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/account/login/?next=")
    else:
        assert answer.status_code in {401, 403}
