"""Recording a concern on the desk: first which employer, then what was told."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from inspections.concerns import services
from inspections.concerns.desk.forms import RecordForm
from inspections.concerns.models import Concern
from inspections.concerns.queries import like
from inspections.desk.opening import ChooseForm
from regulator.accounts.policies import signed_in
from regulator.casework.attempt import attempt
from regulator.casework.models import Case
from regulator.organisations.models import Employer


@require_safe
def choose_page(request: HttpRequest) -> HttpResponse:
    """Choose the employer: 302 to the form for it, else 400 with what was wrong (at most 3 SQL queries)."""
    form = ChooseForm(request.GET if "employer" in request.GET else None)
    if form.is_valid():
        return redirect("admin:concerns_concern_record", form.cleaned_data["employer"].pk)
    return _page(request, form, status=HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK)


@require_http_methods(["GET", "HEAD", "POST"])
def record_page(request: HttpRequest, employer: int) -> HttpResponse:
    """Put a concern about one employer on record: 302 to its case, else 400 or 403 with what was wrong. Those
    that are like it are named once it stands."""
    found = get_object_or_404(Employer, pk=employer)
    form = RecordForm(request.POST or None, employer=found)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            by = signed_in(request)

            def deed() -> Concern:
                return services.record_concern(employer=found, by=by, **form.cleaned_data)

            outcome = attempt(form, deed)
            if outcome.value is not None:
                return _recorded(request, outcome.value)
            status = outcome.status
    return _page(request, form, employer=found, status=status)


def _recorded(request: HttpRequest, concern: Concern) -> HttpResponse:
    messages.success(request, f"Recorded as {concern}. The employer does not know of it.")
    seen = Case.objects.for_user(signed_in(request)).order_by("pk")
    others = ", ".join(map(str, seen.filter(pk__in=like(concern).values("pk"))))
    if others:
        messages.warning(
            request,
            f"From the same side and on the same day there is {others} already. Is it the same concern?",
        )
    return redirect("admin:casework_case_change", concern.pk)


def _page(
    request: HttpRequest, form: forms.Form, *, employer: Employer | None = None, status: HTTPStatus
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Record a concern",
        "opts": Concern._meta,
        "form": form,
        "employer": employer,
    }
    return TemplateResponse(request, "admin/concerns/recording.html", context, status=status)
