"""A submitted notification: where it stands, its report, answers to CQC, taking it back.

A case that is not theirs is not found (404).
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import ReportContent
from notifications.summary import summary
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.accounts.typed import keeps_typed
from regulator.casework.models import InformationRequest


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


@keeps_typed
@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """File the investigation report, in its eight sections."""
    notification = queries.detail(reference, signed_in(request))
    form = forms.ReportForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = dict(form.cleaned_data)
        version = cleaned.pop("version")
        content = ReportContent(**cleaned)
        return services.file_report(
            notification=notification, by=signed_in(request), version=version, report=content
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The investigation report was filed.")
        return redirect("notifications:detail", reference=reference)
    return page(request, "notifications/report.html", form, outcome, notification=notification)


@keeps_typed
@declare(needs("casework.answer_request"))
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Answer a question that CQC put."""
    notification = queries.detail(reference, signed_in(request))
    asked = get_object_or_404(InformationRequest, pk=pk, case=notification.case)
    form = forms.AnswerForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        return services.answer_request(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            request=asked,
            answer=form.cleaned_data["answer"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "Your answer was sent to CQC.")
        return redirect("notifications:detail", reference=reference)
    return page(request, "notifications/answer.html", form, outcome, notification=notification, asked=asked)


@keeps_typed
@declare(needs("notifications.withdraw", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a notification back, with a reason."""
    notification = queries.detail(reference, signed_in(request))
    form = forms.WithdrawForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = form.cleaned_data
        return services.withdraw(
            notification=notification,
            by=signed_in(request),
            version=cleaned["version"],
            reason=cleaned["reason"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The notification was withdrawn.")
        return redirect("notifications:detail", reference=reference)
    return page(request, "notifications/withdraw.html", form, outcome, notification=notification)
