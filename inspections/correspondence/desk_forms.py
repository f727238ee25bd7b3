"""The forms of the deeds on an inspection's letters and on the comments that they brought."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html

from inspections.correspondence.models import AccuracyPoint, Correspondence
from inspections.models import Finding, Visit
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DeskForm, ReasonForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.legislation.models import Provision


def next_letter(case: Case) -> Correspondence | None:
    """The newest letter that waits; at most one of them can be sent as an inspection stands (one query)."""
    waiting = Correspondence.objects.waiting().filter(inspection=case.pk)
    return waiting.select_related("inspection__case").order_by("-number").first()


class ApproveForm(DeskForm):
    """That the second person has read what is going to be sent."""

    letter_read = forms.BooleanField(
        label="I have read the letter as it is to be sent",
        error_messages={"required": "Read the letter first."},
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        letter = next_letter(case)
        if letter is not None:
            path = reverse("correspondence:letter", args=[case.reference, letter.number])
            link = format_html('<a href="{}">{} (PDF)</a>', path, letter)
            self.fields["letter_read"].help_text = link


class RejectForm(ReasonForm):
    """Why a letter goes back to whoever prepared it."""


class AnswerPointForm(WordsForm):
    """The answer to one comment, and what becomes of the finding. What is not filled in anew stays."""

    point = forms.ModelChoiceField(
        queryset=AccuracyPoint.objects.none(),
        label="Comment",
        empty_label=None,
        help_text="What it says stands on the page of the case.",
    )
    outcome = forms.ChoiceField(
        label="Your answer", choices=AccuracyPoint.Outcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The employer reads it in the report.",
    )
    change = forms.ChoiceField(
        label="The finding",
        choices=AccuracyPoint.Change.choices,
        initial=AccuracyPoint.Change.NONE,
        widget=forms.RadioSelect,
        help_text="It changes when the report is sent. Until then you can answer anew.",
    )
    new_text = forms.CharField(
        label="Corrected words",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="The whole finding as it is to read. Empty: its words stay.",
    )
    new_kind = forms.ChoiceField(
        label="Corrected kind", choices=[("", "As it is"), *Finding.Kind.choices], required=False
    )
    new_provisions = SeveralField(
        label="Corrected provisions",
        queryset=Provision.objects.none(),
        required=False,
        help_text="None chosen: they stay. Hold Ctrl or Command to choose several.",
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        points = AccuracyPoint.objects.filter(
            round__inspection=case.pk, round__sent_at__isnull=False, round__closed_on=None
        )
        field: Any = self.fields["point"]
        owed_first = F("answered_at").asc(nulls_first=True)
        field.queryset = points.select_related("finding").order_by(owed_first, "number")
        field.label_from_instance = _named
        first = points.order_by("number").filter(answered_at=None).first()
        field.initial = first.pk if first else None
        visits = Visit.objects.filter(inspection=case.pk)
        days = set(visits.values_list("visited_on", flat=True)) or {clock.today()}
        standing = reduce(or_, (Provision.objects.in_force_on(day) for day in days))
        cited: Any = self.fields["new_provisions"]
        cited.queryset = standing.exclude(instrument__startswith="HSWA")


def _named(point: AccuracyPoint) -> str:
    finding = point.finding
    about = str(finding) if finding else str(point.get_subject_display())
    return f"{point.number}. {about}{', answered' if point.answered_at else ''}"
