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
        label="In which role do they sign?",
        choices=SignOff.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose in which role they sign"},
    )
    email = forms.EmailField(
        label="Their email address",
        max_length=254,
        help_text="Their own address, not a shared mailbox: whoever reads it can sign. They need no account.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address, like name@example.com",
        },
    )
    message = forms.CharField(
        label="A message to them (optional)",
        help_text="They read it beside the draft, not in the email. Name nobody: use roles.",
        required=False,
        validators=[MaxLengthValidator(LONGEST_MESSAGE)],
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CodeForm(PlainErrors, forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits, from the email that we sent you.",
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
        label="What do you decide?",
        choices=(
            ("sign", "I have read this draft and sign it off"),
            ("send_back", "I do not sign it off: I send it back with a comment"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you sign the draft off or send it back"},
    )
    comment = forms.CharField(
        label="What should be changed?",
        help_text="Only if you send it back. Name nobody: use roles.",
        required=False,
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any] | None:
        """A comment beside a signature would be lost: nothing keeps it, and nobody would read it."""
        cleaned = super().clean()
        if cleaned and cleaned.get("decision") == "sign" and str(cleaned.get("comment", "")).strip():
            self.add_error("comment", "Send the draft back to pass a comment on, or empty this box to sign")
        return cleaned


class SignOffRuleForm(PlainErrors, forms.Form):
    demanded = forms.TypedChoiceField(
        label="Must every notification be signed off before it is submitted?",
        choices=(
            ("yes", "Yes: somebody signs off every notification"),
            ("no", "No: whoever writes it decides"),
        ),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )
