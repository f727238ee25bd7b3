"""What the employer does while it writes its plan: answering findings, planning actions, submitting."""

from typing import Any, Final

from django.core.exceptions import ValidationError

from inspections.models import Finding, Inspection
from inspections.plans import letters
from inspections.plans.models import Plan, PlanAction, PlanAnswer
from inspections.plans.queries import Answered, missing, whole
from inspections.plans.services.holding import action_held, draft_for, keeping, owed_one
from notifications.content import ActionContent
from notifications.services.action_rules import action_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.deadlines.services import meet_deadline

MOST_ACTIONS: Final = 40
"""How many actions may answer one finding. The portal's own bound."""
WORDS: Final = ("what", "owner_role", "effect_check")
"""The words of an action."""


def answer_finding(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    finding: Finding,
    position: str,
    why: str = "",
    identifies_nobody: str = "",
) -> PlanAnswer:
    """Say what the employer makes of a finding: agreed, or in part or not at all and ``why``. May be said
    anew until the plan is submitted.

    Raises ``NotPermitted``, ``NotAllowedNow`` while CQC has the plan, ``ValidationError`` by field,
    ``IdentifiersFound`` for words that seem to identify somebody, unless ``identifies_nobody`` says why.
    """
    with keeping(inspection, by=by, version=version) as (held, person):
        plan = draft_for(held, inspection, person)
        owed_one(inspection, finding)
        why = why.strip()
        if position not in PlanAnswer.Position.values:
            raise ValidationError({"position": "Choose whether you agree."})
        if position != PlanAnswer.Position.AGREED and not why:
            raise ValidationError({"why": "Say what you do not agree with, and why."})
        refuse_identifiers(case=held, texts={"why": why}, by=by, reason=identifies_nobody)
        said = {"plan": plan, "position": position, "why": why}
        said |= {"answered_by": person, "answered_at": clock.now()}
        kept, _ = PlanAnswer.objects.update_or_create(finding=finding, defaults=said)
        payload = {"plan": plan.pk, "finding": finding.pk, "position": position, "sha256": text_digest(why)}
        append("plans.answered", case=held, by=by, payload=payload)
    return kept


def add_action(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    finding: Finding,
    action: ActionContent,
    identifies_nobody: str = "",
) -> PlanAction:
    """Plan an action in answer to a finding. Its clock starts once CQC accepts the plan.

    Raises as ``answer_finding`` does.
    """
    with keeping(inspection, by=by, version=version) as (held, person):
        plan = draft_for(held, inspection, person)
        owed_one(inspection, finding)
        if PlanAction.objects.standing().filter(finding=finding).count() >= MOST_ACTIONS:
            raise ValidationError({"what": f"Plan {MOST_ACTIONS} actions or fewer for one finding."})
        said = _checked(held, by, action, identifies_nobody)
        kept = PlanAction.objects.create(finding=finding, added_by=person, **said)
        _record("action_added", held, by, plan, kept)
    return kept


def change_action(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    action: PlanAction,
    to: ActionContent,
    identifies_nobody: str = "",
) -> PlanAction:
    """Plan an action otherwise, until the plan is submitted. Raises as ``answer_finding`` does."""
    with keeping(inspection, by=by, version=version) as (held, person):
        plan = draft_for(held, inspection, person)
        kept = _still_planned(inspection, action)
        said = _checked(held, by, to, identifies_nobody, stored={name: getattr(kept, name) for name in WORDS})
        for name, value in said.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(said))
        _record("action_changed", held, by, plan, kept)
    return kept


def remove_action(*, inspection: Inspection, by: Actor, version: int | None, action: PlanAction) -> None:
    """Take an action out of a plan that is not submitted. What earlier plans said of it stays with them."""
    with keeping(inspection, by=by, version=version) as (held, person):
        plan = draft_for(held, inspection, person)
        kept = _still_planned(inspection, action)
        kept.removed_at = clock.now()
        kept.save(update_fields=["removed_at"])
        _record("action_removed", held, by, plan, kept)


def submit_plan(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    about: str = "",
    identifies_nobody: str = "",
) -> Plan:
    """Send CQC the plan; the clock of the action plan stops, and the lead is told.

    Each finding that waits for an answer has one, and an action unless it is disputed. Raises
    ``NotPermitted``, ``NotAllowedNow``, ``ValidationError`` with everything that is missing, and
    ``IdentifiersFound`` for ``about``, unless ``identifies_nobody`` says why.
    """
    with keeping(inspection, by=by, version=version) as (held, person):
        plan = draft_for(held, inspection, person)
        answered = whole(inspection)
        if lacking := missing(answered, today=clock.today()):
            raise ValidationError([each.message for each in lacking])
        refuse_identifiers(case=held, texts={"about": about}, by=by, reason=identifies_nobody)
        plan.about, plan.submitted_at, plan.submitted_by = about.strip(), clock.now(), person
        plan.content = [_content(each) for each in answered if each.owed]
        plan.save(update_fields=["about", "submitted_at", "submitted_by", "content"])
        PlanAnswer.objects.filter(finding__in=[each.finding for each in answered if each.owed]).update(
            plan=plan
        )
        payload = {
            "plan": plan.pk,
            "number": plan.number,
            "about_sha256": text_digest(plan.about),
            "answers": [_in_digests(each) for each in plan.content],
        }
        append("plans.submitted", case=held, by=by, payload=payload)
        meet_deadline(case=held, kind="action_plan", by=by)
        letters.tell_submitted(held)
    return plan


def _still_planned(inspection: Inspection, action: PlanAction) -> PlanAction:
    kept = action_held(inspection, action)
    if kept.is_begun:
        raise NotAllowedNow("CQC accepted this action, so it cannot be planned otherwise.")
    return kept


def _checked(
    held: Case, by: Actor, action: ActionContent, why: str, stored: dict[str, str] | None = None
) -> dict[str, Any]:
    """What is kept of an action. Raises ``ValidationError`` by field, ``IdentifiersFound``."""
    if faults := action_faults(action):
        raise ValidationError(faults)
    words = {name: str(getattr(action, name)).strip() for name in WORDS}
    refuse_identifiers(case=held, texts=words, by=by, reason=why, stored=stored)
    return {**words, "strength": action.strength, "planned_for": action.planned_for}


def _record(event: str, held: Case, by: User | Actor, plan: Plan, action: PlanAction) -> None:
    """A draft is the employer's own: the chain keeps that it was changed and digests, no words."""
    payload = {"plan": plan.pk, "finding": action.finding_id, **_digested(_planned(action))}
    append(f"plans.{event}", case=held, by=by, payload=payload)


def _content(each: Answered) -> dict[str, Any]:
    """An answer with its actions, as it is submitted."""
    answer = each.answer
    return {
        "finding": each.finding.pk,
        "position": answer.position if answer else "",
        "why": answer.why if answer else "",
        "actions": [_planned(action) for action in each.actions],
    }


def _planned(action: PlanAction) -> dict[str, Any]:
    return {
        "action": action.pk,
        "strength": action.strength,
        "planned_for": action.planned_for.isoformat(),
        **{name: getattr(action, name) for name in WORDS},
    }


def _in_digests(content: dict[str, Any]) -> dict[str, Any]:
    """The same, with digests in the places of words: what the chain keeps of it."""
    return {
        "finding": content["finding"],
        "position": content["position"],
        "why_sha256": text_digest(content["why"]),
        "actions": [_digested(each) for each in content["actions"]],
    }


def _digested(planned: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in planned.items() if name not in WORDS}
    return plain | {f"{name}_sha256": text_digest(planned[name]) for name in WORDS}
