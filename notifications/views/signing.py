"""The signer's pages: a public link, useless without the code that goes to the same address.

Every answer says that nothing may keep it. ``Referrer-Policy`` is ``same-origin``: with ``no-referrer`` a
browser would send ``Origin: null`` with the form, which the check against forged requests refuses.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import content_of, digest
from notifications.models import SignOff
from notifications.signing import READING_LASTS
from notifications.summary import heading, summary
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import PUBLIC, declare
from regulator.accounts.typed import keep, keeps_typed

View = Callable[[HttpRequest, str], HttpResponse]
OPENED: Final = "sign_offs_opened"
ANSWERED: Final = "sign_offs_answered"


def unkept(view: View) -> View:
    """Let no cache, search engine or other site learn of the page or its address; say in plain words where a
    link leads nowhere."""

    @wraps(view)
    def marked(request: HttpRequest, token: str) -> HttpResponse:
        try:
            answer = view(request, token)
        except Http404:
            answer = render(request, "sign_off/gone.html", status=HTTPStatus.NOT_FOUND)
        answer["Cache-Control"] = "private, no-store"
        answer["Referrer-Policy"] = "same-origin"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return marked


@declare(PUBLIC)
@require_http_methods(["GET", "POST"])
@unkept
def start(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked of whoever has the link, and the button that sends the code. Nothing of the draft."""
    asked = queries.open_sign_off(token)
    form = forms.ConfirmForm(sent(request))

    def deed() -> None:
        services.send_code(sign_off=asked, client=get_adapter().get_client_ip(request))

    outcome = posted(request, form, deed)
    if outcome.done:
        return redirect("sign_off:code", token=token)
    return page(request, "sign_off/start.html", form, outcome, asked=asked)


@declare(PUBLIC)
@require_http_methods(["GET", "POST"])
@unkept
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The code. What is wrong with a wrong one is not said."""
    asked = queries.open_sign_off(token)
    form = forms.CodeForm(sent(request))
    outcome = posted(request, form, lambda: _enter(asked, form.cleaned_data["code"]))
    if outcome.done:
        request.session.cycle_key()
        _remember(request, OPENED, asked)
        return redirect("sign_off:read", token=token)
    return page(request, "sign_off/code.html", form, outcome, asked=asked, token=token)


@keeps_typed
@declare(PUBLIC)
@require_http_methods(["GET", "POST"])
@unkept
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The draft, read-only, and the decision; for whoever entered the code of this link, for 30 minutes."""
    asked = queries.open_sign_off(token)
    if not _remembered(request, OPENED, asked):
        if keep(request, read):
            messages.info(request, "Your half hour is over. Ask for a new code: what you typed is kept.")
        return redirect("sign_off:start", token=token)
    form = forms.DecideForm(sent(request))

    def deed() -> SignOff:
        chosen = form.cleaned_data
        if chosen["decision"] == "sign":
            return services.sign(sign_off=asked, read=request.POST.get("read", ""))
        return services.send_back(
            sign_off=asked, comment=chosen["comment"], identifies_nobody=chosen["identifies_nobody"]
        )

    outcome = posted(request, form, deed)
    if outcome.done:
        _remember(request, ANSWERED, asked)
        return redirect("sign_off:done", token=token)
    notification = queries.whole().get(pk=asked.notification_id)
    context = {
        "asked": asked,
        "heading": heading(notification),
        "summary": summary(notification),
        "read": digest(content_of(notification)),
    }
    why = "Check what you typed before your half hour was over, and send it."
    return page(request, "sign_off/read.html", form, outcome, typed_why=why, **context)


@declare(PUBLIC)
@require_safe
@unkept
def done(request: HttpRequest, token: str) -> HttpResponse:
    """That the answer arrived; for whoever gave it."""
    asked = SignOff.objects.filter(token_digest=queries.token_digest(token)).first()
    if asked is None or not _remembered(request, ANSWERED, asked):
        raise Http404("This link leads nowhere.")
    return render(request, "sign_off/done.html", {"asked": asked})


def _enter(asked: SignOff, typed: str) -> None:
    if not services.enter_code(sign_off=asked, code=typed):
        raise ValidationError({"code": "The code is wrong or has expired. Check it, or ask for a new one"})


def _remember(request: HttpRequest, what: str, asked: SignOff) -> None:
    """Note in the session until when this request stands open (or answered) to whoever has the session."""
    until = (clock.now() + READING_LASTS).timestamp()
    request.session[what] = {**request.session.get(what, {}), str(asked.pk): until}


def _remembered(request: HttpRequest, what: str, asked: SignOff) -> bool:
    until = float(request.session.get(what, {}).get(str(asked.pk), 0))
    return clock.now().timestamp() < until
