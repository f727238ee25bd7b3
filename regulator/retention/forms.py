"""What the pages of retention ask for."""

from typing import Any

from django import forms

from regulator.casework.desk import DayInput
from regulator.frontend.fields import PlainErrors
from regulator.organisations.employer_field import EmployerField


class AsOfForm(PlainErrors, forms.Form):
    """On which day: any, past or to come."""

    as_of = forms.DateField(label="Day", widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class HoldReasonForm(PlainErrors, forms.Form):
    """Why a hold on a whole employer is placed or released."""

    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good. Do not name a person.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class EmployerHoldForm(HoldReasonForm):
    """On which employer, and why."""

    employer = EmployerField()
    field_order = ("employer", "reason")
