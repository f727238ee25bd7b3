"""Opening an inspection of any employer: planned beside the programme, after a concern that came in another
way than as a notification, or on a theme."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from inspections import services
from inspections.desk.forms import PlanFields
from inspections.models import Inspection
from inspections.models.inspection import LONGEST_THEME
from regulator.accounts.policies import signed_in
from regulator.casework.attempt import ConfirmsIdentifiers, attempt
from regulator.frontend.fields import PlainErrors
from regulator.organisations.employer_field import EmployerField
from regulator.organisations.models import Employer, Modality

OPEN: Final = "inspections.open"
_KINDS: Final = tuple(each for each in Inspection.Trigger if each != Inspection.Trigger.FOLLOW_UP)
"""A follow-up is opened on the page of what it follows up."""


class ChooseForm(PlainErrors, forms.Form):
    """Which employer is to be inspected."""

    employer = EmployerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


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


@require_safe
def choose_page(request: HttpRequest) -> HttpResponse:
    """Choose the employer: 302 to the form for it, else 400 with what was wrong (at most 3 SQL queries)."""
    form = ChooseForm(request.GET if "employer" in request.GET else None)
    if form.is_valid():
        return redirect("admin:inspections_inspection_open", form.cleaned_data["employer"].pk)
    return _page(request, form, status=HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK)


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, employer: int) -> HttpResponse:
    """Put an inspection of one employer on the plan: 302 to its case, else 400 or 403 with what was wrong."""
    found = get_object_or_404(Employer, pk=employer)
    form = OpenForm(request.POST or None, employer=found)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            by = signed_in(request)

            def deed() -> Inspection:
                asked = {**form.cleaned_data, "further_sites": list(form.cleaned_data["further_sites"])}
                return services.open_inspection(employer=found, by=by, **asked)

            outcome = attempt(form, deed)
            if outcome.value is not None:
                messages.success(request, "It is on the plan. The employer does not know of it yet.")
                return redirect("admin:casework_case_change", outcome.value.pk)
            status = outcome.status
    return _page(request, form, employer=found, status=status)


def _page(
    request: HttpRequest, form: forms.Form, *, employer: Employer | None = None, status: HTTPStatus
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Open an inspection",
        "opts": Inspection._meta,
        "form": form,
        "employer": employer,
    }
    return TemplateResponse(request, "admin/inspections/opening.html", context, status=status)
