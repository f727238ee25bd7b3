"""The employer's side of a sign-off: asking, following, cancelling, and the employer's own rule."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from notifications import forms, queries, services
from notifications.models import SignOff
from notifications.signing import standings
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed
from regulator.organisations.house import pages_for
from regulator.organisations.queries import employers_of
from regulator.organisations.services import set_sign_off_rule


@keeps_typed
@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was asked to sign the draft off and what they said; asking somebody."""
    notification = queries.unsent(pk, signed_in(request))
    form = forms.AskSignOffForm(sent(request))

    def deed() -> SignOff:
        return services.ask_for_sign_off(
            notification=notification, by=signed_in(request), **form.cleaned_data
        )

    outcome = posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The request was sent. You will get an email when it is answered.")
        return redirect("notifications:sign-off", pk=pk)
    asked = list(queries.sign_offs(pk))
    context = {
        "notification": notification,
        "sign_offs": standings(notification, asked),
    }
    return page(request, "notifications/sign_off.html", form, outcome, **context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int, sign_off: int) -> HttpResponse:
    """Take a request back, after asking."""
    notification = queries.unsent(pk, signed_in(request))
    asked = get_object_or_404(queries.sign_offs(pk), pk=sign_off)
    form = forms.ConfirmForm(sent(request))

    def deed() -> SignOff:
        return services.cancel_sign_off(notification=notification, sign_off=asked, by=signed_in(request))

    outcome = posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The request was cancelled.")
        return redirect("notifications:sign-off", pk=pk)
    context = {"notification": notification, "asked": asked}
    return page(request, "notifications/sign_off_cancel.html", form, outcome, **context)


@declare(needs("organisations.set_sign_off_rule"))
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """Whether the employer wants every notification signed off. Its lead says so."""
    employer = get_object_or_404(employers_of(signed_in(request)), key=key)
    initial = {"demanded": "yes" if employer.requires_sign_off else "no"}
    form = forms.SignOffRuleForm(sent(request), initial=initial)

    def deed() -> object:
        demanded = form.cleaned_data["demanded"]
        return set_sign_off_rule(employer=employer, demanded=demanded, by=signed_in(request))

    outcome = posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The rule was saved.")
        return redirect("notifications:sign-off-rule", key=key)
    house = pages_for(employer, signed_in(request))
    context = {"employer": employer, "house": house}
    return page(request, "notifications/sign_off_rule.html", form, outcome, **context)
