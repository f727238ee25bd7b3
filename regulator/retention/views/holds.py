"""Legal holds on whole employers: placing one, the page of any hold, and releasing one.

Holds on a case are placed and released on its page, where also why stands: a page here tells nothing of a
case but its reference, and not even that of a restricted one.
"""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.casework.evidence.past import ERASED
from regulator.casework.mentions import UNSEEN
from regulator.casework.models import Case
from regulator.organisations.deed_page import answer_deed
from regulator.organisations.policies import may
from regulator.retention import services
from regulator.retention.forms import EmployerHoldForm, HoldReasonForm
from regulator.retention.models import LegalHold
from regulator.retention.permissions import MANAGE_HOLDS
from regulator.retention.services.holds import OWN


@require_http_methods(["GET", "HEAD", "POST"])
def place_page(request: HttpRequest) -> HttpResponse:
    """Place a hold on every case of an employer: 302 to the hold, else the form with what was wrong."""
    form = EmployerHoldForm(request.POST or None, initial={"employer": request.GET.get("employer", "")[:40]})
    lead = "Nothing of any case of the employer, also of later ones, is removed until the hold is released."

    def deed() -> HttpResponse:
        made = services.place_hold(by=signed_in(request), **form.cleaned_data)
        return redirect("admin:retention_legalhold_change", made.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        return _form(request, form, "Place a legal hold on an employer", lead, "Place it", status)

    return answer_deed(request, form, deed, page, done="The legal hold was placed.")


@require_safe
def hold_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who placed a hold, when, and whether it stands. At most 5 queries."""
    hold, by = _hold(pk), signed_in(request)
    context = {
        **_context(request, str(hold)),
        "hold": hold,
        "facts": _facts(hold),
        "case": _readable(request, hold),
        "may_release": hold.stands and may(by, MANAGE_HOLDS) and hold.placed_by_id != by.pk,
        "why_not": OWN if hold.stands and hold.placed_by_id == by.pk else "",
    }
    return TemplateResponse(request, "admin/retention/hold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a hold on an employer: 302 when done, else the form with what was wrong (400, 403, 409). One on
    a case is released on that case's page."""
    hold = _hold(pk)
    if hold.case_id is not None:
        return redirect("admin:casework_case_do", hold.case_id, "release_hold")
    form = HoldReasonForm(request.POST or None)
    lead = f"It was placed on every case of {hold.employer}. What is due may be removed once no hold stands."

    def deed() -> HttpResponse:
        services.release_hold(hold=hold, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:retention_legalhold_change", hold.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        return _form(request, form, f"Release {hold}", lead, "Release it", status, hold)

    return answer_deed(request, form, deed, page, done="The legal hold was released.")


def _hold(pk: int) -> LegalHold:
    found = LegalHold.objects.select_related(
        "case", "employer", "placed_by", "released_by", "event__typed", "release_event__typed"
    )
    return get_object_or_404(found, pk=min(pk, 2**63 - 1))


def _readable(request: HttpRequest, hold: LegalHold) -> Case | None:
    """The case of a hold, where the reader may open it (one query where there is one)."""
    by = signed_in(request)
    if hold.case_id is None or not may(by, "casework.read"):
        return None
    return Case.objects.for_user(by).filter(pk=hold.case_id).first()


def _facts(hold: LegalHold) -> FactSection:
    rows: list[tuple[str | Case, object]] = [("Of", of_what(hold)), ("Placed by", hold.placed_by)]
    rows.append(("Placed", hold.placed_at))
    if hold.employer is not None:
        rows.append(("Why", _said(hold.event)))
    rows.append(("How it stands", "It stands." if hold.stands else "Released"))
    if hold.released_at is not None:
        rows += [("Released by", hold.released_by), ("Released", hold.released_at)]
        if hold.employer is not None:
            rows.append(("Why it was released", _said(hold.release_event)))
    return FactSection("The legal hold", tuple(rows))


def of_what(hold: LegalHold) -> str:
    """What a hold is on, for readers who may read no case."""
    if hold.employer is not None:
        return f"Every case of {hold.employer}"
    return UNSEEN if hold.case is None or hold.case.is_restricted else str(hold.case)


def _said(event: Any) -> str:
    typed = getattr(event, "typed", None)
    return typed.text if typed else ERASED


def _form(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    lead: str,
    button: str,
    status: HTTPStatus,
    hold: LegalHold | None = None,
) -> HttpResponse:
    context = {**_context(request, title), "form": form, "lead": lead, "button": button, "hold": hold}
    return TemplateResponse(request, "admin/retention/hold_form.html", context, status=status)


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": LegalHold._meta}
