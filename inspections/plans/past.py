"""What action plans tell of a case's past: each plan as it was submitted and decided on, and what became of
its actions. What stood in a plan that was not submitted yet is the employer's own, and is not told."""

from collections.abc import Callable, Collection
from typing import Any, Final

from inspections.models import Finding
from inspections.plans.models import Plan, PlanAction, PlanAnswer, PlanRemark
from inspections.plans.services.answering import WORDS as WRITTEN
from notifications.models import Strength
from regulator.casework.evidence.past import (
    CHAPTERS,
    TEXTS,
    Chapter,
    Said,
    State,
    Told,
    day_of,
    iso,
    row_of,
)
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "inspection"
Key = tuple[int, str, int, str]


def contribute() -> None:
    CHAPTERS.register("plans", Chapter(take, start, present=present))
    WORDS.register("plan_answers.position", lambda value: str(PlanAnswer.Position(value).label))
    WORDS.register("plan_actions.strength", lambda value: str(Strength(value).label))
    TEXTS.register("plan", plans)
    TEXTS.register("plan_remark", remarks)
    TEXTS.register("plan_content", contents)


def start(case: Case) -> State:
    if case.kind != KIND:
        return {}
    return {"plans": [], "plan_answers": [], "plan_remarks": [], "plan_actions": [], "plan_progress": []}


def take(state: State, told: Told) -> None:
    if "plans" not in state:
        return
    if told.type in _PARTS:
        _PARTS[told.type](state, told)


def _submitted(state: State, told: Told) -> None:
    payload, plan = told.payload, told.payload["plan"]
    made = {"number": payload["number"], "by": told.by, "on": told.day}
    made |= {"about": Said("plan", plan, payload["about_sha256"]), "returned_on": None, "returned_by": None}
    made |= {"return_reason": "", "accepted_on": None, "accepted_by": None}
    state["plans"].append(made)
    for each in payload["answers"]:
        found = row_of(state["findings"], "finding", each["finding"]).get("text", "")
        state["plan_answers"].append(_answer(payload["number"], plan, each, found))
        state["plan_actions"] += [
            _action(payload["number"], plan, each["finding"], one) for one in each["actions"]
        ]


def _answer(number: int, plan: int, told: dict[str, Any], found: Any) -> dict[str, Any]:
    why = Said("plan_content", (plan, "why", told["finding"], "why"), told["why_sha256"])
    answered = {"plan": number, "finding": told["finding"], "what_was_found": found}
    return {**answered, "position": told["position"], "why": why}


def _action(number: int, plan: int, finding: int, told: dict[str, Any]) -> dict[str, Any]:
    key = told["action"]
    words = {
        name: Said("plan_content", (plan, "action", key, name), told[f"{name}_sha256"]) for name in WRITTEN
    }
    kept = {"plan": number, "finding": finding, "action": key, "strength": told["strength"]}
    return {**kept, "planned_for": told["planned_for"], **words}


def _returned(state: State, told: Told) -> None:
    found = state["plans"][-1]
    found |= {"returned_on": told.day, "returned_by": told.by, "return_reason": told.text}
    for each in told.payload["remarks"]:
        text = Said("plan_remark", (told.payload["plan"], each["finding"]), each["sha256"])
        state["plan_remarks"].append({"plan": found["number"], "finding": each["finding"], "text": text})


def _accepted(state: State, told: Told) -> None:
    """A plan of which the portal keeps nothing else is told by the inspection itself."""
    if "plan" not in told.payload:
        return
    state["plans"][-1] |= {"accepted_on": told.day, "accepted_by": told.by}
    for each in told.payload["actions"]:
        what = [row["what"] for row in state["plan_actions"] if row["action"] == each["action"]][-1]
        begun = {"action": each["action"], "what": what, "due_on": each["due_on"], **dict.fromkeys(_LATER)}
        begun |= {"done_what": "", "cancelled_reason": "", "cqc_says": ""}
        state["plan_progress"].append(begun)


_LATER: Final = (
    "done_on",
    "done_what",
    "confirmed_on",
    "confirmed_by",
    "cancel_asked_on",
    "cancelled_reason",
    "cancelled_on",
    "cqc_says",
)


def _one(state: State, told: Told) -> dict[str, Any]:
    return row_of(state["plan_progress"], "action", told.payload["action"])


def _done(state: State, told: Told) -> None:
    found = _one(state, told)
    found |= {"done_on": told.payload["done_on"], "done_what": told.text}
    found |= {"cancel_asked_on": None, "cancelled_reason": ""}


def _confirmed(state: State, told: Told) -> None:
    _one(state, told).update(confirmed_on=told.day, confirmed_by=told.by)


