"""The employer's forms about its action plan."""

from typing import Final

from django import forms
from django.core.validators import MaxLengthValidator

from inspections.plans.models import PlanAnswer
from notifications.forms.filing import VersionForm
from notifications.forms.questions import LONGEST_TEXT, prose
from regulator.frontend.fields import GovukDateField

_NO_NAMES: Final = "CQC reads this. Use roles, not names."


def _required(label: str, error: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": error},
    )


class AnswerFindingForm(VersionForm):
    """What is made of a finding."""

    position = forms.ChoiceField(
        label="Do you agree with this finding?",
        choices=PlanAnswer.Position.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select whether you agree",
            "invalid_choice": "Select one of the answers",
        },
    )
    why = prose(
        "If you do not agree, or only in part: with what, and why?",
        "Say which facts or which requirement you see differently. Use roles, not names.",
    )


class SubmitPlanForm(VersionForm):
    """What is said of the plan as a whole, and the declaration."""

    about = prose(
        "Is there anything else that CQC should know about your plan?",
        "For example who in your organisation agreed it. Use roles, not names.",
        4,
    )
    declaration = forms.BooleanField(
        label="The employer has agreed this plan, and it identifies no person",
        error_messages={"required": "Confirm the declaration to submit the plan"},
    )


class RemoveForm(VersionForm):
    """That an action is taken out of the draft."""


class FinishForm(VersionForm):
    """When an action was done, what was done, and a file that shows it."""

    done_on = GovukDateField(label="When was it done?", noun="The date it was done", not_in_future=True)
    done_what = _required(
        "What was done, and what does the check of its effect show?", "Enter what was done", _NO_NAMES
    )
    file = forms.FileField(
        label="A file as evidence",
        required=False,
        help_text="A PDF, Word, Excel, PNG, JPEG, CSV or text file, up to 25 MB. You can add more later.",
        error_messages={"empty": "The file is empty. Choose another"},
    )


class EvidenceForm(VersionForm):
    """A file as evidence."""

    file = forms.FileField(
        label="File",
        help_text="A PDF, Word, Excel, PNG, JPEG, CSV or text file, up to 25 MB.",
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another"},
    )


class MoreTimeForm(VersionForm):
    """Until which day more time is asked for, and why."""

    asked_until = GovukDateField(
        label="What date do you need?",
        noun="The new date",
        help_text="After the date it is due now, and no more than one year from today.",
    )
    reason = _required("Why do you need more time?", "Enter why you need more time", _NO_NAMES)


class CancelForm(VersionForm):
    """Why an action is to be given up."""

    reason = _required(
        "Why should it be cancelled?",
        "Enter why it should be cancelled",
        "CQC reads this, and decides. Use roles, not names.",
    )
