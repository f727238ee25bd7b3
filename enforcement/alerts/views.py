"""The pages of alerts, for anybody: asking, confirming, ending. None is kept by any cache."""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from enforcement.alerts import services
from enforcement.alerts.forms import AskForm
from enforcement.alerts.links import alert_of
from enforcement.alerts.searches import Unusable, in_words, search_of
from regulator.accounts.policies import PUBLIC, declare
from regulator.frontend.unkept import unkept


@declare(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to be told of changes to the list with these filters. The answer is the same for any address."""
    try:
        query = search_of(request.GET)
    except Unusable:
        return render(request, "alerts/unusable.html", status=HTTPStatus.BAD_REQUEST)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        client = get_adapter().get_client_ip(request)
        try:
            services.ask_for_alert(email=form.cleaned_data["email"], query=query, client=client)
        except services.TooOften:
            form.add_error(None, "Too many alerts were asked for from your network. Try again in an hour.")
        else:
            return redirect("alerts:asked")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    context = {"form": form, "search": in_words(query), "query": query, "days": services.OPEN_DAYS}
    return render(request, "alerts/ask.html", context, status=status)


@declare(PUBLIC)
@require_safe
@unkept
def asked(request: HttpRequest) -> HttpResponse:
    """What to do next, for everybody who asked."""
    return render(request, "alerts/asked.html", {"days": services.OPEN_DAYS})


@declare(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """What was asked for in the name of the address, and the button that begins it: opening the link alone,
    as mail scanners do, begins nothing."""
    if request.method == "POST":
        begun = services.confirm(secret=secret)
        if begun is None:
            return _gone(request)
        return render(request, "alerts/begun.html", {"searches": [in_words(each.query) for each in begun]})
    subscriber = services.asked_by(secret)
    if subscriber is None:
        return _gone(request)
    waiting = subscriber.alerts.filter(confirmed_at=None)
    return render(request, "alerts/confirm.html", {"searches": [in_words(each.query) for each in waiting]})


@declare(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End an alert: by the button of the page, or by a mail program's one click (RFC 8058), which has neither
    a cookie nor a token of a form. Ended once more it is ended too."""
    alert = alert_of(token)
    if request.method == "POST":
        if alert is not None:
            services.stop(alert=alert)
        return render(request, "alerts/stopped.html")
    if alert is None:
        return _gone(request)
    return render(request, "alerts/stop.html", {"search": in_words(alert.query)})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "alerts/gone.html", status=HTTPStatus.NOT_FOUND)
