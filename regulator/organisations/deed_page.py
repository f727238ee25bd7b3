"""A page on which somebody does one thing: its form, and where the deed was refused the form again."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from regulator.organisations.attempt import Outcome, attempt

__all__ = ["answer_deed"]

Attempt = Callable[[forms.Form, Callable[[], HttpResponse]], Outcome[HttpResponse]]


def answer_deed(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], HttpResponse],
    page: Callable[[HTTPStatus], HttpResponse],
    *,
    done: str = "",
    trying: Attempt = attempt,
) -> HttpResponse:
    """What ``deed`` answers to a valid form that was sent, with ``done`` said on the page that it leads to.

    Else ``page`` with its status: 200 where nothing was sent, 400 for what was typed wrong, 403 for what this
    person may not do, 409 for what cannot be done now; the form then says why. ``trying`` calls the service:
    ``casework.attempt.attempt`` where the text of the form is checked for identifiers.
    """
    if request.method != "POST":
        return page(HTTPStatus.OK)
    if not form.is_valid():
        return page(HTTPStatus.BAD_REQUEST)
    outcome = trying(form, deed)
    if outcome.value is None:
        return page(outcome.status)
    if done:
        messages.success(request, done)
    return outcome.value
