"""What the deeds on people ask for, on the desk and on the page of an invitation."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.people.services import HandingOver

NOBODY: Final = "nobody"
MOST_ONE_BY_ONE: Final = 50
"""Open cases that can be given away one by one on a page; beyond that the rest goes together."""
_ROLES: Final = [(role.value, role.label) for role in Role if role in STAFF_ROLES]


class DeskReason(PlainErrors, forms.Form):
    """What every deed asks for: the version that was read, and why."""

    version = RowVersionField()
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good in this person’s history. Do not name anybody.",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class RoleForm(DeskReason):
    """Another role, or none."""

    role = forms.ChoiceField(label="Role", choices=[*_ROLES, ("", "No role at CQC")], required=False)
    field_order = ("role", "reason", "version")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["role"].initial = person.role

    def chosen(self) -> Role | None:
        """The role of a valid form."""
        return Role(self.cleaned_data["role"]) if self.cleaned_data["role"] else None


class DetailsForm(DeskReason):
    """What somebody is called, and with which address they sign in."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="Email address", max_length=254, help_text="The former address and the new one are told."
    )
    field_order = ("name", "email", "reason", "version")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["name"].initial, self.fields["email"].initial = person.name, person.email


class HandOverForm(DeskReason):
    """To whom each open case goes. ``rest`` takes those that are not given away one by one."""

    def __init__(
        self, *args: Any, person: User, cases: Iterable[Case], workers: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.cases = list(cases)
        self.workers = {str(each.pk): each for each in workers if each.pk != person.pk}
        people = [(key, str(each)) for key, each in self.workers.items()]
        shown = self.cases[:MOST_ONE_BY_ONE]
        for case in shown:
            due = f", due {as_text(case.next_due_on)}" if case.next_due_on else ""
            self.fields[f"case_{case.pk}"] = forms.ChoiceField(
                label=f"{case} ({case.kind_label}{due})",
                choices=[("", "As the others, below"), *people, (NOBODY, "Nobody")],
                required=False,
                error_messages={"invalid_choice": "Choose one of the people offered"},
            )
        if self.cases:
            count = len(self.cases)
            self.fields["rest"] = forms.ChoiceField(
                label="The open case" if count == 1 else f"All {count} open cases, or those not given above",
                choices=[("", "Choose"), *people, (NOBODY, "Nobody: they wait in the queue")],
                required=False,
                error_messages={"invalid_choice": "Choose one of the people offered"},
            )
            if count == 1:
                del self.fields[f"case_{self.cases[0].pk}"]
        self.order_fields([*(f"case_{case.pk}" for case in shown), "rest", "reason", "version"])

    def handing_over(self) -> HandingOver:
        """What a valid form says."""
        said = self.cleaned_data
        each = {
            case.pk: self.workers.get(said[f"case_{case.pk}"])
            for case in self.cases
            if said.get(f"case_{case.pk}")
        }
        rest = said.get("rest", "")
        return HandingOver(each, rest=self.workers.get(rest), rest_is_said=bool(rest))


class InviteForm(PlainErrors, forms.Form):
    """Whom to invite to the staff."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        help_text="Their own address at CQC, not a shared mailbox: whoever reads it can accept.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label="Role", choices=[("", "Choose"), *_ROLES])
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept for good. Do not name anybody: “Joins the inspection team in April.”",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class VersionForm(PlainErrors, forms.Form):
    """A deed that asks for nothing but that the page was read as things stand."""

    version = RowVersionField()


class FirstPasswordForm(PlainErrors, forms.Form):
    """The password of somebody who joins."""

    password = forms.CharField(
        label="Choose a password",
        max_length=4096,
        strip=False,
        help_text="At least 12 characters. Three words that have nothing to do with each other are easy "
        "to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: sending it is the answer."""
