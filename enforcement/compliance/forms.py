"""The employer's forms about a notice that was served on it."""

from typing import Final

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.forms.filing import VersionForm
from notifications.forms.questions import LONGEST_TEXT, prose
from regulator.frontend.fields import GovukDateField

_NO_NAMES: Final = "CQC reads this. Use roles, not names."
_FILES: Final = "A PDF, Word, Excel, PNG, JPEG, CSV or text file, up to 25 MB."
_EMPTY: Final = "The file is empty. Choose another"


def _required(label: str, error: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": error},
    )


class EvidenceForm(VersionForm):
    """What was done about one part of the notice, and a file that shows it."""

    text = _required("What was done, and since when?", "Enter what was done", _NO_NAMES)
    file = forms.FileField(
        label="A file that shows it",
        required=False,
        help_text=f"{_FILES} You can add more, one at a time.",
        error_messages={"empty": _EMPTY},
    )


class SubmitEvidenceForm(VersionForm):
    """What is said of the evidence as a whole, and the declaration."""

    about = prose("Is there anything else that CQC should know?", "Use roles, not names.", 4)
    declaration = forms.BooleanField(
        label="The employer has agreed this evidence, and it identifies no person",
        error_messages={"required": "Confirm the declaration to submit the evidence"},
    )


class MoreTimeForm(VersionForm):
    """Until which day more time is asked for, and why."""

    asked_until = GovukDateField(
        label="What date do you need?",
        noun="The new date",
        help_text="After the date for compliance now, and no more than one year from today.",
    )
    reason = _required("Why do you need more time?", "Enter why you need more time", _NO_NAMES)


class TradeSecretForm(VersionForm):
    """A claim that the entry of the register would tell a trade secret."""

    text = _required(
        "What would the entry tell, and why is it a trade secret?",
        "Enter what the entry would tell, and why it is a trade secret",
        _NO_NAMES,
    )
    file = forms.FileField(
        label="A file that explains it",
        required=False,
        help_text=f"{_FILES} You need not send one.",
        error_messages={"empty": _EMPTY},
    )


class AppealForm(VersionForm):
    """An appeal that was lodged with the tribunal."""

    lodged_on = GovukDateField(
        label="When did you lodge the appeal?", noun="The date you lodged the appeal", not_in_future=True
    )
    late_with_leave = forms.BooleanField(
        label="It was late, and the tribunal has allowed it",
        required=False,
        help_text="Only if you lodged it after the time for appeal had ended.",
    )
    case_number = forms.CharField(
        label="The tribunal’s case number",
        required=False,
        max_length=40,
        help_text="If you have it.",
    )
    file = forms.FileField(
        label="The appeal as the tribunal received it",
        help_text=f"{_FILES} For example the form with the tribunal’s stamp, or its confirmation.",
        error_messages={"required": "Choose a file", "empty": _EMPTY},
    )
