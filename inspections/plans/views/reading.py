"""An action plan as its employer's people read it. One that is not theirs is not found (404)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.models import Inspection
from inspections.plans import queries
from inspections.plans.models import Plan, PlanAction
from inspections.plans.services.holding import ANSWERABLE
from inspections.queries import clocks
from inspections.queries import detail as inspection_of
from inspections.views import FOLLOWS
from regulator.accounts.policies import declare, signed_in
from regulator.deadlines.models import ExtensionRequest


@declare(FOLLOWS)
@require_safe
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """Each finding that asks for an answer, with what is said to it, and where the plan stands."""
    inspection = inspection_of(reference, signed_in(request))
    return render(request, "inspections/plans/overview.html", context_of(inspection))


@declare(FOLLOWS)
@require_safe
def action(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One action, and what can be done about it as it stands."""
    inspection = inspection_of(reference, signed_in(request))
    kept = queries.action_of(inspection, pk)
    asked = ExtensionRequest.objects.filter(deadline__case=inspection.pk, deadline__kind="plan_action")
    context = {
        "inspection": inspection,
        "action": kept,
        "number": queries.number_of(inspection, kept.finding),
        "can_write": can_write(inspection, queries.in_hand(inspection)),
        "more_time": asked.filter(deadline__subject_id=kept.pk).first() if kept.is_begun else None,
    }
    return render(request, "inspections/plans/action.html", context)


def can_write(inspection: Inspection, plan: Plan | None) -> bool:
    """Whether the plan may be written now: something is owed, and CQC has no plan. No query unless the state
    allows it."""
    if inspection.case.redacted_at or inspection.case.status not in ANSWERABLE:
        return False
    return (plan is None or plan.is_draft) and bool(queries.owed(inspection))


def context_of(inspection: Inspection) -> dict[str, Any]:
    """What the pages of a whole plan show (at most fourteen queries, whatever its size)."""
    plans = queries.plans_of(inspection)
    in_hand = next((each for each in plans if not each.returned_at and not each.accepted_at), None)
    sent = [each for each in plans if not each.is_draft]
    last = sent[-1] if sent else None
    answered = queries.whole(inspection)
    acted: list[PlanAction] = [action for each in answered for action in each.actions if action.is_begun]
    return {
        "inspection": inspection,
        "case": inspection.case,
        "plans": sent,
        "last": last,
        "in_hand": in_hand,
        "can_write": can_write(inspection, in_hand),
        "answered": list(enumerate(answered, start=1)),
        "remarks": {each.finding_id: each.text for each in last.remarks.all()} if last else {},
        "acted": acted,
        "due": next((each for each in clocks(inspection) if each.kind == "action_plan"), None),
    }
