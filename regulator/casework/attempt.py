"""Calling a service from a form, so that a refusal stands beside what was typed and nothing is lost.

Employers' pages and the staff desk both go through here: there is one way of turning a refusal into words on
a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from regulator.casework.errors import NotPermitted, Refused, StaleVersion

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """Whether the deed was done, what it answered, and where somebody else was faster, that."""

    done: bool
    value: T | None = None
    stale: StaleVersion | None = None


def attempt(form: forms.Form, deed: Callable[[], T]) -> Outcome[T]:
    """Do ``deed`` for a valid ``form``; a refusal becomes the form's errors.

    After a ``StaleVersion`` the form carries the current version, so that sending it again, knowingly,
    replaces what the other person wrote.
    """
    try:
        return Outcome(done=True, value=deed())
    except ValidationError as error:
        _add_errors(form, error)
    except StaleVersion as stale:
        _carry_version(form, stale.current)
        form.add_error(None, str(stale))
        return Outcome(done=False, stale=stale)
    except (Refused, NotPermitted) as refused:
        form.add_error(None, str(refused))
    return Outcome(done=False)


def _add_errors(form: forms.Form, error: ValidationError) -> None:
    """Beside its field where the form has it, also under a dotted name (``imaging.other_unit``); above
    the form where it has not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.error_dict.items():
        last = name.rpartition(".")[2]
        form.add_error(last if last in form.fields and last != NON_FIELD_ERRORS else None, messages)


def _carry_version(form: forms.Form, version: int) -> None:
    if not isinstance(form.data, dict):  # Django's own QueryDict is one too
        raise TypeError(f"{type(form.data).__name__} cannot carry a version")
    data = form.data.copy()
    data[form.add_prefix("version")] = str(version)
    form.data = data
