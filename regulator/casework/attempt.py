"""What a form adds whose text is checked for identifiers: why they identify nobody.

Calling a service from a form at all is ``organisations.attempt``.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from regulator.casework.confirmation import in_words
from regulator.casework.services.identifiers import LONGEST_REASON, IdentifiersFound
from regulator.organisations import attempt as plain
from regulator.organisations.attempt import Outcome as Outcome
from regulator.organisations.attempt import carry_version as carry_version

T = TypeVar("T")


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
    """As ``organisations.attempt``; where identifiers were found the form asks for the reason as well."""
    return plain.attempt(form, deed, add=_add_errors)


def _add_errors(form: forms.Form, error: ValidationError) -> None:
    """Where an identifier stands in a text that the form has no box for, its name is told with it."""
    if not isinstance(error, IdentifiersFound):
        plain.add_errors(form, error)
        return
    if isinstance(form, ConfirmsIdentifiers):
        form.ask_why_nobody(f"Found: {error.summary}.")
    for name, messages in error.error_dict.items():
        box = plain.box_of(form, name)
        if box is None:
            messages = [
                ValidationError(f"{in_words(name)}: {text}") for each in messages for text in each.messages
            ]
        form.add_error(box, messages)
