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
        help_text="Their own address, not a shared mailbox: whoever reads it can accept.",
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
        label="Address of the chief executive’s office",
        max_length=254,
        help_text="An office, not a person.",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=254)


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


class SiteForm(PlainErrors, forms.Form):
    """What a lead says of a site."""

    name = forms.CharField(label="Name of the site", max_length=250)
    postcode = forms.CharField(
        label="Postcode", max_length=10, required=False, help_text="For example SW1A 1AA."
    )
    cqc_location_id = forms.CharField(
        label="CQC location id", max_length=20, required=False, help_text="If the site is a CQC location."
    )
    modalities = forms.MultipleChoiceField(
        label="What is carried out there?",
        choices=Modality.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A notification offers the sites of its modality first.",
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
