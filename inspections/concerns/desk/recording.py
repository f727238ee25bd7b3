"""Recording a concern on the desk: first which employer, then what was told."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from inspections.concerns import services
from inspections.concerns.desk.forms import RecordForm
from inspections.concerns.models import Concern
from inspections.concerns.queries import like
from regulator.accounts.policies import signed_in
from regulator.casework.beginning import Beginning
from regulator.casework.models import Case
from regulator.organisations.models import Employer

_BEGINNING: Final = Beginning(
    title="Record a concern",
    button="Record the concern",
    model=Concern,
    template="admin/concerns/recording.html",
    choosing="admin:concerns_concern_changelist",
    filling="admin:concerns_concern_record",
)


@require_safe
def choose_page(request: HttpRequest) -> HttpResponse:
    """Choose the employer, as ``Beginning.choose``."""
    return _BEGINNING.choose(request)


@require_http_methods(["GET", "HEAD", "POST"])
def record_page(request: HttpRequest, employer: int) -> HttpResponse:
    """Put a concern about one employer on record: 302 to its case, else 400 or 403 with what was wrong. Those
    that are like it are named once it stands."""
    found = get_object_or_404(Employer, pk=employer)
    form = RecordForm(request.POST or None, employer=found)

    def deed() -> HttpResponse:
        made = services.record_concern(employer=found, by=signed_in(request), **form.cleaned_data)
        return _recorded(request, made)

    return _BEGINNING.fill(request, found, form, deed)


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
