"""The desk's pages of one score, of the score's own record, and of overrides. Staff alone see any of it."""

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
from regulator.organisations.deed_page import answer_deed
from regulator.risk import services
from regulator.risk.forms import DecideForm, ProposeForm, RefuseForm
from regulator.risk.models import RiskOverride, RiskScore
from regulator.risk.queries import latest_run, selections
from regulator.risk.record import record_of
from regulator.risk.services.overriding import CONFIRM, PROPOSE
from regulator.risk.why import label_of

UNKNOWN: Final = "Cannot tell: no activity returned"
_ARMS: Final = {
    "score": "Chosen by the score",
    "random": "Drawn at random",
    "reactive": "Reactive",
    "focused": "Focused",
    "time": "Longest not inspected",
    "": "How it was chosen is not on record",
}


@dataclass(frozen=True, slots=True)
class _Deed:
    """One button of an override that waits for a decision."""

    label: str
    lead: str
    form: type[forms.Form]
    service: Callable[..., RiskOverride]
    for_the_proposer: bool = False


_DEEDS: Final = {
    "confirm": _Deed(
        "Confirm",
        "The list follows it until its day. The score itself stays as it is.",
        DecideForm,
        services.confirm,
    ),
    "refuse": _Deed("Refuse", "The list goes on by the score.", RefuseForm, services.refuse),
    "withdraw": _Deed(
        "Withdraw", "Nobody needs to decide any more.", DecideForm, services.withdraw, for_the_proposer=True
    ),
}


@require_safe
def score_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One score: the why, what each component weighs, each modality, where it comes from, and overrides.

    8 queries at most.
    """
    score = _score(pk)
    by = signed_in(request)
    overrides = list(
        RiskOverride.objects.filter(employer=score.employer_id).select_related("proposed_by", "decided_by")[
            :20
        ]
    )
    context = {
        **_context(request, score, f"Reasons to look: {score.employer}"),
        "series": list(score.series.all()),
        "components": [
            {**each, "label": label_of(str(each["name"])), "is_silent": _is_silent(each)}
            for each in _strongest_first(score.components)
        ],
        "overrides": [(each, _offered(each, by)) for each in overrides],
        "revisions": RiskScore.objects.filter(run=score.run_id, employer=score.employer_id).count(),
        "may_propose": PROPOSE in by.staff_grants and score.is_current,
    }
    return TemplateResponse(request, "admin/risk/score.html", context)


@require_safe
def record_page(request: HttpRequest) -> HttpResponse:
    """What inspections found of employers that had a score, and the signals of equipment."""
    record = record_of(selections())
    context = {
        **admin.site.each_context(request),
        "title": "The score’s own record",
        "opts": RiskScore._meta,
        "record": record,
        "arms": [(_ARMS.get(each.name, each.name), each) for each in record.arms],
        "run": latest_run(),
    }
    return TemplateResponse(request, "admin/risk/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an override: 302 when done, else the form with what was wrong (400, 403, 409)."""
    score, form = _score(pk), ProposeForm(request.POST if request.method == "POST" else None)

    def deed() -> HttpResponse:
        services.propose(score=score, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:risk_riskscore_change", score.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        context = {
            **_context(request, score, "Look sooner or later"),
            "form": form,
            "lead": "A second person confirms it. The score itself stays as it is, and both are kept.",
            "button": "Propose",
        }
        return TemplateResponse(request, "admin/risk/deed.html", context, status=status)

    return answer_deed(request, form, deed, page, done="Proposed. A second person decides on it.")


@require_http_methods(["GET", "HEAD", "POST"])
def decide_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Confirm, refuse or withdraw: 302 when done, else the form with what was wrong (400, 403, 409)."""
    override = _override(pk)
    deed = _DEEDS.get(name)
    if deed is None:
        raise Http404("There is no such deed on an override.")
    form = deed.form(
        request.POST if request.method == "POST" else None, initial={"version": override.version}
    )

    def decide() -> HttpResponse:
        deed.service(override=override, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:risk_riskscore_change", override.score_id)

    def page(status: HTTPStatus) -> HttpResponse:
        now = override if status == HTTPStatus.OK else _override(pk)
        context = {
            **_context(request, now.score, deed.label),
            "override": now,
            "form": form,
            "lead": deed.lead,
            "button": deed.label,
        }
        return TemplateResponse(request, "admin/risk/deed.html", context, status=status)

    return answer_deed(request, form, decide, page, done=f"Done: {deed.label.lower()}.")


def _score(pk: int) -> RiskScore:
    return get_object_or_404(RiskScore.objects.select_related("employer", "run").defer("run__frozen"), pk=pk)


def _override(pk: int) -> RiskOverride:
    found = RiskOverride.objects.select_related(
        "proposed_by", "decided_by", "score__employer", "score__run"
    ).defer("score__run__frozen")
    return get_object_or_404(found, pk=pk)


def _offered(override: RiskOverride, by: User) -> list[tuple[str, _Deed]]:
    """What ``by`` may do about an override that waits."""
    if override.state != RiskOverride.State.PROPOSED or CONFIRM not in by.staff_grants:
        return []
    own = override.proposed_by_id == by.pk
    return [(name, deed) for name, deed in _DEEDS.items() if deed.for_the_proposer == own]


def _strongest_first(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(components, key=lambda each: -abs(float(each["contribution"])))


def _is_silent(component: dict[str, Any]) -> bool:
    return not any(float(component[each]) for each in ("under", "poor", "contribution"))


def _context(request: HttpRequest, score: RiskScore, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "score": score, "opts": RiskScore._meta}
