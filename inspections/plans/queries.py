"""The reads on action plans: each says how many SQL queries it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding, Inspection
from inspections.plans.deadlines import PLAN_ACTION
from inspections.plans.models import Plan, PlanAction, PlanAnswer, PlanEvidence
from inspections.queries import in_reach
from notifications.models.actions import only_weak
from regulator.casework.models import Event
from regulator.deadlines.models import ExtensionRequest

LISTS: Final[dict[str, Any]] = {
    "plans.plans": lambda pk: Plan.objects.filter(inspection=pk),
    "plans.actions": lambda pk: PlanAction.objects.standing().filter(finding__inspection=pk),
    "plans.more_time": lambda pk: ExtensionRequest.objects.filter(
        deadline__case=pk, deadline__kind=PLAN_ACTION, decision=""
    ),
}
"""What hangs on an inspection and is read with its page, by the name under which ``listed`` answers it."""
ACCEPTED: Final = "inspections.plan_received"


@dataclass(frozen=True, slots=True)
class Answered:
    """One finding that asks for an answer, and what the employer makes of it. ``owed``: no accepted plan
    answers it yet."""

    finding: Finding
    answer: PlanAnswer | None
    actions: list[PlanAction] = field(default_factory=list)
    owed: bool = False

    @property
    def is_weak(self) -> bool:
        """A breach against which stands nothing but training and reminders."""
        return self.finding.kind == Finding.Kind.BREACH and only_weak(self.actions)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that a plan still lacks, about which finding, and the route of the page that mends it
    (``""``: the whole plan's)."""

    message: str
    finding: Finding
    page: str


def asked(inspection: Inspection | int) -> QuerySet[Finding]:
    """The findings that the employer must answer with a plan: told for good, in their order."""
    key = inspection.pk if isinstance(inspection, Inspection) else inspection
    return Finding.objects.filter(inspection=key, kind__in=NEEDS_ANSWER, final_on__isnull=False)


def owed(inspection: Inspection) -> list[Finding]:
    """Those of them that no accepted plan answers. None where the plan was accepted and nothing was asked
    since (no query), else two queries."""
    if inspection.plan_received_on is not None:
        return []
    open_ones = asked(inspection).filter(plan_answer__plan__accepted_at__isnull=True)
    day = _accepted_by_hand(inspection)
    return [each for each in open_ones if day is None or each.final_on is None or each.final_on > day]


def _accepted_by_hand(inspection: Inspection) -> date | None:
    """The last day on which a plan was accepted of which the portal keeps nothing else (one query)."""
    told = Event.objects.filter(case=inspection.pk, type=ACCEPTED).order_by("sequence")
    days = [timezone.localdate(each.occurred_at) for each in told if "plan" not in each.payload]
    return max(days, default=None)


def whole(inspection: Inspection) -> list[Answered]:
    """Every finding that asks for an answer, with provisions, answer, actions and their files (at most seven
    queries, whatever their number)."""
    evidence = Prefetch("evidence", PlanEvidence.objects.select_related("attachment"))
    actions = PlanAction.objects.standing().prefetch_related(evidence)
    found = (
        asked(inspection)
        .select_related("plan_answer")
        .prefetch_related("provisions", Prefetch("plan_actions", actions))
    )
    waiting = {each.pk for each in owed(inspection)}
    return [
        Answered(each, getattr(each, "plan_answer", None), list(each.plan_actions.all()), each.pk in waiting)
        for each in found
    ]


def plans_of(inspection: Inspection) -> list[Plan]:
    """Its plans, the first first, with CQC's remarks (two queries)."""
    people = ("submitted_by", "returned_by", "accepted_by")
    return list(inspection.plans.select_related(*people).prefetch_related("remarks"))


def in_hand(inspection: Inspection) -> Plan | None:
    """The plan that is being written, or waits for CQC (one query)."""
    return Plan.objects.in_hand().filter(inspection=inspection).first()


def finding_of(inspection: Inspection, pk: int) -> Finding:
    """One finding that asks for an answer (two queries). ``Http404`` for any other."""
    found = asked(inspection).filter(pk=in_reach(pk)).prefetch_related("provisions").first()
    if found is None:
        raise Http404("There is no such finding.")
    return found


def action_of(inspection: Inspection, pk: int) -> PlanAction:
    """One action of its plan, with the finding and the files (three queries). ``Http404`` for any other."""
    evidence = Prefetch("evidence", PlanEvidence.objects.select_related("attachment"))
    found = PlanAction.objects.standing().filter(finding__inspection=inspection, pk=in_reach(pk))
    action = found.select_related("finding").prefetch_related(evidence).first()
    if action is None:
        raise Http404("There is no such action.")
    return action


def missing(answered: Iterable[Answered], *, today: date) -> list[Lacking]:
    """What a plan still lacks. No query."""
    return [
        Lacking(message, each.finding, page)
        for number, each in enumerate(answered, start=1)
        if each.owed
        for message, page in _lacks(number, each, today)
    ]


def _lacks(number: int, each: Answered, today: date) -> Iterator[tuple[str, str]]:
    if each.answer is None:
        yield f"Say what you make of finding {number}.", "plans:finding"
    elif not each.actions and each.answer.position != PlanAnswer.Position.DISPUTED:
        yield f"Add at least one action for finding {number}.", "plans:add"
    if any(action.planned_for < today for action in each.actions):
        yield f"Give a new date for an action for finding {number}: its date has gone by.", ""


def submitted() -> Q:
    """Inspections whose plan waits to be looked at. A condition on cases."""
    return Q(kind="inspection") & Q(Exists(Plan.objects.waiting().filter(inspection=OuterRef("pk"))))


def to_look_at() -> Q:
    """Inspections with actions that CQC has to say something to: done, to be cancelled, or more time is asked
    for. A condition on cases."""
    waiting = ExtensionRequest.objects.filter(
        deadline__case=OuterRef("pk"), deadline__kind=PLAN_ACTION, decision=""
    )
    acted = Q(Exists(_actions_of_the_case().to_look_at())) | Q(Exists(waiting))
    return Q(kind="inspection") & acted


def overdue() -> Q:
    """Inspections with actions whose day has gone by. A condition on cases."""
    return Q(kind="inspection") & Q(Exists(_actions_of_the_case().overdue()))


def _actions_of_the_case() -> Any:
    return PlanAction.objects.filter(finding__inspection=OuterRef("pk"))


def number_of(inspection: Inspection, finding: Finding) -> int:
    """By which number a finding goes on the plan's pages (one query)."""
    return list(asked(inspection).values_list("pk", flat=True)).index(finding.pk) + 1
