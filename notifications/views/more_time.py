"""Asking CQC for more time for the investigation report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from notifications import forms, queries, services
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed
from regulator.deadlines.requests import open_request


@keeps_typed
@declare(needs("notifications.ask_more_time"))
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Until which day, and why. While no report is awaited, or a request is open, the page says so."""
    notification = queries.detail(reference, signed_in(request))
    form = forms.MoreTimeForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        cleaned = form.cleaned_data
        return services.ask_more_time(
            notification=notification,
            by=signed_in(request),
            version=cleaned["version"],
            asked_until=cleaned["asked_until"],
            reason=cleaned["reason"],
            identifies_nobody=cleaned["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "CQC was asked for more time. The date stands until CQC decides.")
        return redirect("notifications:detail", reference=reference)
    context = {
        "notification": notification,
        "clock": services.awaited_report(notification.case),
        "waiting": open_request(notification.case),
    }
    return page(request, "notifications/more_time.html", form, outcome, **context)
