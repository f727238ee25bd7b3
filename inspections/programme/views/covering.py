"""The coverage page: who was inspected when, who never was; as a list in pages, and as a file."""

import csv
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from inspections.programme.coverage import FIVE, Asked, Row, covered, shares
from inspections.programme.views.reading import context_of
from regulator.frontend.fields import PlainErrors
from regulator.organisations.models import EmployerType, Modality
from regulator.sheets import defused

PER_PAGE = 50


class AskedForm(PlainErrors, forms.Form):
    """What the list is narrowed to, in its address."""

    modality = forms.ChoiceField(required=False, choices=[("", "Every modality"), *Modality.choices])
    sector = forms.ChoiceField(required=False, choices=[("", "Every sector"), *EmployerType.choices])
    years = forms.IntegerField(
        label="Years without a visit, at least", required=False, min_value=0, max_value=100
    )
    never = forms.BooleanField(label="Never inspected", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def asked(self) -> Asked:
        """What a valid form says; of one with a fault, what is in order of it."""
        said = self.cleaned_data
        return Asked(
            modality=said.get("modality") or "",
            sector=said.get("sector") or "",
            never=bool(said.get("never")),
            years=said.get("years"),
        )


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """At most 8 SQL queries at any number of employers. What cannot be read in an address narrows nothing,
    and is said beside its box."""
    form = AskedForm(request.GET)
    form.is_valid()
    rows = covered(form.asked())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        **context_of(request, None, "Coverage"),
        "form": form,
        "page": page,
        "number": len(rows),
        "shares": shares(rows),
        "five": FIVE,
        "query": kept.urlencode(),
    }
    return TemplateResponse(request, "admin/programme/coverage.html", context)


@require_safe
def coverage_file(request: HttpRequest) -> HttpResponse:
    """The same rows as CSV."""
    form = AskedForm(request.GET)
    form.is_valid()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="inspection-coverage.csv"'
    writer = csv.writer(answer)
    writer.writerow(("employer", "modality", "sector", "last_inspected", "years_since", "under_way"))
    for row in covered(form.asked()):
        writer.writerow(_cells(row))
    return answer


def _cells(row: Row) -> tuple[object, ...]:
    seen = row.inspected_on.isoformat() if row.inspected_on else "never"
    years = "" if row.years is None else row.years
    return (defused(row.name), row.modality, row.sector, seen, years, "yes" if row.is_underway else "no")
