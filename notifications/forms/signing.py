"""Asking for a sign-off, and answering such a request."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.models import SignOff
from notifications.signing import LONGEST_COMMENT, LONGEST_MESSAGE
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.frontend.fields import PlainErrors


class ConfirmForm(PlainErrors, forms.Form):
    """A deed that asks nothing and carries nothing: pressing the button is all."""


class AskSignOffForm(PlainErrors, ConfirmsIdentifiers):
    role = forms.ChoiceField(
        label="What is their role?",
        choices=SignOff.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select their role"},
    )
    email = forms.EmailField(
        label="Their email address",
        max_length=254,
        help_text="Use their own address, not a shared mailbox: anyone who reads the email can sign. They do "
        "not need an account.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address, like name@example.com",
        },
    )
    message = forms.CharField(
        label="Message to them (optional)",
        help_text="They see it with the draft, not in the email. Use roles, not names.",
        required=False,
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CodeForm(PlainErrors, forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="The 6 digits in the email we sent you.",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter the code"},
    )

    def clean_code(self) -> str:
        """The digits alone: some mail programs show them with a gap."""
        return "".join(str(self.cleaned_data["code"]).split())


class DecideForm(PlainErrors, ConfirmsIdentifiers):
    """The signature or the way back. What was read travels beside it, as a digest."""

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=(
            ("sign", "I have read this draft and I sign it off"),
            ("send_back", "I am sending it back with a comment"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you sign off the draft or send it back"},
    )
    comment = forms.CharField(
        label="What should be changed?",
        help_text="Only if you send it back. Use roles, not names.",
        required=False,
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any] | None:
        """A comment beside a signature would be lost: nothing keeps it, and nobody would read it."""
        cleaned = super().clean()
        if cleaned and cleaned.get("decision") == "sign" and str(cleaned.get("comment", "")).strip():
            self.add_error(
                "comment", "To send a comment, send the draft back. To sign it off, leave this box empty"
            )
        return cleaned


class SignOffRuleForm(PlainErrors, forms.Form):
    demanded = forms.TypedChoiceField(
        label="Must every notification be signed off before it is submitted?",
        choices=(
            ("yes", "Yes, someone must sign off every notification"),
            ("no", "No, whoever writes it can submit it"),
        ),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes or no"},
    )
