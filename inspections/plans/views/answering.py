"""The pages on which an employer writes its plan: an answer to each finding, its actions, submitting."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from inspections.models import Inspection
from inspections.plans import queries, services
from inspections.plans.forms import AnswerFindingForm, RemoveForm, SubmitPlanForm
from inspections.plans.models import Plan, PlanAction, PlanAnswer
from inspections.plans.views.reading import can_write, context_of
from inspections.queries import detail as inspection_of
from inspections.views import FOLLOWS
from notifications.content import ActionContent
from notifications.forms.reporting import ActionForm
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import declare, signed_in
from regulator.accounts.typed import keeps_typed

_PLANNED: Final = ("what", "strength", "owner_role", "planned_for", "effect_check")


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What the employer makes of a finding; then to its first action, or back to the plan."""
    inspection = inspection_of(reference, signed_in(request))
    asked = queries.finding_of(inspection, pk)
    if request.method != "POST" and not can_write(inspection, queries.in_hand(inspection)):
        return redirect("plans:overview", reference=reference)
    said = PlanAnswer.objects.filter(finding=asked).first()
    initial: dict[str, Any] = {"version": inspection.case.version}
    if said is not None:
        initial |= {"position": said.position, "why": said.why}
    form = AnswerFindingForm(sent(request), initial=initial)

    def deed() -> PlanAnswer:
        typed = form.cleaned_data
        return services.answer_finding(
            inspection=inspection,
            by=signed_in(request),
            version=typed["version"],
            finding=asked,
            position=typed["position"],
            why=typed["why"],
            identifies_nobody=typed["identifies_nobody"],
        )

    outcome = posted(request, form, deed, inspection)
    if outcome.value is not None:
        messages.success(request, "Your answer was saved.")
        disputed = outcome.value.position == PlanAnswer.Position.DISPUTED
        if disputed or PlanAction.objects.standing().filter(finding=asked).exists():
            return redirect("plans:overview", reference=reference)
        return redirect("plans:add", reference=reference, pk=pk)
    context = {"inspection": inspection, "finding": asked, "number": queries.number_of(inspection, asked)}
    return page(request, "inspections/plans/finding.html", form, outcome, **context)


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Plan an action in answer to a finding."""
    inspection = inspection_of(reference, signed_in(request))
    asked = queries.finding_of(inspection, pk)
    if request.method != "POST" and not can_write(inspection, queries.in_hand(inspection)):
        return redirect("plans:overview", reference=reference)
    form = ActionForm(sent(request), initial={"version": inspection.case.version})

    def deed() -> PlanAction:
        return services.add_action(
            inspection=inspection,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            finding=asked,
            action=_planned(form),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, "The action was added to your plan.")
        return redirect("plans:overview", reference=reference)
    context = {"inspection": inspection, "finding": asked, "number": queries.number_of(inspection, asked)}
    context["title"] = "Add an action"
    return page(request, "inspections/plans/action_form.html", form, outcome, **context)


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Plan an action otherwise."""
    inspection, kept = _action(request, reference, pk)
    if request.method != "POST" and not _changeable(inspection, kept):
        return redirect("plans:action", reference=reference, pk=pk)
    initial = {name: getattr(kept, name) for name in _PLANNED} | {"version": inspection.case.version}
    form = ActionForm(sent(request), initial=initial)

    def deed() -> PlanAction:
        return services.change_action(
            inspection=inspection,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            action=kept,
            to=_planned(form),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, "The action was changed.")
        return redirect("plans:overview", reference=reference)
    context = {"inspection": inspection, "finding": kept.finding, "title": "Change an action"}
    context["number"] = queries.number_of(inspection, kept.finding)
    return page(request, "inspections/plans/action_form.html", form, outcome, **context)


@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take an action out of the plan, after asking."""
    inspection, kept = _action(request, reference, pk)
    if request.method != "POST" and not _changeable(inspection, kept):
        return redirect("plans:action", reference=reference, pk=pk)
    form = RemoveForm(sent(request), initial={"version": inspection.case.version})

    def deed() -> None:
        version = form.cleaned_data["version"]
        services.remove_action(inspection=inspection, by=signed_in(request), version=version, action=kept)

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, "The action was taken out of your plan.")
        return redirect("plans:overview", reference=reference)
    context = {"inspection": inspection, "action": kept}
    return page(request, "inspections/plans/remove.html", form, outcome, **context)


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole plan, what it still lacks, the declaration, and the button."""
    inspection = inspection_of(reference, signed_in(request))
    context = context_of(inspection)
    if request.method != "POST" and not context["can_write"]:
        return redirect("plans:overview", reference=reference)
    former = context["in_hand"] or context["last"]
    initial = {"version": inspection.case.version, "about": former.about if former else ""}
    form = SubmitPlanForm(sent(request), initial=initial)

    def deed() -> Plan:
        typed = form.cleaned_data
        return services.submit_plan(
            inspection=inspection,
            by=signed_in(request),
            version=typed["version"],
            about=typed["about"],
            identifies_nobody=typed["identifies_nobody"],
        )

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, "Your action plan was submitted. CQC will email you when it has decided.")
        return redirect("plans:overview", reference=reference)
    answered = [each for _, each in context["answered"]]
    context["missing"] = queries.missing(answered, today=clock.today())
    context["weak"] = [number for number, each in context["answered"] if each.owed and each.is_weak]
    return page(request, "inspections/plans/check.html", form, outcome, **context)


def _action(request: HttpRequest, reference: str, pk: int) -> tuple[Inspection, PlanAction]:
    inspection = inspection_of(reference, signed_in(request))
    return inspection, queries.action_of(inspection, pk)


def _changeable(inspection: Inspection, action: PlanAction) -> bool:
    return not action.is_begun and can_write(inspection, queries.in_hand(inspection))


def _planned(form: ActionForm) -> ActionContent:
    typed: dict[str, Any] = {name: form.cleaned_data[name] for name in _PLANNED}
    return ActionContent(**typed)
