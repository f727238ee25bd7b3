"""The forms of the employer's own house."""

from uuid import uuid4

from django import forms

from regulator.accounts.roles import Role
from regulator.frontend.fields import GovukDateField, PlainErrors, RowVersionField
from regulator.organisations.models import ApiKey, Modality, Site, postcode_in_form
from regulator.organisations.services import SiteDetails


class ConfirmForm(PlainErrors, forms.Form):
    """Nothing to fill in: sending it is the answer."""


class RoleForm(PlainErrors, forms.Form):
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in (Role.EMPLOYER_REPORTER, Role.EMPLOYER_LEAD)],
        widget=forms.RadioSelect,
    )


class InviteForm(RoleForm):
    """Whom to invite."""

    name = forms.CharField(label="Their name", max_length=200)
    email = forms.EmailField(
        label="Their email address",
        max_length=254,
        help_text="Use their own address, not a shared mailbox: anyone who reads the email can accept.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("name", "email", "role")


class FirstPasswordForm(PlainErrors, forms.Form):
    """The password of somebody who accepts an invitation and never signed in."""

    password = forms.CharField(
        label="Choose a password",
        max_length=4096,
        strip=False,
        help_text="At least 12 characters. Three words that have nothing to do with each other are easy "
        "to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AddressForm(PlainErrors, forms.Form):
    """Where the confirmation of a closure goes. ``was`` is what the page showed."""

    email = forms.EmailField(
        label="Email address of the chief executive’s office",
        max_length=254,
        help_text="Use an office’s address, not a person’s.",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=254)


class KeyForm(PlainErrors, forms.Form):
    """What a key is for. ``made_from`` is fresh on each page, so that one page makes one key."""

    label = forms.CharField(
        label="Which system will use it?",
        max_length=100,
        help_text="For example, “Incident system, theatres”.",
        error_messages={"required": "Enter which system will use it"},
    )
    scope = forms.ChoiceField(
        label="What can it do?",
        choices=ApiKey.Scope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it can do"},
    )
    expires_on = GovukDateField(
        label="Last day it works (optional)",
        noun="The last day it works",
        required=False,
        help_text="Leave this empty if the key should not expire. For example, 27 3 2027.",
    )
    made_from = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SiteForm(PlainErrors, forms.Form):
    """What a lead says of a site."""

    name = forms.CharField(label="Name of the site", max_length=250)
    postcode = forms.CharField(
        label="Postcode", max_length=10, required=False, help_text="For example, SW1A 1AA."
    )
    cqc_location_id = forms.CharField(
        label="CQC location ID",
        max_length=20,
        required=False,
        help_text="If the site is a location registered with CQC.",
    )
    modalities = forms.MultipleChoiceField(
        label="Which modalities are used there?",
        choices=Modality.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="When you notify CQC, sites with the modality of the incident come first.",
    )

    def clean_postcode(self) -> str:
        return postcode_in_form(str(self.cleaned_data["postcode"]))

    def details(self) -> SiteDetails:
        """What was typed, of a valid form."""
        said = self.cleaned_data
        return SiteDetails(said["name"], said["postcode"], said["cqc_location_id"], said["modalities"])


class ChangeSiteForm(SiteForm):
    version = RowVersionField()


def initial_of(site: Site) -> dict[str, object]:
    """What the form to change ``site`` shows at first."""
    names = ("name", "postcode", "cqc_location_id", "modalities", "version")
    return {name: getattr(site, name) for name in names}
