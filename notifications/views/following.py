"""A submitted notification: where it stands, answers to CQC, taking it back.

A case that is not theirs is not found (404).
"""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.receipts import as_pdf
from notifications.summary import summary
from notifications.timeline import employer_timeline
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import Policy, declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES, roles_with
from regulator.accounts.typed import keeps_typed
from regulator.casework.models import InformationRequest
from regulator.casework.services import record_view

RECEIPT_READERS: Final = Policy(
    "who follows notifications", roles=roles_with("notifications.follow") | roles_with("casework.read")
)


@declare(needs("notifications.follow"))
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """A submitted notification: where it stands, its clocks, what CQC asked, and what was told."""
    notification = queries.detail(reference, signed_in(request))
    clocks = queries.clocks(notification)
    requests = queries.information_requests(notification)
    asked = queries.extension_requests(notification)
    case = notification.case
    context = {
        "notification": notification,
        "case": case,
        "summary": summary(notification),
        "report": queries.filed_report(notification),
        "actions": queries.actions_of(notification),
        "clocks": clocks,
        "requests": requests,
        "more_time": asked[0] if asked else None,
        "may_ask": any(each.kind == "report" and each.is_open for each in clocks)
        and not any(each.is_open for each in asked),
        "timeline": employer_timeline(notification, questions=requests, requests=asked),
        "versions": queries.versions_of(notification),
        "correction": queries.correction_of(notification),
        "attachments": queries.employer_attachments(notification),
        "may_report": services.report_refusal(notification) == "",
        "may_amend": services.amendment_refusal(case) == "",
        "may_withdraw": services.withdrawal_refusal(case) == "",
    }
    return render(request, "notifications/detail.html", context)


@declare(RECEIPT_READERS)
@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt as a tagged PDF, for the employer's people and for staff. A draft has none (404). Staff who
    read that of a restricted case are recorded."""
    by = signed_in(request)
    kept = queries.receipt(reference, by)
    if by.role:
        record_view(case=kept.notification.case, by=by, what="receipt", path=request.path)
    answer = HttpResponse(as_pdf(kept), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{kept.facts["reference"]}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@keeps_typed
@declare(needs("casework.answer_request"))
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Answer a question that CQC put, once: a second answer is refused, and shown the first."""
    notification = queries.detail(reference, signed_in(request))
    asked = get_object_or_404(
        InformationRequest.objects.select_related("answered_by"), pk=pk, case=notification.case
    )
    form = forms.AnswerForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        return services.answer_request(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            request=asked,
            answer=form.cleaned_data["answer"],
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "Your answer was sent to CQC.")
        return redirect("notifications:detail", reference=reference)
    if (
        outcome.status == HTTPStatus.CONFLICT
    ):  # a colleague may have answered it meanwhile, or the case be over
        asked = InformationRequest.objects.select_related("answered_by").get(pk=asked.pk)
        notification.case.refresh_from_db(fields=["status"])
    context = {
        "notification": notification,
        "asked": asked,
        "refusal": services.answering_refusal(notification.case),
        "attachments": queries.employer_attachments(notification),
    }
    return page(request, "notifications/answer.html", form, outcome, **context)


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
            identifies_nobody=cleaned["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The notification was withdrawn.")
        return redirect("notifications:detail", reference=reference)
    context = {"notification": notification, "refusal": services.withdrawal_refusal(notification.case)}
    return page(request, "notifications/withdraw.html", form, outcome, **context)
