"""What every page with a form does here: do the deed, or show why it was refused."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, QueryDict

from regulator.organisations.attempt import attempt
from regulator.organisations.attempt import carry_version as carry_version
from regulator.organisations.attempt import status_of as status


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing; ``None`` where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def done(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent, was sound, and the deed was done; a refusal becomes the form's errors."""
    return form.is_valid() and attempt(form, deed).done


__all__ = ["carry_version", "done", "sent", "status"]
