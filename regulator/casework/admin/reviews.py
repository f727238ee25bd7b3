"""The weeks in which restricted cases were opened, and the page on which one is looked through and signed."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods, require_safe

from regulator import clock
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs, signed_in
from regulator.casework.attempt import attempt
from regulator.casework.models import WeekReview
from regulator.casework.reviews import digest_of, place, summary, unreviewed, views_in, weeks
from regulator.casework.services import sign_week
from regulator.casework.services.reviewing import signing_refusal
from regulator.casework.weeks import WEEK, week_of

A_PAGE = 100


class SignForm(forms.Form):
    """What struck whoever looked the week through."""

    remark = forms.CharField(
        label="Remark",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What struck you, and what you did about it. Kept for good. Do not name a person.",
    )


class WeekReviewAdmin(DeskModelAdmin):
    """Weeks of views, for enforcement managers and auditors."""

    read_permission = "casework.review_views"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(week_list), name="casework_weekreview_changelist"),
                path("<slug:week>/", desk(week_page), name="casework_weekreview_change"),
            ],
        )


@require_safe
def week_list(request: HttpRequest) -> HttpResponse:
    """Every week in which a restricted case was opened, the latest first; ``state=waiting``: those that wait
    to be signed. At most 8 queries."""
    is_waiting = request.GET.get("state") == "waiting"
    context = {
        **admin.site.each_context(request),
        "title": "Who opened restricted cases",
        "page": Paginator(unreviewed() if is_waiting else weeks(), 52).get_page(request.GET.get("page")),
        "this_week": week_of(clock.now()),
        "is_waiting": is_waiting,
    }
    return TemplateResponse(request, "admin/casework/weekreview/weeks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def week_page(request: HttpRequest, week: str) -> HttpResponse:
    """One week: who looked at what, how often and under which right; every single look; and the signature.

    A POST signs: 302 when done, 400 or 409 with what was typed where it is refused. 404 for a week in which
    nobody looked. At most 8 queries.
    """
    monday = _monday(week)
    by = signed_in(request)
    form = SignForm(request.POST or None, label_suffix="")
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            outcome = attempt(form, lambda: sign_week(week=monday, by=by, **form.cleaned_data))
            if outcome.done:
                messages.success(request, "You signed this week.")
                return redirect("admin:casework_weekreview_change", week)
            status = outcome.status
    return TemplateResponse(
        request, "admin/casework/weekreview/week.html", _context(request, monday, form), status=status
    )


def _context(request: HttpRequest, monday: date, form: SignForm) -> dict[str, Any]:
    review = WeekReview.objects.filter(week=monday).select_related("signed_by", "event__typed").first()
    shown = Paginator(views_in(monday), A_PAGE).get_page(request.GET.get("page"))
    if not shown.paginator.count:
        raise Http404("Nobody opened a restricted case in that week.")
    return {
        **admin.site.each_context(request),
        "title": "Who opened restricted cases",
        "week": monday,
        "sunday": monday + WEEK - date.resolution,
        "summary": summary(monday),
        "page": shown,
        "views": [(view, place(view.what)) for view in shown.object_list],
        "review": review,
        "is_as_signed": review is None or _is_as_signed(review),
        "refusal": "" if review else signing_refusal(monday, signed_in(request)),
        "form": form,
    }


def _is_as_signed(review: WeekReview) -> bool:
    """Whether the rows are still those that were signed. One query."""
    views, sha256 = digest_of(review.week)
    said = review.event.payload
    return bool(said["views"] == views and said["sha256"] == sha256)


def _monday(week: str) -> date:
    """The Monday that an address names, in the one way in which it is written. ``Http404`` for nonsense."""
    try:
        monday = date.fromisoformat(week)
    except ValueError as nonsense:
        raise Http404("There is no such week.") from nonsense
    if week != monday.isoformat():
        raise Http404("There is no such week.")
    return monday
