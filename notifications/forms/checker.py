"""The checker's pages as forms: each made of the questions that matter, every one with "I do not know"."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms

from notifications.criteria.facts import FACTS, Fact
from notifications.criteria.incident import WrongAnswers, read_incident
from notifications.criteria.units import units_of
from regulator import clock
from regulator.frontend.fields import GovukDateField, PlainErrors

_NOT_KNOWN: Final = ("unknown", "I do not know")
_UNKNOWN: Final = "Leave empty if it is not known."
_YES_NO_UNKNOWN: Final = (("yes", "Yes"), ("no", "No"), _NOT_KNOWN)


class CheckerForm(PlainErrors, forms.Form):
    """Some of the questions. ``answers()`` gives what was answered, as ``criteria.incident`` reads it."""

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        for name in self.names:
            fact = FACTS[name]
            self.fields[name] = _field(fact)
            if fact.dimension:
                self.fields[f"{name}_unit"] = _units(fact)

    def clean(self) -> dict[str, Any]:
        """Let the checker itself say what it cannot read, beside the question."""
        try:
            read_incident(self.answers(), today=clock.today())
        except WrongAnswers as wrong:
            for name, message in wrong.faults.items():
                self.add_error(name, message)
        return self.cleaned_data

    def answers(self) -> dict[str, str]:
        """What was answered, unknown ones included, for a query string."""
        found = {}
        for name, value in self.cleaned_data.items():
            text = value.isoformat() if isinstance(value, date) else str(value or "")
            if text and not (
                name.endswith("_unit") and not self.cleaned_data.get(name.removesuffix("_unit"))
            ):
                found[name] = text
        return found


def _field(fact: Fact) -> forms.Field:
    label, hint = fact.question, fact.hint
    if fact.kind in ("choice", "yes_no"):
        choices = _YES_NO_UNKNOWN if fact.kind == "yes_no" else (*fact.choices, _NOT_KNOWN)
        return forms.ChoiceField(
            label=label, help_text=hint, choices=choices, required=False, widget=forms.RadioSelect
        )
    if fact.kind == "date":
        noun = fact.short[:1].upper() + fact.short[1:]
        return GovukDateField(label=label, noun=noun, required=False, not_in_future=True, help_text=hint)
    keyboard = "numeric" if fact.kind == "count" else "decimal"
    return forms.CharField(
        label=label,
        help_text=f"{hint} {fact.limits} {_UNKNOWN}".strip(),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": keyboard}),
    )


def _units(fact: Fact) -> forms.ChoiceField:
    units = units_of(fact.dimension) if fact.dimension else ()
    label = f"Unit of the {fact.short}"
    return forms.ChoiceField(label=label, choices=[(unit, unit) for unit in units], required=False)
