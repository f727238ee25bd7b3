"""What inspections tell of a case's past: the plan and the days of an inspection, what was found, and that
none was to follow."""

from collections.abc import Collection
from typing import Any, Final

from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding, Inspection, InspectionDeclined
from regulator.casework.evidence.chapters import present_case
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, iso
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "inspection"


def contribute() -> None:
    CHAPTERS.register("inspections", Chapter(take, start, present=present))
    WORDS.register("inspection.trigger", lambda value: str(Inspection.Trigger(value).label))
    WORDS.register("findings.kind", lambda value: str(Finding.Kind(value).label))
    TEXTS.register("scope", scopes)
    TEXTS.register("finding", findings)


def start(case: Case) -> State:
    if case.kind != KIND:
        return {"inspection_declined": None}
    days = ("announced_on", "visited_on", "feedback_issued_on", "plan_received_on")
    return {"inspection": dict.fromkeys(days), "findings": []}


def take(state: State, told: Told) -> None:
    name = told.type.removeprefix("inspections.")
    if name == "declined":
        state["inspection_declined"] = {"by": told.by, "on": told.day, "reason": told.text}
    elif name != told.type and "inspection" in state:
        _take(state, told, name)


def _take(state: State, told: Told, name: str) -> None:
    part, payload = state["inspection"], told.payload
    if name == "opened":
        part |= {key: told.get(key) for key in ("trigger", "planned_on", "arose_from", "brachytherapy")}
        part["scope"] = Said("scope", 0, payload.get("scope_sha256"))
        state["case"] |= {"site": told.get("site"), "modality": told.get("modality")}
        state["case"]["summary"] = Inspection.summary_of(payload["trigger"])
    elif name == "announced":
        part["announced_on"] = told.day
    elif name == "visited":
        part["visited_on"] = payload["visited_on"]
    elif name == "finding_recorded":
        state["findings"].append(_found(told))
    elif name == "feedback_issued":
        _feed_back(state, told)
    elif name == "plan_received":
        part["plan_received_on"] = told.day


def _found(told: Told) -> dict[str, Any]:
    payload = told.payload
    return {
        "finding": payload["finding"],
        "kind": payload["kind"],
        "provisions": sorted(payload["provisions"]),
        "text": Said("finding", payload["finding"], payload["sha256"]),
        "by": told.by,
        "on": told.day,
        "fed_back_on": None,
    }


def _feed_back(state: State, told: Told) -> None:
    """Feedback that asks for a plan makes one that came before it no answer to it."""
    part, fed_back = state["inspection"], set(told.payload["findings"])
    part["feedback_issued_on"] = told.day
    for each in state["findings"]:
        if each["finding"] in fed_back:
            each["fed_back_on"] = told.day
            if each["kind"] in NEEDS_ANSWER:
                part["plan_received_on"] = None


def present(case: Case) -> State:
    if case.kind != KIND:
        kept = InspectionDeclined.objects.filter(pk=case.pk).first()
        if kept is None:
            return {"inspection_declined": None}
        said = {"by": kept.declined_by_id, "on": day_of(kept.declined_at), "reason": kept.reason}
        return {"inspection_declined": said}

    inspection = Inspection.objects.get(pk=case.pk)
    named = {"site": case.site_id, "modality": case.modality, "summary": case.summary}
    return {
        "case": present_case(case)["case"] | named,
        "inspection": {
            "trigger": inspection.trigger,
            "planned_on": iso(inspection.planned_on),
            "arose_from": inspection.arose_from_id,
            "brachytherapy": inspection.brachytherapy,
            "scope": inspection.scope,
            "announced_on": iso(inspection.announced_on),
            "visited_on": iso(inspection.visited_on),
            "feedback_issued_on": iso(inspection.feedback_issued_on),
            "plan_received_on": iso(inspection.plan_received_on),
        },
        "findings": [
            {
                "finding": each.pk,
                "kind": each.kind,
                "provisions": sorted(str(provision) for provision in each.provisions.all()),
                "text": each.text,
                "by": each.recorded_by_id,
                "on": day_of(each.recorded_at),
                "fed_back_on": iso(each.fed_back_on),
            }
            for each in inspection.findings.prefetch_related("provisions").order_by("pk")
        ],
    }


def scopes(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = Inspection.objects.filter(pk=case.pk)
    return dict.fromkeys(keys, rows.values_list("scope", flat=True).get())


def findings(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(Finding.objects.filter(inspection=case.pk, pk__in=keys).values_list("pk", "text"))
