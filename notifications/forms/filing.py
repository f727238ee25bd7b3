"""Beginning a notification, submitting it, and what the employer does with it afterwards."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.forms.questions import LONGEST_TEXT, own_field
from notifications.models import Basis
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.organisations.models import Employer, Modality


class EmployerForm(PlainErrors, forms.Form):
    """For which of their employers somebody begins a draft."""

    employer = forms.ModelChoiceField(
        queryset=Employer.objects.none(),
        label="Employer",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the employer",
            "invalid_choice": "Choose an employer from the list",
        },
    )

    def __init__(self, *args: Any, employers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = own_field(self, "employer", forms.ModelChoiceField)
        field.queryset = employers
        field.empty_label = None
        if len(employers) == 1:  # there is nothing to choose
            field.initial = employers[0]
            field.widget = forms.HiddenInput()


class StartForm(EmployerForm):
    """What a draft cannot be without: for which employer, of which kind, and in which modality."""

    basis = forms.ChoiceField(
        label="What are you telling CQC of?",
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you are telling CQC of",
            "invalid_choice": "Choose one of the kinds of notification",
        },
    )
    modality = forms.ChoiceField(
        label="In which modality did the incident happen?",
        choices=Modality.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the modality",
            "invalid_choice": "Choose a modality from the list",
        },
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        licence = found.get("basis") == Basis.LICENCE_BREACH
        if licence and found.get("modality") == Modality.DIAGNOSTIC_IMAGING:
            self.add_error(
                "modality",
                "A licence is needed only where radioactive substances are given: choose nuclear medicine or "
                "radiotherapy",
            )
        return found


class VersionForm(PlainErrors, ConfirmsIdentifiers):
    """A deed that asks nothing but carries the version that was read."""

    version = RowVersionField()


class KindForm(VersionForm):
    """Another kind for a draft."""

    basis = forms.ChoiceField(
        label="What are you telling CQC of?",
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you are telling CQC of",
            "invalid_choice": "Choose one of the kinds of notification",
        },
    )


class SubmitForm(VersionForm):
    """The declaration that ends a notification."""

    declaration = forms.BooleanField(
        label="This is true as far as the employer knows today, and identifies no person",
        error_messages={"required": "Confirm the declaration to submit"},
    )


class FileReportForm(VersionForm):
    """The declaration that ends a report. Carries the version of its draft, not of the case."""

    declaration = forms.BooleanField(
        label="This report is complete and true as far as the employer knows, and identifies no person",
        error_messages={"required": "Confirm the declaration to file the report"},
    )


class AnswerForm(VersionForm):
    answer = forms.CharField(
        label="Your answer",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter your answer"},
    )


class WithdrawForm(VersionForm):
    reason = forms.CharField(
        label="Why are you withdrawing it?",
        help_text="CQC keeps this. Use roles, not names.",
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter why you are withdrawing it"},
    )


class AttachForm(ConfirmsIdentifiers):
    file = forms.FileField(
        label="File",
        help_text="A PDF, Word, Excel, PNG, JPEG, CSV or text file, up to 25 MB.",
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another"},
    )
