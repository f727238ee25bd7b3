"""Holding an inspection for a change of its plan: by the employer's people, or by CQC's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError

from inspections.lifecycle import CONDUCT, FACTUAL_ACCURACY, FEEDBACK_DRAFTED, FINAL
from inspections.models import Finding, Inspection
from inspections.plans.deadlines import PLAN_ACTION
from inspections.plans.models import Plan, PlanAction
from inspections.plans.queries import in_hand, owed
from inspections.services.holding import holding
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import NotPermitted

FOLLOW = "inspections.follow"
"""The permission under which an employer's people answer an inspection: their leads'."""
ANSWERABLE = (FINAL, FEEDBACK_DRAFTED, FACTUAL_ACCURACY)
"""The states in which something may wait for an answer: further feedback may be on its way meanwhile."""


@contextmanager
def keeping(inspection: Inspection, *, by: Actor, version: int | None) -> Iterator[tuple[Case, User]]:
    """Hold the case for a change that one of the employer's leads makes. Raises ``NotPermitted``."""
    with _by_a_person(inspection, FOLLOW, by=by, version=version) as held:
        yield held


@contextmanager
def judging(inspection: Inspection, *, by: Actor, version: int | None) -> Iterator[tuple[Case, User]]:
    """Hold the case for a decision of an inspector's. Raises ``NotPermitted``."""
    with _by_a_person(inspection, CONDUCT, by=by, version=version) as held:
        yield held


@contextmanager
def _by_a_person(
    inspection: Inspection, permission: str, *, by: Actor, version: int | None
) -> Iterator[tuple[Case, User]]:
    with holding(inspection, version=version) as held:
        permit_on(held, permission, by)
        if not isinstance(by, User):
            raise NotPermitted("An action plan is kept by people.")
        yield held, by


def draft_for(held: Case, inspection: Inspection, person: User) -> Plan:
    """The plan that is being written, begun where there is none (three queries at most). One that follows a
    returned plan begins with what that said as a whole.

    Raises ``NotAllowedNow`` while CQC has the plan, and where nothing is to be answered.
    """
    plan = in_hand(inspection)
    if plan is not None and plan.is_waiting:
        raise NotAllowedNow("CQC has your plan. It can be changed only if CQC returns it.")
    if held.status not in ANSWERABLE or not owed(inspection):
        raise NotAllowedNow("Nothing here waits for your answer.")
    if plan is not None:
        return plan
    last = inspection.plans.order_by("number").last()
    number = last.number + 1 if last else 1
    about = last.about if last and last.returned_at else ""
    return Plan.objects.create(inspection=inspection, number=number, about=about, begun_by=person)


def owed_one(inspection: Inspection, finding: Finding) -> Finding:
    """The finding, where it waits for an answer. Raises ``ValidationError``."""
    found = next((each for each in owed(inspection) if each.pk == finding.pk), None)
    if found is None:
        raise ValidationError({"finding": "This finding does not wait for an answer."})
    return found


def action_held(inspection: Inspection, action: PlanAction) -> PlanAction:
    """The action as it stands now, read while the case is held (one query)."""
    standing = PlanAction.objects.standing().filter(finding__inspection=inspection, pk=action.pk)
    kept = standing.select_related("finding").first()
    if kept is None:
        raise ValidationError({"action": "This action belongs to another plan."})
    return kept


def begun_action(inspection: Inspection, action: PlanAction) -> PlanAction:
    """The same, of an accepted plan. Raises ``NotAllowedNow``."""
    kept = action_held(inspection, action)
    if not kept.is_begun:
        raise NotAllowedNow("CQC has not accepted the plan yet.")
    return kept


def open_action(inspection: Inspection, action: PlanAction) -> PlanAction:
    """The same, where it is still to be done. Raises ``NotAllowedNow``."""
    kept = begun_action(inspection, action)
    if not kept.is_open:
        raise NotAllowedNow("This action is done or cancelled, so it cannot be changed.")
    return kept


def clock_of(held: Case, action: PlanAction) -> Deadline:
    """The running clock of an open action (one query)."""
    return Deadline.objects.open().get(case=held, kind=PLAN_ACTION, subject_id=action.pk)


def first_day(inspection: Inspection) -> date:
    """The earliest day on which anything can have been done about what was found."""
    return inspection.visited_on or date.min
