"""The forms of the gate's own pages: entries that no notice stands behind."""

from typing import Any, Final

from django import forms

from enforcement.gate.desk_forms import add_correctable
from enforcement.register.models import RegisterEntry
from enforcement.register.services import snapshot_of
from regulator.frontend.fields import PlainErrors

LONGEST_SEARCH: Final = 200


class FindForm(forms.Form):
    """Which imported entry."""

    q = forms.CharField(label="Employer or place", max_length=LONGEST_SEARCH, required=False)


class _OfAnEntry(PlainErrors, forms.Form):
    """A deed on an entry at the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    why = forms.CharField(
        label="What is wrong, and how you know",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        help_text="Do not name a person.",
    )

    def __init__(self, *args: Any, entry: RegisterEntry, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["version"].initial = entry.version


class RemoveForm(_OfAnEntry):
    """Why the entry should not stand."""


class CorrectForm(_OfAnEntry):
    """What the entry is to say. What is left as it stands does not change."""

    def __init__(self, *args: Any, entry: RegisterEntry, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        add_correctable(self, snapshot_of(entry))


class ReadForm(PlainErrors, forms.Form):
    """That the second person has read what the public is going to read."""

    entry_read = forms.BooleanField(
        label="I have read what the register will say",
        error_messages={"required": "Read it first."},
        label_suffix="",
    )


class ReasonForm(PlainErrors, forms.Form):
    """Why it goes back."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        help_text="Kept for good. Do not name a person.",
        label_suffix="",
    )
