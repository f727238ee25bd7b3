"""The kinds of question that the employer's forms ask, each with the right not to answer yet."""

from typing import Any, Final, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Model

from regulator.frontend.fields import DecimalField

F = TypeVar("F", bound=forms.Field)

LONGEST_TEXT: Final = 100_000
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def yes_no(label: str, help_text: str = "") -> forms.TypedChoiceField:
    """A question with two answers and the right not to answer yet: ``True``, ``False`` or ``None``."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=_YES_NO,
        required=False,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )


def pick(label: str, choices: Any, help_text: str = "") -> forms.ChoiceField:
    """A choice shown as radios, not yet demanded."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect, help_text=help_text
    )


def several(label: str, choices: Any, help_text: str = "") -> forms.MultipleChoiceField:
    """A choice of any number, shown as boxes to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def listed(label: str, choices: Any, empty: str, help_text: str = "") -> forms.ChoiceField:
    """A choice from a list, with ``empty`` as its first line."""
    return forms.ChoiceField(
        label=label, choices=[("", empty), *choices], required=False, help_text=help_text
    )


def prose(label: str, help_text: str = "", rows: int = 5) -> forms.CharField:
    """A text of any sensible length: what happened does not fit into a box of 2,000 characters, so no
    counter is shown."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def line(label: str, longest: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=longest)


def count(label: str, help_text: str = "", *, least: int = 0, most: int = 32_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": f"{label} must be a whole number, like 3"},
    )


def quantity(
    label: str, unit: str, *, digits: int = 12, places: int = 4, help_text: str = ""
) -> DecimalField:
    return DecimalField(
        label=label,
        unit=unit,
        max_digits=digits,
        decimal_places=places,
        min_value=0,
        required=False,
        help_text=help_text,
    )


class StoredChoice(forms.ChoiceField):
    """A choice whose list is read only where it is looked at: what is ``stored`` already is not checked
    against it again."""

    stored: str = ""

    def valid_value(self, value: Any) -> bool:
        return value == self.stored or super().valid_value(value)


class UncheckedChoices(forms.MultipleChoiceField):
    """A choice of any number whose list is read only to be shown: the service checks what was chosen."""

    def valid_value(self, value: Any) -> bool:
        return True


class StoredRow(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows; the one that is ``stored`` already is in hand and is not read again."""

    stored: Model | None = None

    def to_python(self, value: Any) -> Any:
        if self.stored is not None and str(value) == str(self.stored.pk):
            return self.stored
        return super().to_python(value)


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Let the form's choice of that name offer ``choices``."""
    own_field(form, name, forms.ChoiceField).choices = choices


def own_field(form: forms.Form, name: str, kind: type[F]) -> F:
    """The form's own field of that name, as the kind that its class declares."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name!r} is a {type(field).__name__}, not a {kind.__name__}")
    return field
