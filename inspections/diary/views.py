"""The diary on the desk, and the feed that a calendar reads."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from inspections.diary import queries, services
from inspections.diary.feed import as_calendar
from inspections.diary.models import FeedKey
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import PUBLIC, declare, signed_in
from regulator.organisations.policies import may
from regulator.organisations.refusals import Refused

MAKE, END = "make", "end"


@require_http_methods(["GET", "HEAD", "POST"])
def diary_page(request: HttpRequest) -> HttpResponse:
    """Who leads how much; one's own dates; and the address of one's feed, made anew or ended by POST.

    At most 8 SQL queries at any number of inspections. The address is on the answer to the POST that made it
    and never again.
    """
    by = signed_in(request)
    keeps = may(by, services.KEEP)
    if request.method != "POST":
        return _page(request, by, keeps)
    if not keeps:
        return _page(request, by, keeps, status=HTTPStatus.FORBIDDEN)
    if request.POST.get("do") == MAKE:
        secret = services.make_key(by=by)
        address = f"{settings.PORTAL_URL}{reverse('diary_feed', args=[secret])}"
        return _page(request, by, keeps, address=address)
    if request.POST.get("do") == END:
        try:
            services.end_key(by=by)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "The address opens nothing any more.")
        return redirect("admin:diary_feedkey_changelist")
    return _page(request, by, keeps, status=HTTPStatus.BAD_REQUEST)


@declare(PUBLIC)
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The diary of whoever the secret belongs to, as iCalendar. 404 for any other: it says nothing of why."""
    key = FeedKey.objects.usable(secret)
    if key is None or not may(key.person, services.KEEP):
        raise Http404("There is no such calendar.")
    found = queries.entries(key.person)
    answer = HttpResponse(as_calendar(found, now=clock.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="inspections.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _page(
    request: HttpRequest, by: User, keeps: bool, *, address: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Diary",
        "opts": FeedKey._meta,
        "loads": queries.workload(),
        "unled": queries.unled(),
        "keeps": keeps,
        "address": address,
    }
    if keeps:
        context["coming"] = queries.coming(queries.entries(by))
        context["key"] = FeedKey.objects.filter(person=by, ended_at__isnull=True).first()
    return TemplateResponse(request, "admin/diary/diary.html", context, status=status)
