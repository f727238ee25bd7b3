"""By which texts of theirs plans are found, among those of their inspection. A plan that was not submitted
is the employer's own, and is not found."""

from collections.abc import Collection, Iterator

from inspections.plans.models import Plan, PlanAction, PlanRemark


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What plans said as they were submitted, what became of their actions, and CQC's words (three
    queries)."""
    sent = Plan.objects.filter(inspection__in=keys, submitted_at__isnull=False).order_by()
    for plan in sent:
        yield plan.inspection_id, "\n".join(_words(plan))
    noted = PlanRemark.objects.filter(plan__inspection__in=keys).order_by()
    yield from noted.values_list("plan__inspection_id", "text")
    acted = PlanAction.objects.begun().filter(finding__inspection__in=keys).order_by()
    for key, *said in acted.values_list(
        "finding__inspection_id", "done_what", "cancelled_reason", "cqc_says"
    ):
        yield key, "\n".join(said)


def _words(plan: Plan) -> Iterator[str]:
    yield from (plan.about, plan.return_reason)
    for answer in plan.content:
        yield answer["why"]
        for action in answer["actions"]:
            yield from (action["what"], action["owner_role"], action["effect_check"])
