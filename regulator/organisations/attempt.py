"""Calling a service from a form, so that a refusal stands beside what was typed and nothing is lost.

Employers' pages, their house and the staff desk all go through here: there is one way of turning a refusal
into words on a page, and into the status of the answer. What casework adds is in ``casework.attempt``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict

from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import Refused, StaleVersion

T = TypeVar("T")
AddErrors = Callable[[forms.Form, ValidationError], None]
REFUSED: Final = "refused"
FORBIDDEN: Final = "forbidden"
_STATUS: Final = {REFUSED: HTTPStatus.CONFLICT, FORBIDDEN: HTTPStatus.FORBIDDEN}


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """Whether the deed was done, and what it answered; else the status that says why not, and where
    somebody else was faster, that."""

    done: bool
    status: HTTPStatus = HTTPStatus.OK
    value: T | None = None
    stale: StaleVersion | None = None


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Beside its field where the form has it, also under a dotted name (``imaging.other_unit``); above
    the form where it has not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.error_dict.items():
        form.add_error(box_of(form, name), messages)


def box_of(form: forms.Form, name: str) -> str | None:
    """The field of the form that a fault of that name belongs to, if it has one."""
    last = name.rpartition(".")[2]
    return last if last in form.fields and last != NON_FIELD_ERRORS else None


def attempt(form: forms.Form, deed: Callable[[], T], *, add: AddErrors = add_errors) -> Outcome[T]:
    """Do ``deed`` for a valid ``form``; a refusal becomes the form's errors.

    400 for what the service finds wrong with what was typed, 409 for what cannot be done now, 403 for
    what this person may not do. After a ``StaleVersion`` the form carries the current version, so that
    sending it again, knowingly, replaces what the other person wrote.
    """
    try:
        return Outcome(done=True, value=deed())
    except ValidationError as error:
        add(form, error)
        return Outcome(done=False, status=HTTPStatus.BAD_REQUEST)
    except Refused as refused:
        stale = refused if isinstance(refused, StaleVersion) else None
        if stale is not None:
            carry_version(form, stale.current)
        form.add_error(None, ValidationError(str(refused), code=REFUSED))
        return Outcome(done=False, status=HTTPStatus.CONFLICT, stale=stale)
    except NotPermitted:
        form.add_error(None, ValidationError("You may not do this here.", code=FORBIDDEN))
        return Outcome(done=False, status=HTTPStatus.FORBIDDEN)


def status_of(form: forms.Form) -> HTTPStatus:
    """The status of a page that shows the form: 200, or why what was sent was not done."""
    for error in form.non_field_errors().as_data():
        if error.code in _STATUS:
            return _STATUS[error.code]
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def carry_version(form: forms.Form, version: int) -> None:
    """Let a form that was sent show ``version`` in its hidden field; one without the field is left alone."""
    if "version" in form.fields:
        carry(form, {"version": version})


def carry(form: forms.BaseForm, values: Mapping[str, object]) -> None:
    """Let a form that was sent show these values in its boxes when it goes out again."""
    if isinstance(form.data, QueryDict):
        data = form.data.copy()
        for name, value in values.items():
            data[form.add_prefix(name)] = str(value)
        form.data = data
