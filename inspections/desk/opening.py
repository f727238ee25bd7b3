"""Opening an inspection of any employer: planned beside the programme, after a concern that came in another
way than as a notification, or on a theme."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from inspections import services
from inspections.desk.forms import PlanFields
from inspections.models import Inspection
from inspections.models.inspection import LONGEST_THEME
from regulator.accounts.policies import signed_in
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.casework.beginning import Beginning
from regulator.frontend.fields import PlainErrors
from regulator.organisations.models import Employer, Modality

OPEN: Final = "inspections.open"
_KINDS: Final = tuple(each for each in Inspection.Trigger if each != Inspection.Trigger.FOLLOW_UP)
"""A follow-up is opened on the page of what it follows up."""


class OpenForm(PlanFields, ConfirmsIdentifiers, PlainErrors, forms.Form):
    """An inspection as it goes on the plan."""

    trigger = forms.ChoiceField(
        label="Kind of inspection",
        choices=[(each.value, each.label) for each in _KINDS],
        widget=forms.RadioSelect,
        help_text="A focused one looks at its scope alone, a themed one at its theme across employers.",
    )
    theme = forms.CharField(
        max_length=LONGEST_THEME, required=False, help_text="Only for a themed inspection."
    )
    modality = forms.ChoiceField(choices=[("", "---------"), *Modality.choices])
    brachytherapy = forms.BooleanField(label="It looks at brachytherapy", required=False)
    field_order = (
        "trigger",
        "theme",
        "modality",
        "brachytherapy",
        "site",
        "further_sites",
        "planned_on",
        "scope",
        "lead",
    )

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.offer(employer.pk)


_BEGINNING: Final = Beginning(
    title="Open an inspection",
    button="Put it on the plan",
    model=Inspection,
    template="admin/inspections/opening.html",
    choosing="admin:inspections_inspection_changelist",
    filling="admin:inspections_inspection_open",
)


@require_safe
def choose_page(request: HttpRequest) -> HttpResponse:
    """Choose the employer, as ``Beginning.choose``."""
    return _BEGINNING.choose(request)


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, employer: int) -> HttpResponse:
    """Put an inspection of one employer on the plan: 302 to its case, else 400 or 403 with what was wrong."""
    found = get_object_or_404(Employer, pk=employer)
    form = OpenForm(request.POST or None, employer=found)

    def deed() -> HttpResponse:
        asked = {**form.cleaned_data, "further_sites": list(form.cleaned_data["further_sites"])}
        made = services.open_inspection(employer=found, by=signed_in(request), **asked)
        return redirect("admin:casework_case_change", made.pk)

    done = "It is on the plan. The employer does not know of it yet."
    return _BEGINNING.fill(request, found, form, deed, done=done)
