"""The employer's pages: home, the draft section by section, submitting, and what follows.

Each page parses, calls one service or query, and renders. A case that is not theirs is not found (404).
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import DraftContent, ReportContent
from notifications.models import Notification
from notifications.rules import validate_for_submission
from notifications.sections import Section, section, sections_of
from notifications.summary import Row, heading, summary
from regulator.accounts.policies import EMPLOYER, declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework.attempt import Outcome, attempt, carry_version
from regulator.casework.models import InformationRequest
from regulator.organisations.queries import employers_of

PAGE_SIZE = 25
T = TypeVar("T")


@declare(EMPLOYER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due, and every case that the employer may see: drafts, notifications, inspections, notices."""
    cases = queries.cases_for_home(signed_in(request))
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/home.html", {"page": page})


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft. It has no reference until it is submitted, so an abandoned one leaves no gap."""
    user = signed_in(request)
    form = forms.StartForm(_sent(request), employers=employers_of(user))

    def deed() -> Notification:
        chosen = form.cleaned_data
        return services.start_draft(
            employer=chosen["employer"], by=user, content=DraftContent(modality=chosen["modality"])
        )

    outcome = _posted(request, form, deed)
    if outcome.value is not None:
        return redirect("notifications:draft", pk=outcome.value.pk)
    return _page(request, "notifications/start.html", form, outcome)


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
        part = section(slug, notification)
    except LookupError:
        raise Http404("There is no such section.") from None
    form = part.form(notification)(
        _sent(request),
        initial=part.initial(notification) | {"version": notification.case.version},
        notification=notification,
    )

    def deed() -> Notification:
        content = part.changed(notification, form.cleaned_data)
        version = form.cleaned_data["version"]
        return services.save_draft(
            notification=notification, by=signed_in(request), version=version, content=content
        )

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        return _after(part.slug, outcome.value or notification)
    saved = _saved(request, pk, part) if outcome.stale else []
    context = {"notification": notification, "section": part, "saved": saved}
    return _page(request, "notifications/section.html", form, outcome, **context)


@declare(needs("notifications.submit"))
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was answered, what is still missing, the declaration, and the button.

    Sent twice, the second is told under which reference the first arrived.
    """
    if request.method == "POST" and (sent := queries.draft(pk, signed_in(request)).case.reference):
        return _sent_already(request, sent)
    notification = _draft(request, pk)
    form = forms.SubmitForm(_sent(request), initial={"version": notification.case.version})

    def deed() -> Notification:
        version = form.cleaned_data["version"]
        return services.submit(notification=notification, by=signed_in(request), version=version)

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The notification was submitted. A receipt is on its way to you by e-mail.")
        return redirect("notifications:detail", reference=notification.case.reference)
    if outcome.status == HTTPStatus.CONFLICT and (
        sent := queries.draft(pk, signed_in(request)).case.reference
    ):
        return _sent_already(request, sent)
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
    form = forms.VersionForm(_sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        version = form.cleaned_data["version"]
        return services.discard(notification=notification, by=signed_in(request), version=version)

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The draft was discarded.")
        return redirect("notifications:home")
    return _page(request, "notifications/discard.html", form, outcome, notification=notification)


@declare(needs("notifications.follow"))
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """A submitted notification: where it stands, its clocks, what CQC asked, and what was told."""
    notification = queries.detail(reference, signed_in(request))
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
    notification = queries.detail(reference, signed_in(request))
    form = forms.ReportForm(_sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = dict(form.cleaned_data)
        version = cleaned.pop("version")
        content = ReportContent(**cleaned)
        return services.file_report(
            notification=notification, by=signed_in(request), version=version, report=content
        )

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The investigation report was filed.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/report.html", form, outcome, notification=notification)


@declare(needs("casework.answer_request"))
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Answer a question that CQC put."""
    notification = queries.detail(reference, signed_in(request))
    asked = get_object_or_404(InformationRequest, pk=pk, case=notification.case)
    form = forms.AnswerForm(_sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        return services.answer_request(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            request=asked,
            answer=form.cleaned_data["answer"],
        )

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "Your answer was sent to CQC.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/answer.html", form, outcome, notification=notification, asked=asked)


@declare(needs("notifications.withdraw", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a notification back, with a reason."""
    notification = queries.detail(reference, signed_in(request))
    form = forms.WithdrawForm(_sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = form.cleaned_data
        return services.withdraw(
            notification=notification,
            by=signed_in(request),
            version=cleaned["version"],
            reason=cleaned["reason"],
        )

    outcome = _posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The notification was withdrawn.")
        return redirect("notifications:detail", reference=reference)
    return _page(request, "notifications/withdraw.html", form, outcome, notification=notification)


def _draft(request: HttpRequest, pk: int) -> Notification:
    """A draft of theirs; once submitted it is read under its reference, and changed no more."""
    notification = queries.draft(pk, signed_in(request))
    if notification.case.status != notification.case.spec.lifecycle.initial:
        raise Http404("This is not a draft any more.")
    return notification


def _saved(request: HttpRequest, pk: int, part: Section) -> list[Row]:
    """What a colleague's faster save left in this section."""
    answers = dict(summary(_draft(request, pk)))[part]
    return [(question, answer) for question, answer in answers if answer]


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing; ``None`` where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _sent_already(request: HttpRequest, reference: str) -> HttpResponse:
    messages.info(request, f"This notification was submitted already, as {reference}. It was not sent twice.")
    return redirect("notifications:detail", reference=reference)


def _posted(
    request: HttpRequest,
    form: django_forms.Form,
    deed: Callable[[], T],
    notification: Notification | None = None,
) -> Outcome[T]:
    """Do the deed where the form was sent and is sound.

    A form that lost its version gets the present one, so that it can be sent again.
    """
    if request.method != "POST":
        return Outcome(done=False)
    if form.is_valid():
        return attempt(form, deed)
    if notification is not None and "version" in form.errors:
        carry_version(form, notification.case.version)
    return Outcome(done=False, status=HTTPStatus.BAD_REQUEST)


def _page(
    request: HttpRequest, template: str, form: django_forms.Form, outcome: Outcome[Any], **context: Any
) -> HttpResponse:
    """The form's page: 200 to fill it in, 400 with what is wrong, 403 or 409 with why it was refused."""
    return render(request, template, {"form": form, **context}, status=outcome.status)


def _missing(notification: Notification) -> list[tuple[str, str]]:
    """What still stops a submission: the message, and the section that mends it."""
    faults = validate_for_submission(notification)
    parts = sections_of(notification)
    home_of = {name: part.slug for part in parts for name in part.field_names(notification)}
    return [
        (message, home_of.get(name.rpartition(".")[2], parts[0].slug))
        for name, found in faults.items()
        for message in found
    ]


def _after(slug: str, notification: Notification) -> HttpResponse:
    """On to the section after ``slug``; to the check page after the last. The modality comes before all."""
    slugs = [each.slug for each in sections_of(notification)]
    following = slugs.index(slug) + 1 if slug in slugs else 0
    if following < len(slugs):
        return redirect("notifications:edit", pk=notification.pk, slug=slugs[following])
    return redirect("notifications:check", pk=notification.pk)
