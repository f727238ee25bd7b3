"""The ground that every page stands on: the Jinja2 environment, its filters, and the error pages.

What stands on a page is its app's business; forms are drawn by ``regulator.frontend.forms``.
"""

from collections import ChainMap
from collections.abc import MutableMapping
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script
from django.views.decorators.csrf import requires_csrf_token
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined, Template

from regulator import clock
from regulator.accounts.typed import keep
from regulator.deadlines.kinds import Counting
from regulator.deadlines.rules import rule_on
from regulator.frontend import forms, navigation
from regulator.frontend.fields import decimal_plain
from regulator.problems import concerns_api, problem_without_view

# The environment -----------------------------------------------------------------------------------


GOVUK = "govuk_frontend_jinja"


class QuickEnvironment(Environment):
    """Templates share the environment's globals as they are.

    Each time one imports a macro, Jinja compares the globals of the two: a hundred times for a page with a
    form. Of a dictionary that costs nothing, of the ``ChainMap`` that Jinja makes for each template a tenth
    of the page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals


class PageEnvironment(QuickEnvironment):
    """Ours are strict: a misspelt variable fails in its test instead of printing nothing.

    GOV.UK's macros ask their one mapping for keys that most callers leave out, and so are compiled in an
    environment of their own, which forgives that. Both escape.
    """

    govuk: Environment

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if isinstance(name, str) and name.startswith(f"{GOVUK}/"):
            return self.govuk.get_template(name)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> Environment:
    """The environment of every Jinja2 template of the portal."""
    made = PageEnvironment(**options | {"autoescape": True, "undefined": StrictUndefined})
    made.govuk = QuickEnvironment(
        loader=PrefixLoader({GOVUK: PackageLoader(GOVUK)}),
        autoescape=True,
        undefined=ChainableUndefined,
        auto_reload=made.auto_reload,
    )
    made.globals.update(
        static=static,
        url=url,
        now=clock.now,
        today=clock.today,
        demonstration=settings.DEMONSTRATION,
        asks_staff_for_second_step=lambda: settings.STAFF_SECOND_FACTOR,
        limit_of=limit_of,
        identity_provider=identity_provider,
        lets_staff_in_by_password=lambda: settings.DEMONSTRATION and not settings.STAFF_SECOND_FACTOR,
        field=partial(forms.field, made),
        form_errors=forms.errors_of,
        flash_messages=get_messages,
        navigation_links=partial(navigation.links, navigation.NAVIGATION),
        footer_links=partial(navigation.links, navigation.FOOTER),
        pagination_links=pagination_links,
    )
    made.filters.update(
        date_long=date_long,
        datetime_long=datetime_long,
        time_short=time_short,
        decimal_plain=decimal_plain,
        json_script=json_script,
    )
    return made


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named route. Raises ``NoReverseMatch``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def limit_of(clock_kind: str) -> str:
    """How long there is, for a clock that starts today: "14 days", "20 working days". One query."""
    rule = rule_on(clock_kind, clock.today())
    return f"{rule.days} {'days' if rule.counting is Counting.CALENDAR else rule.counting.value}"


def identity_provider() -> str:
    """What the staff's identity provider is called, where one is configured."""
    return settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS else ""


# Filters -------------------------------------------------------------------------------------------


def date_long(value: date | datetime | None) -> str:
    """ "3 June 2019", in Europe/London; nothing for ``None``. A naive time raises ``ValueError``."""
    if value is None:
        return ""
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{day.day} {day:%B} {day.year}"


def datetime_long(value: datetime | None) -> str:
    """ "3 June 2019 at 2:05pm", in Europe/London; nothing for ``None``. Naive raises ``ValueError``."""
    if value is None:
        return ""
    return f"{date_long(value)} at {time_short(value)}"


def time_short(value: datetime) -> str:
    """ "2:05pm", in Europe/London. A naive time raises ``ValueError``."""
    moment = timezone.localtime(value)
    return f"{moment.hour % 12 or 12}:{moment:%M}{'am' if moment.hour < 12 else 'pm'}"


# Pagination ----------------------------------------------------------------------------------------


def pagination_links(page: "Page[Any]", request: HttpRequest, parameter: str = "page") -> dict[str, Any]:
    """What the pagination macro takes: links to other pages of the same list, keeping its filters."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links: dict[str, Any] = {
        "items": [
            {"number": number, "href": address(number), "current": number == page.number}
            if isinstance(number, int)
            else {"ellipsis": True}
            for number in numbers
        ]
    }
    if page.has_previous():
        links["previous"] = {"href": address(page.previous_page_number())}
    if page.has_next():
        links["next"] = {"href": address(page.next_page_number())}
    return links


# Error pages ---------------------------------------------------------------------------------------


def _error(request: HttpRequest, status: HTTPStatus, **context: object) -> HttpResponse:
    if concerns_api(request):
        return problem_without_view(status, str(context.get("reason", "")))
    return render(request, f"errors/{status.value}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or what was sent makes no sense."""
    return _error(request, HTTPStatus.BAD_REQUEST)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not for this. The reason given to the exception is shown, being ours."""
    return _error(request, HTTPStatus.FORBIDDEN, stale_form=False, reason=str(exception or ""), back="")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token does not fit, mostly because the page stood open over a sign-out.

    What was typed is kept, and seen again in its form before it is sent again; not what another site sent.
    """
    from_elsewhere = reason.startswith(("Origin checking", "Referer checking"))
    view = request.resolver_match.func if request.resolver_match else None
    back = request.get_full_path() if not from_elsewhere and keep(request, view) else ""
    return _error(request, HTTPStatus.FORBIDDEN, stale_form=True, reason="", back=back)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing that this person may know of."""
    return _error(request, HTTPStatus.NOT_FOUND)


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """409: somebody else changed it first. For deeds that have no form to return to."""
    return _error(request, HTTPStatus.CONFLICT, reason=str(exception or ""))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Asks neither the session nor the database, either of which may be what failed."""
    return _error(request, HTTPStatus.INTERNAL_SERVER_ERROR)
