"""What of an action plan is removed: everything that somebody typed, also in what was submitted. Positions,
kinds of action and days stay."""

from collections import Counter
from collections.abc import Collection
from typing import Any, Final

from inspections.plans.models import Plan, PlanAction, PlanAnswer, PlanRemark
from inspections.plans.services.answering import WORDS
from regulator.casework.models import Case
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group, Redactor
from regulator.casework.redaction.removing import blanking

ACTION: Final = dict.fromkeys((*WORDS, "done_what", "cancelled_reason", "cqc_says"), REMOVED)


def contribute() -> None:
    texts = Group.TEXTS
    plan = {"about": REMOVED, "return_reason": REMOVED}
    REDACTORS.register("plans.plans", blanking("Action plans", texts, Plan, "inspection__case", plan))
    REDACTORS.register("plans.content", Redactor("Action plans as submitted", texts, _said, _empty))
    way = "finding__inspection__case"
    answers = blanking("Answers to findings", texts, PlanAnswer, way, {"why": REMOVED})
    REDACTORS.register("plans.answers", answers)
    remarks = blanking("Remarks on answers", texts, PlanRemark, "plan__inspection__case", {"text": REMOVED})
    REDACTORS.register("plans.remarks", remarks)
    REDACTORS.register("plans.actions", blanking("Actions of plans", texts, PlanAction, way, ACTION))


def _said(keys: Collection[int]) -> dict[int, int]:
    """By case, how many plans still say something as they were submitted (one query)."""
    sent = Plan.objects.filter(inspection__in=keys, submitted_at__isnull=False).order_by()
    saying = (
        key for key, content in sent.values_list("inspection", "content") if _emptied(content) != content
    )
    return dict(Counter(saying))


def _empty(held: Case) -> int:
    number = 0
    for plan in Plan.objects.filter(inspection=held.pk, submitted_at__isnull=False):
        emptied = _emptied(plan.content)
        if emptied != plan.content:
            Plan.objects.filter(pk=plan.pk).update(content=emptied)
            number += 1
    return number


def _emptied(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was submitted, without its words."""
    return [
        {
            **each,
            "why": REMOVED if each["why"] else "",
            "actions": [{**one, **dict.fromkeys(WORDS, REMOVED)} for one in each["actions"]],
        }
        for each in content
    ]
