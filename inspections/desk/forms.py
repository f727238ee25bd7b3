"""The forms of the deeds on an inspection. Each offers only what fits; what is allowed, services decide."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import QuerySet

from inspections.models import Finding, Inspection, InspectionMember, Visit
from inspections.ready_documents import documents_for
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.desk import DayInput, DeskForm, ReasonForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import Modality, Site

_FROM_A_CASE = (Inspection.Trigger.REACTIVE, Inspection.Trigger.FOCUSED)


def open_sites(employer: int) -> QuerySet[Site]:
    return Site.objects.filter(employer=employer, is_open=True)


def visit_named(visit: Visit) -> str:
    """As a form offers it: several may have been on one day."""
    return f"{visit}, {visit.site}" if visit.site else str(visit)


def inspectors() -> QuerySet[User]:
    """Who may lead an inspection."""
    return User.objects.filter(is_active=True, role__in=roles_with("inspections.conduct"))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlanFields(forms.Form):
    """What any inspection asks for before it goes on the plan."""

    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False)
    further_sites = SeveralField(
        queryset=Site.objects.none(),
        required=False,
        help_text="Hold Ctrl or Command to choose several.",
    )
    planned_on = forms.DateField(label="Planned for", widget=DayInput())
    scope = forms.CharField(widget=_area(4), required=False)
    lead = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Lead inspector")

    def offer(self, employer: int) -> None:
        """Offer the open sites of an employer, and those who may lead."""
        for name in ("site", "further_sites"):
            self.fields[name].queryset = open_sites(employer)  # type: ignore[attr-defined]
        self.fields["lead"].queryset = inspectors()  # type: ignore[attr-defined]


class _PlanForm(PlanFields, WordsForm):
    """An inspection that arises from a case."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.offer(case.employer_id)
        self.fields["site"].initial = case.site_id


class OpenForm(_PlanForm):
    """What opening an inspection from a notification asks for."""

    trigger = forms.ChoiceField(
        label="Kind of inspection",
        choices=[(each.value, each.label) for each in _FROM_A_CASE],
        initial=Inspection.Trigger.REACTIVE,
        widget=forms.RadioSelect,
        help_text="A focused inspection looks at its scope alone.",
    )
    modality = forms.ChoiceField(choices=Modality.choices)
    field_order = ("trigger", "site", "further_sites", "modality")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["modality"].initial = case.modality


class FollowUpForm(_PlanForm):
    """What a follow-up asks for. Its modality is that of the first inspection."""

    reason = forms.CharField(
        label="What is to be looked at again, and why",
        widget=_area(4),
        help_text="Kept for good on this case's record. Do not name a person.",
    )
    field_order = ("reason",)


class ReplanForm(ReasonForm):
    """Another day for the visit, and why."""

    planned_on = forms.DateField(label="Planned for", widget=DayInput())
    field_order = ("planned_on",)


class EvidenceForm(WordsForm):
    """Which documents, of the ready list for the modality or others, and by when."""

    ready = forms.MultipleChoiceField(label="Ready list", required=False, widget=forms.CheckboxSelectMultiple)
    documents = forms.CharField(
        label="Other documents",
        widget=_area(5),
        required=False,
        help_text="Each on a line of its own, as the employer is to read it.",
    )
    due_on = forms.DateField(label="To be sent by", widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        listed = [(each.key, each.text) for each in documents_for(case.modality)]
        self.fields["ready"].choices = listed  # type: ignore[attr-defined]

    def clean_documents(self) -> list[str]:
        return str(self.cleaned_data["documents"]).splitlines()


class VisitForm(DeskForm):
    """The day of a visit, where, and whether the employer knew of it."""

    visited_on = forms.DateField(label="Visited on", initial=clock.today, widget=DayInput())
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, empty_label="The site of the case"
    )
    announced = forms.BooleanField(label="The employer knew of the visit beforehand", required=False)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["site"].queryset = open_sites(case.employer_id)  # type: ignore[attr-defined]
        known = Inspection.objects.filter(pk=case.pk, announced_on__isnull=False).exists()
        self.fields["announced"].initial = known


class JoinForm(DeskForm):
    """Who joins the team."""

    person = forms.ModelChoiceField(queryset=User.objects.none(), label="Inspector")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        joined = InspectionMember.objects.current().filter(inspection=case.pk).values("person")
        offered = inspectors().exclude(pk__in=joined).exclude(pk=case.assignee_id or 0)
        self.fields["person"].queryset = offered  # type: ignore[attr-defined]


class LeaveForm(DeskForm):
    """Who leaves it."""

    member = forms.ModelChoiceField(queryset=InspectionMember.objects.none(), label="Inspector")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        team = InspectionMember.objects.current().filter(inspection=case.pk).select_related("person")
        self.fields["member"].queryset = team  # type: ignore[attr-defined]


class FindingForm(WordsForm):
    """One finding, against the provisions in force on the day of the visit. Where there were several visits
    it asks which."""

    visit = forms.ModelChoiceField(
        queryset=Visit.objects.none(), required=False, empty_label="The first visit", label="Found on"
    )
    kind = forms.ChoiceField(choices=Finding.Kind.choices, widget=forms.RadioSelect)
    provisions = SeveralField(
        queryset=Provision.objects.none(),
        required=False,
        help_text="As in force on the day of the visit. Hold Ctrl or Command to choose several.",
    )
    text = forms.CharField(label="Finding", widget=_area(6))

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        visits = Visit.objects.filter(inspection=case.pk).select_related("site")
        days = set(visits.values_list("visited_on", flat=True)) or {clock.today()}
        standing = reduce(or_, (Provision.objects.in_force_on(day) for day in days))
        self.fields["provisions"].queryset = standing.exclude(instrument__startswith="HSWA")  # type: ignore[attr-defined]
        self.fields["visit"].queryset = visits  # type: ignore[attr-defined]
        self.fields["visit"].label_from_instance = visit_named  # type: ignore[attr-defined]
        if len(days) < 2:
            del self.fields["visit"]


class FinaliseForm(WordsForm):
    """Why the end of the employer's time to comment is not waited for, where it is not."""

    reason = forms.CharField(
        label="Why you do not wait for comments",
        widget=_area(4),
        required=False,
        help_text="Only where the employer may still comment on the facts. Do not name a person.",
    )


class DeclineForm(ReasonForm):
    """Why no inspection follows, though the risk is high."""
