"""Entries that CQC published before the portal: found, corrected or removed by one person, decided on by
another."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from enforcement.gate import services
from enforcement.gate.conditions import PREPARE
from enforcement.gate.forms import CorrectForm, FindForm, ReadForm, ReasonForm, RemoveForm
from enforcement.gate.models import Proposal
from enforcement.gate.views.reading import UNREADABLE, proposal_for
from enforcement.register.models import RegisterEntry
from regulator.accounts.policies import signed_in
from regulator.organisations.deed_page import answer_deed
from regulator.organisations.policies import may

METHODS: Final = ["GET", "HEAD", "POST"]
_A_PAGE: Final = 50


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What waits of entries without a notice, and those entries to look through. At most 8 queries."""
    by = signed_in(request)
    form = FindForm(request.GET)
    typed = form.cleaned_data["q"].strip() if form.is_valid() else ""
    entries = RegisterEntry.objects.filter(origin=RegisterEntry.Origin.PUBLISHED_BY_CQC)
    if typed:
        entries = entries.filter(Q(employer_name__icontains=typed) | Q(location__icontains=typed))
    waiting = Proposal.objects.open().filter(notice__isnull=True).select_related("proposed_by")
    context = {
        **_around(request, "Entries without a notice"),
        "form": form,
        "page": Paginator(entries.order_by("-served_on", "-pk"), _A_PAGE).get_page(request.GET.get("page")),
        "typed": typed,
        "waiting": waiting.order_by("proposed_at", "pk")[:_A_PAGE],
        "may_prepare": may(by, PREPARE),
    }
    return TemplateResponse(request, "admin/gate/overview.html", context)


@require_http_methods(METHODS)
def correct_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose what an entry is to say."""
    entry = _entry(slug)
    form = CorrectForm(request.POST or None, entry=entry)

    def deed() -> HttpResponse:
        said = dict(form.cleaned_data)
        version, why = said.pop("version"), said.pop("why")
        made = services.correct_imported(
            slug=slug, by=signed_in(request), version=version, why=why, changes=said
        )
        return redirect("admin:gate_proposal_change", made.pk)

    return _answer(request, form, deed, title="Correct the entry", lead=str(entry))


@require_http_methods(METHODS)
def remove_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose that an entry go."""
    entry = _entry(slug)
    form = RemoveForm(request.POST or None, entry=entry)

    def deed() -> HttpResponse:
        made = services.remove_imported(slug=slug, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:gate_proposal_change", made.pk)

    return _answer(request, form, deed, title="Remove the entry", lead=str(entry))


@require_http_methods(METHODS)
def approve_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a correction or a removal take effect."""
    proposal = _of_none(request, pk)
    form = ReadForm(request.POST or None)

    def deed() -> HttpResponse:
        services.approve_imported(proposal=proposal, by=signed_in(request))
        return redirect("admin:gate_proposal_change", proposal.pk)

    lead = f"{proposal}. It takes effect at once."
    return _answer(request, form, deed, title="Approve", lead=lead, proposal=proposal)


@require_http_methods(METHODS)
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a correction or a removal back."""
    proposal = _of_none(request, pk)
    form = ReasonForm(request.POST or None)

    def deed() -> HttpResponse:
        services.return_imported(proposal=proposal, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:gate_proposal_change", proposal.pk)

    return _answer(request, form, deed, title="Give it back", lead=str(proposal), proposal=proposal)


def _entry(slug: str) -> RegisterEntry:
    imported = RegisterEntry.objects.filter(origin=RegisterEntry.Origin.PUBLISHED_BY_CQC)
    return get_object_or_404(imported.prefetch_related("citations"), slug=slug)


def _of_none(request: HttpRequest, pk: int) -> Proposal:
    """A proposal that no notice stands behind; those of notices are decided on their case's page."""
    found = proposal_for(request, pk)
    if found.notice is not None:
        raise Http404(UNREADABLE)
    return found


def _around(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": Proposal._meta}


def _answer(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], HttpResponse],
    *,
    title: str,
    lead: str,
    proposal: Proposal | None = None,
) -> HttpResponse:
    """302 when done, else the form with what was wrong (400, 403, 409)."""

    def page(status: HTTPStatus) -> HttpResponse:
        context = {
            **_around(request, title),
            "form": form,
            "lead": lead,
            "proposal": proposal,
        }
        return TemplateResponse(request, "admin/gate/deed.html", context, status=status)

    return answer_deed(request, form, deed, page, done=f"Done: {title[:1].lower()}{title[1:]}.")