def _reopened(state: State, told: Told) -> None:
    found = _one(state, told)
    found |= {"due_on": told.payload["due_on"], "done_on": None, "done_what": "", "cqc_says": told.text}
    found |= {"confirmed_on": None, "confirmed_by": None}


def _moved(state: State, told: Told) -> None:
    _one(state, told)["due_on"] = told.payload["to"]


def _cancel_asked(state: State, told: Told) -> None:
    _one(state, told).update(cancel_asked_on=told.day, cancelled_reason=told.text)


def _cancel_agreed(state: State, told: Told) -> None:
    _one(state, told)["cancelled_on"] = told.day


def _cancel_refused(state: State, told: Told) -> None:
    _one(state, told).update(cancel_asked_on=None, cancelled_reason="", cqc_says=told.text)


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "plans.submitted": _submitted,
    "plans.returned": _returned,
    "inspections.plan_received": _accepted,
    "plans.action_done": _done,
    "plans.action_confirmed": _confirmed,
    "plans.action_reopened": _reopened,
    "plans.action_moved": _moved,
    "plans.cancel_asked": _cancel_asked,
    "plans.cancel_agreed": _cancel_agreed,
    "plans.cancel_refused": _cancel_refused,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    sent = list(Plan.objects.filter(inspection=case.pk, submitted_at__isnull=False).order_by("number"))
    noted = PlanRemark.objects.filter(plan__in=sent).select_related("plan").order_by("pk")
    begun = PlanAction.objects.begun().filter(finding__inspection=case.pk)
    found = dict(Finding.objects.filter(inspection=case.pk).values_list("pk", "text"))
    return {
        "plans": [_plan(each) for each in sent],
        "plan_answers": [
            {
                "plan": plan.number,
                "finding": each["finding"],
                "what_was_found": found.get(each["finding"], ""),
                "position": each["position"],
                "why": each["why"],
            }
            for plan in sent
            for each in plan.content
        ],
        "plan_remarks": [
            {"plan": each.plan.number, "finding": each.finding_id, "text": each.text} for each in noted
        ],
        "plan_actions": [
            {"plan": plan.number, "finding": each["finding"], **_of_content(one)}
            for plan in sent
            for each in plan.content
            for one in each["actions"]
        ],
        "plan_progress": [_progress(each) for each in begun.order_by("accepted_in", "pk")],
    }


def _of_content(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("action", "strength", "planned_for", *WRITTEN)}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "number": plan.number,
        "by": plan.submitted_by_id,
        "on": day_of(plan.submitted_at) if plan.submitted_at else None,
        "about": plan.about,
        "returned_on": day_of(plan.returned_at) if plan.returned_at else None,
        "returned_by": plan.returned_by_id,
        "return_reason": plan.return_reason,
        "accepted_on": day_of(plan.accepted_at) if plan.accepted_at else None,
        "accepted_by": plan.accepted_by_id,
    }


def _progress(action: PlanAction) -> dict[str, Any]:
    return {
        "action": action.pk,
        "what": action.what,
        "due_on": iso(action.planned_for),
        "done_on": iso(action.done_on),
        "done_what": action.done_what,
        "confirmed_on": day_of(action.confirmed_at) if action.confirmed_at else None,
        "confirmed_by": action.confirmed_by_id,
        "cancel_asked_on": day_of(action.cancel_asked_at) if action.cancel_asked_at else None,
        "cancelled_reason": action.cancelled_reason,
        "cancelled_on": day_of(action.cancelled_at) if action.cancelled_at else None,
        "cqc_says": action.cqc_says,
    }


def plans(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    """What plans said as a whole."""
    return dict(Plan.objects.filter(inspection=case.pk, pk__in=keys).values_list("pk", "about"))


def remarks(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    found = PlanRemark.objects.filter(plan__inspection=case.pk, plan__in={plan for plan, _ in keys})
    return {(plan, finding): text for plan, finding, text in found.values_list("plan", "finding", "text")}


def contents(case: Case, keys: Collection[Key]) -> dict[Any, str]:
    """The words of answers and actions as they were submitted. Of a plan that was redacted nothing is left:
    its words are answered with nothing, so that they are told as erased."""
    found: dict[Any, str] = {}
    for pk, content in Plan.objects.filter(inspection=case.pk, pk__in={key[0] for key in keys}).values_list(
        "pk", "content"
    ):
        for each in content:
            found[pk, "why", each["finding"], "why"] = each["why"]
            for one in each["actions"]:
                found |= {(pk, "action", one["action"], name): one[name] for name in WRITTEN}
    return found
