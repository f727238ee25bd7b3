"""What every page with a form does here: do the deed, or show why it was refused."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing; ``None`` where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def done(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent, was sound, and the deed was done; a refusal becomes the form's errors."""
    if not form.is_valid():
        return False
    try:
        deed()
    except ValidationError as refused:
        _add_errors(form, refused)
        return False
    return True


def _add_errors(form: forms.Form, refused: ValidationError) -> None:
    """Beside its field where the form has it, above the form where it has not."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def status(form: forms.Form) -> HTTPStatus:
    """400 for a page that shows what is wrong, else 200."""
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
