"""The forms of the employer's own house."""

from uuid import uuid4

from django import forms

from regulator.accounts.roles import Role
from regulator.frontend.fields import GovukDateField, PlainErrors
from regulator.organisations.models import ApiKey


class ConfirmForm(PlainErrors, forms.Form):
    """Nothing to fill in: sending it is the answer."""


class RoleForm(PlainErrors, forms.Form):
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in (Role.EMPLOYER_REPORTER, Role.EMPLOYER_LEAD)],
        widget=forms.RadioSelect,
    )


class KeyForm(PlainErrors, forms.Form):
    """What a key is for. ``made_from`` is fresh on each page, so that one page makes one key."""

    label = forms.CharField(
        label="Which system will use it?",
        max_length=100,
        help_text="For example “Incident system, theatres”.",
    )
    scope = forms.ChoiceField(label="What may it do?", choices=ApiKey.Scope.choices, widget=forms.RadioSelect)
    expires_on = GovukDateField(
        label="Last day on which it works", required=False, help_text="Leave empty for a key without an end."
    )
    made_from = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
