"""What opening a checklist, a note and a finding from an item ask for. What is allowed, services decide."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet

from inspections.checklists.models import LONGEST_NOTE, InspectionNote
from inspections.checklists.ready import Item, offered
from inspections.desk.forms import visit_named
from inspections.models import Finding, Visit
from regulator.accounts.models import User
from regulator.casework.desk import DeskForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.frontend.fields import RowVersionField
from regulator.legislation.models import Provision


class IdField(forms.Field):
    """The id that a form was drawn with, so that sending it twice keeps it once; no words fit into it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> UUID | None:
        try:
            return UUID(str(value)) if value else None
        except ValueError:
            return None


def _visit_field(label: str) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(
        queryset=Visit.objects.none(), required=False, label=label, empty_label="The whole inspection"
    )


class _OnVisits(DeskForm):
    """A form that asks on which visit, where there was any."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        visits = Visit.objects.filter(inspection=case.pk).select_related("site")
        self.fields["visit"].queryset = visits  # type: ignore[attr-defined]
        self.fields["visit"].label_from_instance = visit_named  # type: ignore[attr-defined]


class OpenForm(_OnVisits):
    """Which ready list, and for which visit."""

    key = forms.ChoiceField(label="Checklist")
    visit = _visit_field("Filled in on")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["key"].choices = [(each.key, each.title) for each in offered()]  # type: ignore[attr-defined]


class NoteForm(_OnVisits, WordsForm):
    """What was said or seen."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=InspectionNote.Kind.choices,
        widget=forms.RadioSelect,
        initial=InspectionNote.Kind.OBSERVATION,
    )
    role = forms.ChoiceField(
        label="Role of the person you spoke with",
        choices=[("", "No interview"), *InspectionNote.Spoken.choices],
        required=False,
    )
    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Seen by CQC staff only, and never edited. Do not name a person.",
    )
    visit = _visit_field("Made on")
    client_id = IdField(required=False)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["client_id"].initial = uuid4


class FindingForm(WordsForm):
    """A finding from an item: begins with its provisions, each ticked, and with what was answered."""

    kind = forms.ChoiceField(choices=Finding.Kind.choices, widget=forms.RadioSelect)
    provisions = SeveralField(
        queryset=Provision.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    further = SeveralField(
        queryset=Provision.objects.none(),
        required=False,
        label="Other provisions",
        help_text="As in force on the day of the visit. Hold Ctrl or Command to choose several.",
    )
    text = forms.CharField(
        label="Finding",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The employer reads this. It begins with your own note, which they do not see.",
    )
    version = RowVersionField()

    def __init__(
        self, *args: Any, case: Case, by: User, standing: QuerySet[Provision], item: Item, **kwargs: Any
    ) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        own = standing.filter(reference__in=item.provisions)
        self.fields["provisions"].queryset = own  # type: ignore[attr-defined]
        self.fields["provisions"].initial = [each.pk for each in own]
        self.fields["further"].queryset = standing.exclude(reference__in=item.provisions)  # type: ignore[attr-defined]

    def cited(self) -> list[Provision]:
        """What a valid form cites: those of the item that were left ticked, and the others."""
        return [*self.cleaned_data["provisions"], *self.cleaned_data["further"]]
