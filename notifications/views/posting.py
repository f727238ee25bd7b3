"""What every page with a form does: take what was sent, do the deed, show the form with what was refused."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Protocol, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from regulator.accounts.typed import forget, kept
from regulator.casework.attempt import Outcome, attempt, carry_version
from regulator.casework.models import Case

T = TypeVar("T")


class HasCase(Protocol):
    """What a form is about: something that has a case, whose version it carries."""

    @property
    def case(self) -> Case: ...


_TYPED_BEFORE: Final = "You were signed out before this was saved. Check what you typed, and send it."


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing. Where the page is only looked at: what was typed before a
    sign-out, to be checked and sent again; else ``None``."""
    return request.POST if request.method == "POST" else kept(request)


def posted(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], T],
    notification: HasCase | None = None,
) -> Outcome[T]:
    """Do the deed where the form was sent and is sound.

    A form that lost its version gets the present one, so that it can be sent again.
    """
    if request.method != "POST":
        return Outcome(done=False)
    if form.is_valid():
        outcome = attempt(form, deed)
        if outcome.done:
            forget(request)
        return outcome
    if notification is not None and "version" in form.errors:
        carry_version(form, notification.case.version)
    return Outcome(done=False, status=HTTPStatus.BAD_REQUEST)


def refused(form: forms.Form, why: str) -> Outcome[Any]:
    """What was sent cannot be done any more, whatever it says: the form as it was typed, with the reason."""
    form.is_valid()
    form.add_error(None, why)
    return Outcome(done=False, status=HTTPStatus.CONFLICT)


def page(
    request: HttpRequest, template: str, form: forms.Form, outcome: Outcome[Any], **context: Any
) -> HttpResponse:
    """The form's page: 200 to fill it in, 400 with what is wrong, 403 or 409 with why it was refused."""
    typed_before = request.method == "GET" and form.is_bound
    if typed_before:
        messages.info(request, context.get("typed_why", _TYPED_BEFORE))
    context |= {"form": form, "typed_before": typed_before}
    return render(request, template, context, status=outcome.status)
