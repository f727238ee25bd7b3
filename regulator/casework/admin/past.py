"""The desk's page of a case as it stood at the end of a past day."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator import clock
from regulator.accounts.policies import signed_in
from regulator.casework.admin.page import readable_case
from regulator.casework.desk import DayInput, DeskTable
from regulator.casework.evidence.rebuilding import case_as_at, end_of
from regulator.casework.evidence.showing import Block, in_words
from regulator.casework.mentions import told_to
from regulator.casework.models import Case
from regulator.casework.standing import banners
from regulator.frontend.fields import PlainErrors


class PastForm(PlainErrors, forms.Form):
    """Which day: any from the case's first on."""

    on = forms.DateField(
        label="Day",
        widget=DayInput,
        help_text="Shown as it stood at the end of that day in London.",
    )

    def clean_on(self) -> datetime:
        """The moment at which that day ended; now, for today."""
        return end_of(self.cleaned_data["on"])


@require_safe
def past_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a day; with one, the case as it stood then. 400 for a day to come, or before it was begun.

    Who may read the case now reads its past. The number of queries does not grow with the case.
    """
    case = readable_case(request, pk)
    if "on" not in request.GET:
        return _page(request, case, PastForm(initial={"on": clock.today()}, label_suffix=""))
    form = PastForm(request.GET, label_suffix="")
    shown: list[Block] = []
    if form.is_valid():
        try:
            shown = in_words(case, case_as_at(case, form.cleaned_data["on"]))
        except ValidationError as refusal:
            form.add_error("on", refusal)
    return _page(request, case, form, shown)


def _page(request: HttpRequest, case: Case, form: PastForm, shown: list[Block] | None = None) -> HttpResponse:
    blocks = shown or []
    facts, tables = told_to(
        signed_in(request),
        [each for each in blocks if not isinstance(each, DeskTable)],
        [each for each in blocks if isinstance(each, DeskTable)],
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{case} as at a date",
        "case": case,
        "opts": Case._meta,
        "form": form,
        "moment": form.cleaned_data["on"] if blocks else None,
        "facts": facts,
        "tables": tables,
        "banners": banners(case, opening=vars(case)["opening"], reader_interest=False, holder_interest=False),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return TemplateResponse(request, "admin/casework/case/past.html", context, status=status)
