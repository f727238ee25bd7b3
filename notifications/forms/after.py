"""What the employer asks and corrects after submission."""

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.forms.filing import VersionForm
from notifications.forms.questions import LONGEST_TEXT
from regulator.frontend.fields import GovukDateField


class MoreTimeForm(VersionForm):
    """Until which day more time for the report is asked for, and why."""

    asked_until = GovukDateField(
        label="What date do you need?",
        noun="The new date",
        help_text="After the date it is due now, and no more than one year from today.",
    )
    reason = forms.CharField(
        label="Why do you need more time?",
        help_text="Say what still has to be done, and who will do it. Use roles, not names.",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter why you need more time"},
    )


class AmendForm(VersionForm):
    """Why a submitted notification is corrected. Carries the version of the correction, not of the case."""

    reason = forms.CharField(
        label="Why are you correcting it?",
        help_text="CQC reads this, and keeps it with the earlier version. Use roles, not names.",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter why you are correcting it"},
    )
