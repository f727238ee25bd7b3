"""A plan on the desk: what was submitted, and how its actions stand."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from inspections.models import Finding
from inspections.plans.models import Plan, PlanAction, PlanAnswer
from inspections.plans.services.judging import asking_for_more_time
from inspections.queries import in_reach
from notifications.models import Strength
from notifications.models.actions import WEAK
from regulator.casework.admin.page import readable_case
from regulator.casework.models import Case


@require_safe
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A submitted plan, finding by finding as it was submitted, with what became of each action.

    At most 14 SQL queries at any size. 404 for a draft, and for one of a case that this person may not see.
    """
    people = ("submitted_by", "returned_by", "accepted_by")
    sent = Plan.objects.filter(submitted_at__isnull=False).select_related(*people)
    plan = get_object_or_404(sent, pk=in_reach(pk))
    case = readable_case(request, plan.inspection_id)
    others = Plan.objects.filter(inspection=plan.inspection_id, submitted_at__isnull=False)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{plan} of {case}",
        "opts": Plan._meta,
        "case": case,
        "plan": plan,
        "others": [each for each in others if each.pk != plan.pk],
        "answered": _answered(plan, case),
    }
    return TemplateResponse(request, "admin/plans/plan.html", context)


def _answered(plan: Plan, case: Case) -> list[dict[str, Any]]:
    """What was submitted to each finding (six queries)."""
    keys = [each["finding"] for each in plan.content]
    found = Finding.objects.prefetch_related("provisions").in_bulk(keys)
    named = [action["action"] for each in plan.content for action in each["actions"]]
    begun = PlanAction.objects.begun().filter(accepted_in=plan).select_related("confirmed_by", "cancelled_by")
    standing = begun.prefetch_related("evidence__attachment").in_bulk(named)
    asked = asking_for_more_time(case)
    remarks = {each.finding_id: each.text for each in plan.remarks.all()}
    return [
        {
            "finding": found[each["finding"]],
            "position": PlanAnswer.Position(each["position"]).label,
            "why": each["why"],
            "remark": remarks.get(each["finding"], ""),
            "weak": _weak(found[each["finding"]], each["actions"]),
            "actions": [
                {
                    **one,
                    "label": Strength(one["strength"]).label,
                    "day": date.fromisoformat(one["planned_for"]),
                    "now": standing.get(one["action"]),
                    "asked": asked.get(one["action"]),
                }
                for one in each["actions"]
            ],
        }
        for each in plan.content
        if each["finding"] in found
    ]


def _weak(finding: Finding, actions: list[dict[str, Any]]) -> bool:
    """Whether a breach is answered by nothing but what people must remember."""
    breach = finding.kind == Finding.Kind.BREACH
    return breach and bool(actions) and all(each["strength"] in WEAK for each in actions)
