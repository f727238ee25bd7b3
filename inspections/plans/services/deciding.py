"""What CQC decides about a plan as a whole: returning it, accepting it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from inspections.lifecycle import CONDUCT
from inspections.models import Inspection
from inspections.plans import letters
from inspections.plans.deadlines import PLAN_ACTION
from inspections.plans.models import Plan, PlanAction, PlanRemark
from inspections.plans.queries import asked, in_hand, owed
from inspections.plans.services.holding import judging
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import BEYOND_REACH, open_deadline, resume_deadline, within_reach
from regulator.organisations.policies import NotPermitted

NONE_WAITS: Final = "No action plan waits to be looked at."
GRACE: Final = timedelta(days=7)
"""What an action gets whose day went by while CQC looked at the plan. The portal's own bound."""


def return_plan(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    reason: str,
    due_on: date,
    remarks: Mapping[int, str] | None = None,
    identifies_nobody: str = "",
) -> Plan:
    """Send a submitted plan back, with a reason and ``remarks`` by the key of a finding. Its clock runs
    again, to ``due_on``, and the employer is told.

    Raises ``NotPermitted``, ``NotAllowedNow`` where none waits, ``ValidationError`` by field (a remark's is
    ``remark_`` and the finding's key), ``IdentifiersFound`` for words that seem to identify somebody, unless
    ``identifies_nobody`` says why.
    """
    said = {key: text.strip() for key, text in (remarks or {}).items() if text.strip()}
    with judging(inspection, by=by, version=version) as (held, person):
        plan = _waiting(inspection)
        _check_return(inspection, reason=reason, due_on=due_on, said=said)
        texts = {"reason": reason, **{f"remark_{key}": text for key, text in said.items()}}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        plan.returned_at, plan.returned_by, plan.return_reason = clock.now(), person, reason.strip()
        plan.save(update_fields=["returned_at", "returned_by", "return_reason"])
        PlanRemark.objects.bulk_create(
            [PlanRemark(plan=plan, finding_id=key, text=text) for key, text in said.items()]
        )
        noted = [{"finding": key, "sha256": text_digest(text)} for key, text in said.items()]
        payload = {"plan": plan.pk, "due_on": due_on.isoformat(), "remarks": noted}
        append("plans.returned", case=held, by=by, payload=payload, text=plan.return_reason)
        again = resume_deadline(case=held, kind="action_plan", due_on=due_on, by=by)
        if again is None:  # a plan that came without being asked for
            open_deadline(case=held, kind="action_plan", start_on=clock.today(), due_on=due_on, by=by)
        letters.tell_returned(held, due_on=due_on)
    return plan


def accept_plan(*, inspection: Inspection, by: Actor, version: int | None) -> Plan:
    """Accept a submitted plan that answers all that is asked. The clock of each of its actions starts, and
    the employer is told.

    An action whose day went by while the plan waited is due a week from today. Raises ``NotPermitted``,
    ``NotAllowedNow`` where none waits, or where something was asked since that it does not answer.
    """
    if not isinstance(by, User):
        raise NotPermitted("A plan is accepted by a person.")
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        plan = _waiting(inspection)
        if {each.pk for each in owed(inspection)} - {each["finding"] for each in plan.content}:
            raise NotAllowedNow(
                "Something was found since that this plan does not answer. Return it, so that it does."
            )
        actions = _actions_in(plan)
        days = {each.pk: _due(each) for each in actions}
        due = [{"action": key, "due_on": day.isoformat()} for key, day in days.items()]
        move(held, "accept_plan", by=by, payload={"plan": plan.pk, "actions": due})
        plan.accepted_at, plan.accepted_by = clock.now(), by
        plan.save(update_fields=["accepted_at", "accepted_by"])
        inspection.plan_received_on = clock.today()
        inspection.save(update_fields=["plan_received_on"])
        _begin(held, plan, actions, days, by)
        letters.tell_accepted(held, first_due_on=min(days.values(), default=None))
    return plan


def _begin(held: Case, plan: Plan, actions: list[PlanAction], days: Mapping[int, date], by: User) -> None:
    """Let the clocks of a plan's actions run."""
    today = clock.today()
    for action in actions:
        action.accepted_in, action.planned_for = plan, days[action.pk]
        day, key = days[action.pk], action.pk
        open_deadline(case=held, kind=PLAN_ACTION, start_on=today, due_on=day, subject_id=key, by=by)
    PlanAction.objects.bulk_update(actions, ["accepted_in", "planned_for"])


def _actions_in(plan: Plan) -> list[PlanAction]:
    """The actions that were submitted with a plan (one query)."""
    keys = [action["action"] for each in plan.content for action in each["actions"]]
    return list(PlanAction.objects.standing().filter(pk__in=keys).order_by("pk"))


def _due(action: PlanAction) -> date:
    today = clock.today()
    return action.planned_for if action.planned_for >= today else today + GRACE


def _waiting(inspection: Inspection) -> Plan:
    plan = in_hand(inspection)
    if plan is None or not plan.is_waiting:
        raise NotAllowedNow(NONE_WAITS)
    return plan


def _check_return(inspection: Inspection, *, reason: str, due_on: date, said: Mapping[int, str]) -> None:
    errors: dict[str, str] = {}
    if not reason.strip():
        errors["reason"] = "Give a reason."
    if due_on < clock.today():
        errors["due_on"] = "The date to send it by must be today or in the future."
    elif not within_reach(due_on):
        errors["due_on"] = BEYOND_REACH
    known = set(asked(inspection).values_list("pk", flat=True)) if said else set()
    errors |= {f"remark_{key}": "This finding belongs to another inspection." for key in set(said) - known}
    if errors:
        raise ValidationError(errors)
