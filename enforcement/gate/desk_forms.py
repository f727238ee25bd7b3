"""The forms of the deeds on an entry and on a claim. Each offers only what fits; services decide."""

import re
from contextlib import suppress
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from enforcement.gate.conditions import open_proposal
from enforcement.gate.content import BLANKED, snapshot_from
from enforcement.gate.drawing import claim_of, short_for
from enforcement.gate.models import Claim
from enforcement.gate.services.preparing import DAYS, WORDS
from enforcement.gate.services.timing import entry_due_on
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot, shown
from enforcement.register.wording import due_called, seen_on
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DayInput, DeskForm, ReasonForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.legislation.models import Provision, ProvisionQuerySet

_LABELS: Final = {
    "employer_name": "Employer",
    "location": "Place",
    "postcode": "Postcode",
    "description": "Description",
    "how_closed": "How compliance was shown",
    "served_on": "Served on",
    "complied_on": "Complied with on",
    "citations": "Provisions",
}
_OTHER_EDITION: Final = (
    "One of the provisions was not in force on the day of the breach. Choose from those that were."
)
_NEEDED: Final = frozenset({"breach_on", "served_on"})
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}")


def _long(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(
        label=label, widget=area, help_text=help_text, required=required, max_length=20_000
    )


class ApproveForm(WordsForm):
    """That the second person has read what the public is going to read."""

    entry_read = forms.BooleanField(
        label="I have read the entry as the public will read it",
        error_messages={"required": "Read the entry first."},
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal = open_proposal(case)
        if proposal is not None:
            path = reverse("admin:gate_proposal_change", args=[proposal.pk])
            told = "What it says, what changes and its PDF"
            self.fields["entry_read"].help_text = format_html('<a href="{}">{}</a>', path, told)


class ReturnForm(ReasonForm):
    """Why an entry goes back, and what that means where nothing was done on the notice."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal = open_proposal(case)
        if proposal is not None and proposal.is_of_facts:
            box = self.fields["reason"]
            box.help_text = (
                "The entry keeps what it says of the employer and the place, and this is not proposed again "
                f"until their record changes once more. {box.help_text}"
            )


class MomentInput(forms.DateTimeInput):
    """A browser's own box for a day and a time, which shows a value only where it is written year first."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PostcodeField(forms.Field):
    """A postcode, or nothing. Letters, digits and one space: no words fit into it."""

    def clean(self, value: Any) -> str:
        found = " ".join(str(value or "").upper().split())
        if found and not _POSTCODE.fullmatch(found):
            raise forms.ValidationError("Enter a whole postcode, such as AB1 2CD.")
        return found


class PrepareForm(WordsForm):
    """The public description, which a short entry does not have, and from when on the public may read the
    entry."""

    description = _long(
        "Description",
        "The public reads it. Do not name a person. Empty: the notice’s own words.",
        required=False,
    )
    embargo_until = forms.DateTimeField(
        label="Not before", required=False, widget=MomentInput(), help_text="London time. Empty: at once."
    )
    embargo_why = _long("Why it must wait", "Needed where it waits past the day below.", required=False)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal, notice = open_proposal(case), Notice.objects.get(pk=case.pk)
        if proposal is not None:
            self.fields["description"].initial = proposal.content["description"]
            self.fields["embargo_until"].initial = proposal.embargo_until
            self.fields["embargo_why"].initial = proposal.embargo_why
        else:
            self.fields["description"].initial = notice.required_action
        if short_for(claim_of(notice)):
            del self.fields["description"]
        due = entry_due_on(case)
        if due is not None:
            told = f"The entry is due on {as_text(due)}. An embargo past that day needs a reason."
            self.fields["embargo_why"].help_text = told


class CorrectForm(WordsForm):
    """What was wrong, and what the entry is to say. What is left as it stands does not change, and what a
    short entry does not tell is not asked."""

    why = _long("What was wrong, and how you know", "Kept on the case. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal = open_proposal(case)
        stands = snapshot_from(proposal.content) if proposal is not None else shown(slug_of(case))
        add_correctable(self, stands)
        if stands is not None and stands.form == RegisterEntry.Form.SHORT:
            for name in BLANKED & self.fields.keys():
                del self.fields[name]


def add_correctable(form: forms.Form, stands: EntrySnapshot | None) -> None:
    """A box for each field that may be corrected, with what it says now."""
    closed = [("", "Not stated"), *((label, label) for label in Notice.HowComplied.labels)]
    boxes: dict[str, forms.Field] = {
        "employer_name": forms.CharField(max_length=WORDS["employer_name"]),
        "location": forms.CharField(max_length=WORDS["location"], required=False),
        "postcode": PostcodeField(required=False),
        "description": _long("", "Do not name a person.", required=False),
        "how_closed": forms.ChoiceField(choices=closed, required=False),
        **{name: forms.DateField(widget=DayInput(), required=name in _NEEDED) for name in DAYS},
    }
    kind = stands.notice_type if stands is not None else RegisterEntry.Type.IMPROVEMENT
    labels = _LABELS | {"breach_on": seen_on(kind), "compliance_due_on": due_called(kind)}
    for name, box in boxes.items():
        box.label, box.initial = labels[name], getattr(stands, name, None)
        form.fields[name] = box
    form.fields["citations"] = _provisions(form, stands)


def _provisions(form: forms.Form, stands: EntrySnapshot | None) -> forms.Field:
    """Those of the catalogue that were in force on the day of the breach, as it is typed or as it stands."""
    choices = _in_force_on(_breach_on(form, stands))
    box = SeveralField(
        label=_LABELS["citations"],
        queryset=choices,
        required=False,
        help_text="Those in force on the day of the breach.",
        error_messages={"invalid_choice": _OTHER_EDITION},
    )
    if stands is not None:
        texts = {(each.instrument, each.reference, each.in_force_from) for each in stands.citations}
        box.initial = [
            each.pk for each in choices if (each.instrument, each.reference, each.in_force_from) in texts
        ]
    return box


def _in_force_on(day: date) -> ProvisionQuerySet:
    found: ProvisionQuerySet = Provision.objects.in_force_on(day)
    return found.exclude(instrument__startswith="HSWA")


def _breach_on(form: forms.Form, stands: EntrySnapshot | None) -> date:
    if form.is_bound:
        with suppress(forms.ValidationError):
            return cast(date, forms.DateField().clean(form.data.get(form.add_prefix("breach_on"))))
    return stands.breach_on if stands is not None else clock.today()


class ClaimForm(WordsForm):
    """A claim as it came in."""

    claimed_on = forms.DateField(label="Claimed on", widget=DayInput())
    text = _long("The claim", "What would be told, and why it is a trade secret. Do not name a person.")
    file = forms.FileField(
        label="File",
        required=False,
        help_text="The claim as it came: a PDF, Word, Excel, PNG, JPEG, CSV or text file of at most 25 MB.",
    )


class SafeEntryForm(WordsForm):
    """What the entry would say instead of the notice's own description."""

    description = _long(
        "Description", "It is sent to the employer today, who may appeal against it. Do not name a person."
    )


class SecretaryForm(DeskForm):
    """The recipient's appeal against the drafted entry."""

    appealed_on = forms.DateField(label="Appealed on", widget=DayInput())


class DecideForm(DeskForm):
    """What becomes of the entry."""

    outcome = forms.ChoiceField(label="The entry", choices=Claim.Outcome.choices, widget=forms.RadioSelect)
    decided_on = forms.DateField(label="Decided on", initial=clock.today, widget=DayInput())
