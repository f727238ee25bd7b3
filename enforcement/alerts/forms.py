"""What is asked of whoever wants to be told."""

from django import forms


class AskForm(forms.Form):
    """An address. Whether it is known here is said to nobody."""

    email = forms.EmailField(
        label="Your email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Enter an email address in the right form, such as name@example.com.",
        },
    )
