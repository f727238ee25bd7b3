"""What the desk's deeds on an annual report ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regulator.casework.reasons import LONGEST as LONGEST_REASON
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.periods import Period, reporting_year_as_typed
from regulator.statistics.reports.prose import LONGEST

__all__ = ["BlockForm", "CorrectForm", "FreezeForm", "PublishForm", "SignForm", "StartForm"]


class _DeskForm(PlainErrors, forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class StartForm(_DeskForm):
    year = forms.CharField(
        label="Reporting year", max_length=20, help_text="April to March, like 2023/24.", strip=True
    )

    def clean_year(self) -> Period:
        """The period that was typed."""
        try:
            return reporting_year_as_typed(self.cleaned_data["year"])
        except ValueError as wrong:
            raise ValidationError(str(wrong).replace("%", "%%")) from wrong


class BlockForm(_DeskForm):
    """``version`` is the number of the text's version that was read."""

    version = RowVersionField()
    text = forms.CharField(
        label="Text",
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="A blank line ends a paragraph; a line that begins with a dash is a point of a list. A "
        "number stands by its name in two braces, like {{ notifications_total }}. {{ case_12 }} on a line of "
        "its own tells case 12 of the library of learning. Do not name a person.",
    )
    find = forms.CharField(
        label="Find the name of a number, or a case",
        required=False,
        max_length=60,
        help_text="Words of what it is, such as “wrong patient”.",
    )


class FreezeForm(_DeskForm):
    """``seen`` is the digest of what the page showed."""

    version = RowVersionField()
    seen = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)


class SetAgainForm(_DeskForm):
    version = RowVersionField()


class SignForm(_DeskForm):
    version = RowVersionField()
    freeze = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class PublishForm(_DeskForm):
    version = RowVersionField()


class CorrectForm(_DeskForm):
    version = RowVersionField()
    reason = forms.CharField(
        label="What was wrong, and what this edition corrects",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The public reads it on the corrected report. Do not name a person.",
    )
