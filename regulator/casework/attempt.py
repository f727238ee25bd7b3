"""Calling a service from a form, so that a refusal stands beside what was typed and nothing is lost.

Employers' pages and the staff desk both go through here: there is one way of turning a refusal into words on
a page, and into the status of the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict

from regulator.casework.confirmation import in_words
from regulator.casework.errors import NotPermitted, Refused, StaleVersion
from regulator.casework.services.identifiers import LONGEST_REASON, IdentifiersFound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """Whether the deed was done, and what it answered; else the status that says why not, and where
    somebody else was faster, that."""

    done: bool
    status: HTTPStatus = HTTPStatus.OK
    value: T | None = None
    stale: StaleVersion | None = None


class ConfirmsIdentifiers(forms.Form):
    """A form whose text is checked for identifiers. It asks why they identify nobody only once some stand."""

    identifies_nobody = forms.CharField(
        label="This identifies nobody because …",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.HiddenInput,
        error_messages={"max_length": f"Use {LONGEST_REASON:,} characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and str(self.data.get(self.add_prefix("identifies_nobody"), "")).strip():
            self.ask_why_nobody("Leave it empty if nothing was found.")

    def ask_why_nobody(self, hint: str) -> None:
        """Show the box for the reason below all others, with what it must answer for."""
        field = self.fields["identifies_nobody"] = self.fields.pop("identifies_nobody")
        vars(self)["_bound_fields_cache"].pop("identifies_nobody", None)  # it has the former hint
        field.widget = forms.Textarea(attrs={"rows": 3})
        field.help_text = hint


def attempt(form: forms.Form, deed: Callable[[], T]) -> Outcome[T]:
    """Do ``deed`` for a valid ``form``; a refusal becomes the form's errors.

    400 for what the service finds wrong with what was typed, 409 for what cannot be done now, 403 for
    what this person may not do. After a ``StaleVersion`` the form carries the current version, so that
    sending it again, knowingly, replaces what the other person wrote.
    """
    try:
        return Outcome(done=True, value=deed())
    except ValidationError as error:
        if isinstance(error, IdentifiersFound) and isinstance(form, ConfirmsIdentifiers):
            form.ask_why_nobody(f"Found: {error.summary}.")
        _add_errors(form, error)
        return Outcome(done=False, status=HTTPStatus.BAD_REQUEST)
    except StaleVersion as stale:
        carry_version(form, stale.current)
        form.add_error(None, str(stale))
        return Outcome(done=False, status=HTTPStatus.CONFLICT, stale=stale)
    except Refused as refused:
        form.add_error(None, str(refused))
        return Outcome(done=False, status=HTTPStatus.CONFLICT)
    except NotPermitted:
        form.add_error(None, "You may not do this on this case.")
        return Outcome(done=False, status=HTTPStatus.FORBIDDEN)


def carry_version(form: forms.Form, version: int) -> None:
    """Let a form that was sent show ``version`` in its hidden field; one without the field is left alone."""
    if "version" not in form.fields or not isinstance(form.data, QueryDict):
        return
    data = form.data.copy()
    data[form.add_prefix("version")] = str(version)
    form.data = data


def _add_errors(form: forms.Form, error: ValidationError) -> None:
    """Beside its field where the form has it, also under a dotted name (``imaging.other_unit``); above
    the form where it has not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.error_dict.items():
        last = name.rpartition(".")[2]
        shown = last in form.fields and last != NON_FIELD_ERRORS
        if isinstance(error, IdentifiersFound) and not shown:
            messages = [
                ValidationError(f"{in_words(name)}: {text}") for each in messages for text in each.messages
            ]
        form.add_error(last if shown else None, messages)
