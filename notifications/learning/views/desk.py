"""A learning case as staff read it, what waits, and withdrawing one whose notification is redacted."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from notifications.learning import services
from notifications.learning.conditions import restricted_since
from notifications.learning.desk import standing
from notifications.learning.doubts import Doubts, doubts_about
from notifications.learning.facts import filed_otherwise
from notifications.learning.lifecycle import APPROVE, PUBLISHED
from notifications.learning.models import LearningCase, PublishedLearning
from notifications.learning.queries import being_done, readable_by, restrictions_of
from notifications.learning.said import filed
from notifications.learning.uniqueness import RECENT_YEARS
from regulator.accounts.policies import signed_in
from regulator.casework.services import record_view
from regulator.frontend.fields import PlainErrors
from regulator.organisations.attempt import attempt
from regulator.organisations.policies import NotPermitted, may

UNREADABLE: Final = "There is no such learning case, or it is not for you to read."
_A_PAGE: Final = 50
_FURTHEST: Final = 2**63 - 1
_PEOPLE: Final = ("written_by", "edited_by", "proposed_by", "returned_by", "approved_by", "ended_by")


class WithdrawForm(PlainErrors, forms.Form):
    """Why it goes, of the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        help_text="Kept for good. Do not name a person.",
    )


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is written and waits on notifications that this person may see, and the library. At most 8
    queries at any size."""
    by = signed_in(request)
    open_ones = being_done(by).select_related("notification__case", *_PEOPLE)
    linked = LearningCase.objects.filter(public_number=OuterRef("pk"), state=PUBLISHED)
    library = PublishedLearning.objects.standing().annotate(has_case=Exists(linked))
    context = {
        **_around(request, "Learning cases"),
        "top": True,
        "open": [(each, standing(each)) for each in open_ones.order_by("edited_at", "pk")[:_A_PAGE]],
        "page": Paginator(library, _A_PAGE).get_page(request.GET.get("page")),
        "may_withdraw": may(by, APPROVE),
    }
    return TemplateResponse(request, "admin/learning/overview.html", context)


@require_safe
def learning_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One revision as the public reads or would read it, how it is filed, and what the checks find in it now,
    while it is open; whether its notification says otherwise since, and whether it is public though that was
    restricted since. At most 12 queries."""
    learning = learning_for(request, pk)
    case = learning.notification.case
    doubts = doubts_about(learning, case) if learning.is_open else None
    context = {
        **_around(request, str(learning)),
        "learning": learning,
        "case": case,
        "where": standing(learning),
        "since": restricted_since(learning, restrictions_of(case.pk) if case.is_restricted else ()),
        "filed": filed(learning),
        "otherwise": _otherwise(learning),
        "doubts": doubts,
        "steps": _steps(doubts),
        "years": RECENT_YEARS,
        "kept": learning.doubts.get("told", []),
    }
    return TemplateResponse(request, "admin/learning/learning.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, number: int) -> HttpResponse:
    """Take out of the library what no case leads to any more: 302, else the form with what was wrong (400,
    403, 409). At most 8 queries."""
    entry = PublishedLearning.objects.standing().filter(number=min(number, _FURTHEST)).first()
    if entry is None:
        raise Http404("No learning case stands at this number.")
    form = WithdrawForm(request.POST or None, initial={"revision": entry.revision}, label_suffix="")
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            by = signed_in(request)

            def deed() -> bool:
                services.withdraw_published(number=entry.number, by=by, **form.cleaned_data)
                return True

            outcome = attempt(form, deed)
            if outcome.done:
                messages.success(request, "Withdrawn. Its address says so from now on.")
                return redirect("admin:learning_learningcase_changelist")
            status = outcome.status
    context = {**_around(request, "Withdraw from the library"), "form": form, "entry": entry}
    return TemplateResponse(request, "admin/learning/withdraw.html", context, status=status)


def learning_for(request: HttpRequest, pk: int) -> LearningCase:
    """The learning case, if this person may read it; else, and for one that was redacted, ``Http404``. That
    they look at one of a restricted case is recorded."""
    by = signed_in(request)
    related = ("notification__case__employer", "notification__cqc_cause", "cause", *_PEOPLE)
    found = readable_by(by).select_related(*related).filter(pk=min(pk, _FURTHEST)).first()
    if found is None or found.notification.case.redacted_at is not None:
        raise Http404(UNREADABLE)
    try:
        record_view(case=found.notification.case, by=by, what="learning case", path=request.path)
    except NotPermitted as refused:
        raise Http404(UNREADABLE) from refused
    return found


def _otherwise(learning: LearningCase) -> list[str]:
    """What of one that is open or public its notification says otherwise since."""
    if not learning.is_open and learning.state != PUBLISHED:
        return []
    return list(filed_otherwise(learning, learning.notification).values())


def _steps(doubts: Doubts | None) -> list[dict[str, Any]]:
    """The counts as a table: as it is told, and after each way of telling less."""
    if doubts is None:
        return []
    finding = doubts.finding
    rows = [("As it is told now", finding.tally), *((way.how, tally) for way, tally in finding.coarser)]
    return [
        {"how": how[:1].upper() + how[1:], "tally": tally, "rare": "Rare" if tally.is_rare else "Not rare"}
        for how, tally in rows
    ]


def _around(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": LearningCase._meta}
