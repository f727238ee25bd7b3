"""What proposing an override and deciding on one ask for."""

from typing import Any

from django import forms

from regulator.casework.desk import DayInput
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.risk.models import RiskOverride


class ProposeForm(PlainErrors, forms.Form):
    direction = forms.ChoiceField(
        label="What to do", choices=RiskOverride.Direction.choices, widget=forms.RadioSelect
    )
    until = forms.DateField(label="Until", widget=DayInput(), help_text="At most a year ahead.")
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good. What do you know that the score does not? Do not name a person.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class DecideForm(PlainErrors, forms.Form):
    """A decision that needs no words."""

    version = RowVersionField()


class RefuseForm(PlainErrors, forms.Form):
    version = RowVersionField()
    reason = forms.CharField(label="Reason", max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
