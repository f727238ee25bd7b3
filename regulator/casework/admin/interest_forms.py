"""What declaring an interest, correcting a declaration and ending it ask for."""

from typing import Any

from django import forms

from regulator.accounts.models import User
from regulator.casework.desk import DayInput
from regulator.casework.services import Declared
from regulator.casework.services.interests import LONGEST_DETAIL
from regulator.frontend.fields import PlainErrors
from regulator.organisations.employer_field import EmployerField
from regulator.organisations.models import Interest
from regulator.organisations.policies import may


class InterestForm(PlainErrors, forms.Form):
    """The kind of interest, more about it, and from when until when it counts."""

    kind = forms.ChoiceField(
        label="Kind of interest", choices=Interest.Kind.choices, widget=forms.RadioSelect
    )
    detail = forms.CharField(
        label="More about it",
        required=False,
        max_length=LONGEST_DETAIL,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where the kind is “Other”. Do not name a person. Managers and auditors read it.",
    )
    since = forms.DateField(label="Counts from", widget=DayInput())
    until = forms.DateField(
        label="Counts until",
        required=False,
        widget=DayInput(),
        help_text="The last day. For an employment, 5 years after it ended. Empty: until it is ended.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def declared(self) -> Declared:
        """What was typed, once it is valid."""
        cleaned = self.cleaned_data
        return Declared(cleaned["kind"], cleaned["since"], cleaned["until"], cleaned["detail"])


class DeclareForm(InterestForm):
    """Whose interest, for managers, and in which employer."""

    field_order = ("person", "employer", "kind", "detail", "since", "until")
    employer = EmployerField()

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)
        if may(by, "casework.manage_interests"):
            staff = User.objects.filter(is_active=True).exclude(role="")
            self.fields["person"] = forms.ModelChoiceField(staff, label="Whose interest", empty_label=None)
            self.order_fields(self.field_order)

    def to_declare(self) -> dict[str, Any]:
        person = self.cleaned_data.get("person") or self.by
        return {"person": person, "employer": self.cleaned_data["employer"], "declared": self.declared()}


class ChangeForm(InterestForm):
    """The declaration as it stands, at the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, interest: Interest, **kwargs: Any) -> None:
        stands = {name: getattr(interest, name) for name in ("kind", "detail", "since", "until", "version")}
        super().__init__(*args, **{"initial": stands, **kwargs})

    def to_change(self) -> dict[str, Any]:
        return {"declared": self.declared(), "version": self.cleaned_data["version"]}


class EndForm(PlainErrors, forms.Form):
    """Why it counts no more."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_DETAIL,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept for good. Do not name a person.",
    )
