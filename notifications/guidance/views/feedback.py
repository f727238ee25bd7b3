"""Saying whether a page was useful, for anybody. None of these pages is kept by any cache."""

from http import HTTPStatus
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from notifications.guidance import services
from notifications.guidance.forms import YES, FeedbackForm
from notifications.guidance.pages import PAGES, Page
from regulator.accounts.policies import PUBLIC, declare
from regulator.frontend.unkept import unkept
from regulator.organisations.attempt import add_errors


@declare(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def give(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Yes or no, and a comment. The page that is spoken of links here with the answer chosen
    (``?useful=yes``): opening the link says nothing yet."""
    page = _page(kind, key)
    initial = {"useful": request.GET.get("useful", "")}
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _take(request, form, kind, key)
        if status == HTTPStatus.CREATED:
            return redirect(f"{reverse('feedback:thanks')}?{urlencode({'kind': kind, 'page': key})}")
    context = {"form": form, "page": page, "years": services.COMMENT_DAYS // 365}
    return render(request, "guidance/feedback.html", context, status=status)


@declare(PUBLIC)
@require_safe
@unkept
def thanks(request: HttpRequest) -> HttpResponse:
    """For everybody who said something, with the way back to the page that they spoke of
    (``?kind=guidance&page=its-key``); to all guidance where there is no such page."""
    kind, key = request.GET.get("kind", ""), request.GET.get("page", "")
    page = _found(kind, key) if slug_re.match(key) else None
    return render(request, "guidance/thanks.html", {"page": page})


def _page(kind: str, key: str) -> Page:
    page = _found(kind, key)
    if page is None:
        raise Http404("There is no such page.")
    return page


def _found(kind: str, key: str) -> Page | None:
    return PAGES.get(kind).find(key) if kind in PAGES else None


def _take(request: HttpRequest, form: FeedbackForm, kind: str, key: str) -> HTTPStatus:
    """Keep what a sound form says. What is wrong with it is added to the form, and nothing typed is lost."""
    if not form.is_valid():
        return HTTPStatus.BAD_REQUEST
    client = get_adapter().get_client_ip(request)
    useful, comment = form.cleaned_data["useful"] == YES, form.cleaned_data["comment"]
    try:
        services.give_feedback(kind=kind, page_key=key, useful=useful, comment=comment, client=client)
    except ValidationError as wrong:
        add_errors(form, wrong)
        return HTTPStatus.BAD_REQUEST
    except services.TooOften:
        form.add_error(None, "Too much was sent from your network. Try again in an hour.")
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.CREATED
