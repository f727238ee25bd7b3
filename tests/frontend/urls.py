"""Routes for the tests of the pages' ground: sign-in, and views that fail in each way."""

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from regulator import pages
from regulator.accounts.policies import PUBLIC, declare_all


def _bad(request: HttpRequest) -> HttpResponse:
    raise BadRequest("no")


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the employer's lead may do this.")


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns: list[URLPattern | URLResolver] = declare_all(
    PUBLIC,
    [
        path("account/", include("regulator.accounts.urls")),
        path("account/sessions/", include("regulator.people.account_urls")),
        path("notifications/", include("notifications.urls")),
        path("employer/", include("regulator.organisations.urls")),
        path("check/", include("notifications.urls_checker")),
        path("guidance/", include("notifications.guidance.urls")),
        path("digest/", include("notifications.guidance.digest_urls")),
        path("learning/", include("notifications.learning.urls")),
        path("register/", include("enforcement.register.urls")),
        path("statistics/", include("regulator.statistics.totals.urls")),
        path("statistics/", include("regulator.statistics.reports.urls")),
        path("desk/", admin.site.urls),
        path("bad/", _bad),
        path("forbidden/", _forbidden),
        path("broken/", _broken),
        path("conflict/", pages.conflict),
        path("home/", pages.page_not_found, name="home_for_role"),
        path("", pages.page_not_found, name="front_page"),
    ],
)
handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
