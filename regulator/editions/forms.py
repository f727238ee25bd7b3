"""What proposing an edition and deciding on it ask for. Each kind adds the boxes of its own content."""

from typing import Any

from django import forms

from regulator.casework.desk import DayInput
from regulator.editions.kinds import Content
from regulator.frontend.fields import PlainErrors, RowVersionField


class ContentForm(PlainErrors, forms.Form):
    """When an edition begins, and why. Subclasses add what it says, and read it (``content``)."""

    holds_from = forms.DateField(label="Holds from", widget=DayInput())
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept for good. Say where CQC published it; do not name a person.",
    )
    again = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """What the boxes show at first of ``content``."""
        return dict(content)

    def content(self) -> dict[str, Any]:
        """What a valid form says. Raises ``ValidationError`` where it cannot be read."""
        raise NotImplementedError

    def shown_again(self, content: Content) -> dict[str, Any]:
        """What a form that was looked at shows of ``content`` where a browser forgets it (a file)."""
        return {}


class RefuseForm(PlainErrors, forms.Form):
    version = RowVersionField()
    reason = forms.CharField(label="Reason", max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class DecideForm(PlainErrors, forms.Form):
    """A decision that needs no words."""

    version = RowVersionField()
