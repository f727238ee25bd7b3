"""The employer's pages: home, the draft section by section, submitting, and what follows.

Each page parses, calls one service or query, and renders. A case that is not theirs is not found (404).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import DraftContent, ReportContent
from notifications.models import Notification
from notifications.rules import validate_for_submission
from notifications.sections import SECTIONS, section
from notifications.summary import heading, summary
from regulator.accounts.models import User
from regulator.accounts.policies import EMPLOYER, declare, needs
from regulator.casework.attempt import Outcome, attempt
from regulator.casework.models import InformationRequest
from regulator.organisations.queries import employers_of

PAGE_SIZE = 25
T = TypeVar("T")


def _user(request: HttpRequest) -> User:
    """The person signed in; the route's policy lets nobody else reach a view."""
    assert isinstance(request.user, User)
    return request.user


@declare(EMPLOYER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due, and every case that the employer may see: drafts, notifications, inspections, notices."""
    cases = queries.cases_for_home(_user(request))
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/home.html", {"page": page})


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft. It has no reference until it is submitted, so an abandoned one leaves no gap."""
    user = _user(request)
    form = forms.StartForm(request.POST or None, employers=employers_of(user))

    def deed() -> Notification:
        chosen = form.cleaned_data
        return services.start_draft(
            employer=chosen["employer"], by=user, content=DraftContent(modality=chosen["modality"])
        )

    outcome = _posted(request, form, deed)
    if outcome.value is not None:
        return redirect("notifications:draft", pk=outcome.value.pk)
    return _page(request, "notifications/start.html", form)


@declare(needs("notifications.draft"))
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft's sections, and how much of each is filled in."""
    notification = _draft(request, pk)
    sections = [
        (each, sum(1 for _, answer in rows if answer), len(rows)) for each, rows in summary(notification)
    ]
    context = {"notification": notification, "sections": sections, "heading": heading(notification)}
    return render(request, "notifications/draft.html", context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One section. Saving goes on to the next; the last goes to the check page."""
    notification = _draft(request, pk)
    try:
        part = section(slug)
    except LookupError:
        raise Http404("There is no such section.") from None
    form = part.form(notification)(
        request.POST or None,
        initial=part.initial(notification) | {"version": notification.case.version},
        notification=notification,
    )

    def deed() -> Notification:
        content = part.changed(notification, form.cleaned_data)
        version = form.cleaned_data["version"]
        return services.save_draft(
            notification=notification, by=_user(request), version=version, content=content
        )

    outcome = _posted(request, form, deed)
    if outcome.done:
        return _after(part.slug, pk)
    context = {"notification": notification, "section": part, "sections": SECTIONS}
    return _page(request, "notifications/section.html", form, outcome, **context)


@declare(needs("notifications.submit"))
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was answered, what is still missing, the declaration, and the button."""
    notification = _draft(request, pk)
    form = forms.SubmitForm(request.POST or None, initial={"version": notification.case.version})

    def deed() -> Notification:
        version = form.cleaned_data["version"]
        return services.submit(notification=notification, by=_user(request), version=version)

    outcome = _posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The notification was submitted. A receipt is on its way to you by e-mail.")
        return redirect("notifications:detail", reference=notification.case.reference)
    context = {
        "notification": notification,
        "summary": summary(notification),
        "missing": _missing(notification),
    }
    return _page(request, "notifications/check.html", form, outcome, **context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after asking."""
    notification = _draft(request, pk)
    form = forms.VersionForm(request.POST or None, initial={"version": notification.case.version})

    def deed() -> object:
        version = form.cleaned_data["version"]
        return services.discard(notification=notification, by=_user(request), version=version)

    outcome = _posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The draft was discarded.")
        return redirect("notifications:home")
    return _page(request, "notifications/discard.html", form, outcome, notification=notification)


@declare(needs("notifications.follow"))
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """A submitted notification: where it stands, its clocks, what CQC asked, and what was told."""
    notification = queries.detail(reference, _user(request))
    context = {
        "notification": notification,
        "case": notification.case,
        "summary": summary(notification),
        "report": queries.filed_report(notification),
        "clocks": queries.clocks(notification),
        "requests": queries.information_requests(notification),
        "timeline": queries.employer_timeline(notification),
        "attachments": queries.employer_attachments(notification),
        "may_report": services.report_refusal(notification) == "",
    }
    return render(request, "notifications/detail.html", context)


@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """File the investigation report, in its eight sections."""
    notification = queries.detail(reference, _user(request))
    form = forms.ReportForm(request.POST or None, initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = dict(form.cleaned_data)
        version = cleaned.pop("version")
        content = ReportContent(**cleaned)
        return services.file_report(
            notification=notification, by=_user(request), version=version, report=content
        )

    outcome = _posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The investigation report was filed.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/report.html", form, outcome, notification=notification)


@declare(needs("casework.answer_request"))
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Answer a question that CQC put."""
    notification = queries.detail(reference, _user(request))
    asked = get_object_or_404(InformationRequest, pk=pk, case=notification.case)
    form = forms.AnswerForm(request.POST or None, initial={"version": notification.case.version})

    def deed() -> object:
        return services.answer_request(
            notification=notification,
            by=_user(request),
            version=form.cleaned_data["version"],
            request=asked,
            answer=form.cleaned_data["answer"],
        )

    outcome = _posted(request, form, deed)
    if outcome.done:
        messages.success(request, "Your answer was sent to CQC.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/answer.html", form, outcome, notification=notification, asked=asked)


@declare(needs("notifications.withdraw"))
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a notification back, with a reason."""
    notification = queries.detail(reference, _user(request))
    form = forms.WithdrawForm(request.POST or None, initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = form.cleaned_data
        return services.withdraw(
            notification=notification, by=_user(request), version=cleaned["version"], reason=cleaned["reason"]
        )

    outcome = _posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The notification was withdrawn.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/withdraw.html", form, outcome, notification=notification)


def _draft(request: HttpRequest, pk: int) -> Notification:
    """A draft of theirs; once submitted it is read under its reference, and changed no more."""
    notification = queries.draft(pk, _user(request))
    if notification.case.status != notification.case.spec.lifecycle.initial:
        raise Http404("This is not a draft any more.")
    return notification


def _posted(request: HttpRequest, form: django_forms.Form, deed: Callable[[], T]) -> Outcome[T]:
    """Do the deed where the form was sent and is sound."""
    if request.method != "POST" or not form.is_valid():
        return Outcome(done=False)
    return attempt(form, deed)


def _page(
    request: HttpRequest,
    template: str,
    form: django_forms.Form,
    outcome: Outcome[Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """The form's page: 200 to fill it in, 400 with what is wrong, 409 where somebody else was faster."""
    status = 200
    if form.errors:
        status = 409 if outcome is not None and outcome.stale else 400
    return render(request, template, {"form": form, **context}, status=status)


def _missing(notification: Notification) -> list[tuple[str, str]]:
    """What still stops a submission: the message, and the section that mends it."""
    faults = validate_for_submission(notification)
    home_of = {name: part.slug for part in SECTIONS for name in part.field_names(notification)}
    return [
        (message, home_of.get(name.rpartition(".")[2], SECTIONS[0].slug))
        for name, found in faults.items()
        for message in found
    ]


def _after(slug: str, pk: int) -> HttpResponse:
    slugs = [each.slug for each in SECTIONS]
    following = slugs.index(slug) + 1
    if following < len(slugs):
        return redirect("notifications:edit", pk=pk, slug=slugs[following])
    return redirect("notifications:check", pk=pk)
