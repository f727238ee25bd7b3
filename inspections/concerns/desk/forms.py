"""The forms of concerns. What is allowed, services decide."""

from typing import Any

from django import forms

from inspections.concerns.models import LONGEST, Concern
from inspections.desk.forms import OpenForm, open_sites
from regulator import clock
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.casework.desk import DayInput, ReasonForm
from regulator.frontend.fields import PlainErrors
from regulator.organisations.models import Employer, Modality, Site


class RecordForm(ConfirmsIdentifiers, PlainErrors, forms.Form):
    """A concern as it goes on record. It asks from which side it came, and never from whom."""

    source = forms.ChoiceField(
        label="Where it came from",
        choices=Concern.Source.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the concern came from."},
        help_text="Only the side. Who a whistle-blower is, is never recorded: neither here nor in a note or "
        "a file.",
    )
    way = forms.ChoiceField(
        label="How it was received",
        choices=Concern.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was received."},
    )
    received_on = forms.DateField(label="Received on", widget=DayInput(), initial=clock.today)
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, empty_label="Not known, or more than one"
    )
    modality = forms.ChoiceField(
        choices=[("", "Not known, or more than one"), *Modality.choices], required=False
    )
    text = forms.CharField(
        label="What it is about",
        error_messages={"required": "Write what the concern is about."},
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Name nobody: neither who told CQC, nor a patient, nor whom it is about. Leave out "
        "what only the person who told CQC could know.",
    )

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["site"].queryset = open_sites(employer.pk)  # type: ignore[attr-defined]


class AssessForm(ReasonForm):
    """How great the risk of harm is, and why."""

    harm = forms.ChoiceField(
        label="Risk of harm",
        choices=Concern.Harm.choices,
        widget=forms.RadioSelect,
        help_text="An immediate one is told to the enforcement managers at once, and has a clock of its own.",
    )
    field_order = ("harm", "reason")


class CloseForm(ReasonForm):
    """What followed, and why that is enough."""

    outcome = forms.ChoiceField(
        label="What followed",
        choices=Concern.Outcome.choices,
        widget=forms.RadioSelect,
        help_text="An inspection is opened, and a referral recorded, on the page of the concern beforehand. "
        "What is asked of the employer in general terms must not let it know of the concern.",
    )
    field_order = ("outcome", "reason")


class InspectForm(OpenForm):
    """The inspection to which the concern gives rise. Nothing of what was told is filled in."""

    modality = forms.ChoiceField(choices=[("", "---------"), *Modality.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "scope"
        ].help_text = (
            "The employer reads it in the announcement. Write nothing that lets it know of the concern."
        )
