"""The forms of the deeds on an entry and on a claim. Each offers only what fits; services decide."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from enforcement.gate.conditions import open_proposal
from enforcement.gate.content import snapshot_from
from enforcement.gate.models import Claim
from enforcement.gate.services.preparing import DAYS, WORDS
from enforcement.gate.services.timing import entry_due_on
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.services import EntrySnapshot, shown
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DayInput, DeskForm, WordsForm
from regulator.casework.models import Case
from regulator.casework.wording import as_text

_LABELS: Final = {
    "employer_name": "Employer",
    "location": "Place",
    "postcode": "Postcode",
    "description": "Description",
    "how_closed": "How compliance was shown",
    "breach_on": "Breach on or before",
    "served_on": "Served on",
    "compliance_due_on": "Comply by",
    "complied_on": "Complied with on",
}
_NEEDED: Final = frozenset({"employer_name", "breach_on", "served_on"})


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


class MomentField(forms.SplitDateTimeField):
    """A day and a time of London."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        super().__init__(widget=widget, **kwargs)


class PrepareForm(WordsForm):
    """The public description, and from when on the public may read the entry."""

    description = _long(
        "Description",
        "The public reads it. Do not name a person. Empty: the notice’s own words.",
        required=False,
    )
    embargo_until = MomentField(label="Not before", required=False, help_text="London time. Empty: at once.")
    embargo_why = _long("Why it must wait", "Needed where it waits past the day below.", required=False)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal = open_proposal(case)
        if proposal is not None:
            self.fields["description"].initial = proposal.content["description"]
            self.fields["embargo_until"].initial = proposal.embargo_until
            self.fields["embargo_why"].initial = proposal.embargo_why
        else:
            notice = Notice.objects.get(pk=case.pk)
            self.fields["description"].initial = notice.required_action
        due = entry_due_on(case)
        if due is not None:
            told = f"The entry is due on {as_text(due)}. An embargo past that day needs a reason."
            self.fields["embargo_why"].help_text = told

    def clean_embargo_until(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["embargo_until"]
        return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


class CorrectForm(WordsForm):
    """What was wrong, and what the entry is to say. What is left as it stands does not change."""

    why = _long("What was wrong, and how you know", "Kept on the case. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        proposal = open_proposal(case)
        stands = snapshot_from(proposal.content) if proposal is not None else shown(slug_of(case))
        add_correctable(self, stands)


def add_correctable(form: forms.Form, stands: EntrySnapshot | None) -> None:
    """A box for each field that may be corrected, with what it says now."""
    for name, most in WORDS.items():
        needed = name in _NEEDED
        box: forms.Field = (
            _long(_LABELS[name], "Do not name a person.", required=needed)
            if name == "description"
            else forms.CharField(label=_LABELS[name], max_length=most, required=needed)
        )
        box.initial = getattr(stands, name, "")
        form.fields[name] = box
    for name in DAYS:
        day = forms.DateField(label=_LABELS[name], widget=DayInput(), required=name in _NEEDED)
        day.initial = getattr(stands, name, None)
        form.fields[name] = day


class ClaimForm(WordsForm):
    """A claim as it came in."""

    claimed_on = forms.DateField(label="Claimed on", widget=DayInput())
    text = _long("The claim", "What would be told, and why it is a trade secret. Do not name a person.")
    upload = forms.FileField(
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
