"""The ready lists to read, and the checklists of one inspection."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from inspections.checklists import services
from inspections.checklists.forms import OpenForm
from inspections.checklists.law import cited, stood
from inspections.checklists.models import Checklist
from inspections.checklists.queries import notes_of, progress_on
from inspections.checklists.ready import Item, offered
from inspections.checklists.services.adding import not_preparable
from inspections.checklists.views.reaching import context_of, inspection_case
from inspections.lifecycle import CONDUCT
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.accounts.typed import forget, keeps_typed, kept
from regulator.casework.attempt import attempt
from regulator.casework.desk import not_for
from regulator.casework.models import Case
from regulator.organisations.models import Modality


@require_safe
def ready_page(request: HttpRequest) -> HttpResponse:
    """Every ready list in its newest version, with what good looks like and which provision it rests on. No
    query of its own."""
    context = {
        **admin.site.each_context(request),
        "title": "Ready checklists",
        "opts": Checklist._meta,
        "lists": [(each, [_told(item) for item in each.items]) for each in offered()],
    }
    return TemplateResponse(request, "admin/checklists/ready.html", context)


def _told(item: Item) -> dict[str, str]:
    labels = dict(Modality.choices)
    where = ", ".join(str(labels[each]) for each in sorted(item.modalities)) or "All"
    standing = all(stood(each, clock.today()) for each in item.provisions)
    return {
        "look": item.look,
        "good": item.good,
        "provisions": ", ".join(map(cited, item.provisions)) + ("" if standing else " (not in force today)"),
        "modalities": where,
    }


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: HttpRequest, case: int) -> HttpResponse:
    """The checklists of an inspection, how far each is; POST opens one and goes there.

    At most 16 SQL queries at any number of checklists.
    """
    held, by = inspection_case(request, case), signed_in(request)
    sent = request.POST if request.method == "POST" else kept(request)
    form = OpenForm(sent, case=held, by=by)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            inspection = held.inspection

            def deed() -> Checklist:
                return services.open_checklist(inspection=inspection, by=by, **form.cleaned_data)

            outcome = attempt(form, deed)
            if outcome.value is not None:
                forget(request)
                messages.success(request, f"The checklist is open: {outcome.value}.")
                return redirect("admin:checklists_checklist_change", outcome.value.pk)
            status = outcome.status
    return _lists(request, held, by, form, status)


def _lists(request: HttpRequest, case: Case, by: User, form: OpenForm, status: HTTPStatus) -> HttpResponse:
    context: dict[str, Any] = {
        **context_of(request, case, f"Checklists of {case}"),
        "progress": progress_on(case),
        "lists": [(each, len(each.items)) for each in offered()],
        "notes": notes_of(case).count(),
        "form": form,
        "refusal": not_for(by, case, CONDUCT) or not_preparable(case),
    }
    return TemplateResponse(request, "admin/checklists/lists.html", context, status=status)
