"""What every page with a form does here: do the deed, or show why it was refused."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from regulator.organisations.refusals import Refused, StaleVersion

_REFUSED: Final = "refused"


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing; ``None`` where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def done(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent, was sound, and the deed was done; a refusal becomes the form's errors.

    Where somebody else was faster the form carries the present version: sent again, knowingly, it replaces
    what they wrote.
    """
    if not form.is_valid():
        return False
    try:
        deed()
    except ValidationError as wrong:
        _add_errors(form, wrong)
        return False
    except Refused as refused:
        if isinstance(refused, StaleVersion):
            carry_version(form, refused.current)
        form.add_error(None, ValidationError(str(refused), code=_REFUSED))
        return False
    return True


def carry_version(form: forms.Form, version: int) -> None:
    """Let a form that was sent show ``version`` in its hidden field; one without the field is left alone."""
    if "version" in form.fields and isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["version"] = str(version)


def _add_errors(form: forms.Form, refused: ValidationError) -> None:
    """Beside its field where the form has it, above the form where it has not."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def status(form: forms.Form) -> HTTPStatus:
    """200; 400 for a page that shows what is wrong with what was typed, 409 for what cannot be done now."""
    if any(error.code == _REFUSED for error in form.non_field_errors().as_data()):
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
