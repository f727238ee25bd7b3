"""The page of one edition: what it changes, which open cases it touches, and deciding on it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.editions import services
from regulator.editions.forms import DecideForm, RefuseForm
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from regulator.organisations.deed_page import answer_deed


@dataclass(frozen=True, slots=True)
class _Deed:
    """One button on the page of an edition that waits for a decision."""

    label: str
    lead: str
    form: type[forms.Form]
    service: Callable[..., Edition]
    for_the_proposer: bool = False


_DEEDS: Final = {
    "approve": _Deed(
        "Approve", "It holds from its day on, and is never edited.", DecideForm, services.approve
    ),
    "refuse": _Deed("Refuse", "What holds now goes on.", RefuseForm, services.refuse),
    "withdraw": _Deed(
        "Withdraw", "Nobody needs to decide any more.", DecideForm, services.withdraw, for_the_proposer=True
    ),
}


@require_safe
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What an edition says otherwise than what holds before it, and what it touches as things stand.

    Of one that was decided on only the differences: what it touched was then, not now.
    """
    edition = _edition(pk)
    spec = KINDS.get(edition.kind)
    context = {
        **_context(request, edition, str(edition)),
        "differences": spec.differences(edition.what, _before(edition), edition.content),
        "touched": spec.touched(edition.what, edition.holds_from, edition.content)
        if edition.is_open
        else None,
        "deeds": _offered(edition, signed_in(request)),
        "may_propose": services.PROPOSE in signed_in(request).staff_grants,
    }
    return TemplateResponse(request, "admin/editions/edition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deed_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Approve, refuse or withdraw: 302 when done, else the form with what was wrong (400, 403, 409)."""
    edition = _edition(pk)
    deed = _DEEDS.get(name)
    if deed is None:
        raise Http404("There is no such deed on an edition.")
    form = deed.form(request.POST if request.method == "POST" else None, initial={"version": edition.version})

    def decide() -> HttpResponse:
        deed.service(edition=edition, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:editions_edition_change", edition.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        now = edition if status == HTTPStatus.OK else _edition(pk)
        context = {
            **_context(request, now, deed.label),
            "form": form,
            "deed": deed,
            "warning": name != "approve",
        }
        return TemplateResponse(request, "admin/editions/deed.html", context, status=status)

    return answer_deed(request, form, decide, page, done=f"Done: {deed.label.lower()}.")


def _edition(pk: int) -> Edition:
    found = Edition.objects.select_related("proposed_by", "decided_by", "again")
    return get_object_or_404(found, pk=pk)


def _before(edition: Edition) -> Any:
    """What holds on the edition's first day without it: now, or when it was decided on."""
    if edition.is_open:
        return KINDS.get(edition.kind).present(edition.what, edition.holds_from)
    return edition.replaces


def _offered(edition: Edition, by: User) -> list[tuple[str, _Deed]]:
    """What ``by`` may do about an edition that waits."""
    if not edition.is_open or services.APPROVE not in by.staff_grants:
        return []
    own = edition.proposed_by_id == by.pk
    return [(name, deed) for name, deed in _DEEDS.items() if deed.for_the_proposer == own]


def _context(request: HttpRequest, edition: Edition, title: str) -> dict[str, Any]:
    facts: list[tuple[str, object]] = [
        ("Of", KINDS.get(edition.kind).name_of(edition.what)),
        ("Holds from", edition.holds_from),
        ("State", edition.get_state_display()),
        ("Proposed by", edition.proposed_by),
        ("Proposed", edition.proposed_at),
        ("Reason", edition.reason),
    ]
    if edition.again is not None:
        facts.append(("Takes up anew", edition.again))
    if edition.decided_by is not None:
        facts += [("Decided by", edition.decided_by), ("Decided", edition.decided_at)]
    if edition.decision_reason:
        facts.append(("Why", edition.decision_reason))
    if edition.begun_at is not None:
        facts.append(("Begun", edition.begun_at))
    return {
        **admin.site.each_context(request),
        "title": title,
        "edition": edition,
        "facts": FactSection("The edition", tuple(facts)),
        "opts": Edition._meta,
    }
