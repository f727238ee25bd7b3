"""What the employer asks and corrects after submission."""

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.forms.filing import VersionForm
from notifications.forms.questions import LONGEST_TEXT
from regulator.frontend.fields import GovukDateField


class MoreTimeForm(VersionForm):
    """Until which day more time for the report is asked for, and why."""

    asked_until = GovukDateField(
        label="Until which day?",
        noun="The day",
        help_text="Later than it is due now, and at most one year from today. For example, 27 3 2026.",
    )
    reason = forms.CharField(
        label="Why is more time needed?",
        help_text="Say what still has to be done, and by whom in roles. Name nobody.",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Give a reason"},
    )


class AmendForm(VersionForm):
    """Why a submitted notification is corrected. Carries the version of the correction, not of the case."""

    reason = forms.CharField(
        label="Why is it corrected?",
        help_text="Kept with the earlier version, and read by CQC. Name nobody.",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it is corrected"},
    )
