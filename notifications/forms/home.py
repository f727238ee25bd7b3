"""The filters of the employer's list of cases: sent by GET, validated, kept by the pages of the list."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from notifications.forms.questions import offer, own_field
from notifications.overview import statuses
from regulator.casework.kinds import KINDS
from regulator.frontend.fields import PlainErrors
from regulator.organisations.models import Employer, Modality, Site

_ANY: Final = ("", "Any")


class CasesForm(PlainErrors, forms.Form):
    """What to look for. Only what this person may see is offered; an answer that is not offered is said
    beside its box and left out."""

    employer = forms.ModelChoiceField(
        queryset=Employer.objects.none(), label="Employer", required=False, empty_label="All"
    )
    q = forms.CharField(label="Reference or procedure", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind of case", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), label="Site", required=False, empty_label="Any"
    )
    modality = forms.ChoiceField(label="Modality", required=False, choices=[_ANY, *Modality.choices])
    state = forms.ChoiceField(
        label="Open or closed", required=False, choices=[_ANY, ("open", "Open"), ("closed", "Closed")]
    )

    def __init__(self, *args: Any, employers: QuerySet[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [_ANY, *((kind.name, kind.label) for kind in KINDS.values())])
        offer(self, "status", [_ANY, *statuses()])
        several = len(employers) > 1
        sites = own_field(self, "site", forms.ModelChoiceField)
        sites.queryset = Site.objects.filter(employer__in=[each.pk for each in employers])
        if several:
            own_field(self, "employer", forms.ModelChoiceField).queryset = employers
            sites.queryset = sites.queryset.select_related("employer").order_by("employer__name", "name")
            sites.label_from_instance = _site_and_employer  # type: ignore[assignment,method-assign]
        else:
            del self.fields["employer"]

    def wanted(self) -> dict[str, Any]:
        """What was understood, by name; whatever was not is left out."""
        self.is_valid()
        return dict(self.cleaned_data)


def _site_and_employer(site: Any) -> str:
    return f"{site.name} ({site.employer.name})"
