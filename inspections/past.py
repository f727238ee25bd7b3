"""What inspections tell of a case's past: the plan and the days of an inspection, what was found, and that
none was to follow."""

from collections.abc import Callable, Collection
from typing import Any, Final

from inspections.lifecycle import FORMER_STATES, NEEDS_ANSWER
from inspections.models import Finding, Inspection, InspectionDeclined, InspectionMember, Visit
from regulator.casework.evidence.chapters import present_case
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, iso, row_of
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "inspection"
_DAYS: Final = (
    "announced_on",
    "evidence_requested_on",
    "visited_on",
    "feedback_issued_on",
    "final_on",
    "plan_received_on",
)


def contribute() -> None:
    CHAPTERS.register("inspections", Chapter(take, start, present=present))
    WORDS.register("inspection.trigger", lambda value: str(Inspection.Trigger(value).label))
    WORDS.register("findings.kind", lambda value: str(Finding.Kind(value).label))
    TEXTS.register("scope", scopes)
    TEXTS.register("theme", themes)
    TEXTS.register("finding", findings)


def start(case: Case) -> State:
    if case.kind != KIND:
        return {"inspection_declined": None}
    return {"inspection": dict.fromkeys(_DAYS), "visits": [], "team": [], "findings": []}


def take(state: State, told: Told) -> None:
    name = told.type.removeprefix("inspections.")
    if name == "declined":
        state["inspection_declined"] = {"by": told.by, "on": told.day, "reason": told.text}
    elif name != told.type and "inspection" in state:
        _take_state(state["case"], told)
        _PARTS.get(name, _nothing)(state, told)


def _take_state(part: State, told: Told) -> None:
    """Events of the first lifecycle name states as they were called then. The case's own chapter passes over
    a move from a state that it does not find the case in; so this one makes it."""
    before, after = str(told.payload.get("from")), told.payload.get("to")
    if part["status"] in FORMER_STATES:
        part["status"] = FORMER_STATES[part["status"]]
    elif after and FORMER_STATES.get(before, before) == part["status"]:
        part["status"], part["closed_on"] = FORMER_STATES.get(after, after), told.day


def _nothing(state: State, told: Told) -> None:
    """What only moves the case."""


def _opened(state: State, told: Told) -> None:
    part, payload = state["inspection"], told.payload
    part |= {key: told.get(key) for key in ("trigger", "planned_on", "arose_from", "brachytherapy")}
    part["scope"] = Said("scope", 0, payload.get("scope_sha256"))
    part["further_sites"] = payload.get("further_sites", [])  # before it was recorded there were none
    themed = "theme_sha256" in payload  # before it was recorded there were no themes
    part["theme"] = Said("theme", 0, payload["theme_sha256"]) if themed else ""
    state["case"] |= {"site": told.get("site"), "modality": told.get("modality")}
    state["case"]["summary"] = Inspection.summary_of(payload["trigger"])


def _replanned(state: State, told: Told) -> None:
    state["inspection"]["planned_on"] = told.payload["planned_on"]


def _announced(state: State, told: Told) -> None:
    state["inspection"]["announced_on"] = told.day


def _evidence_requested(state: State, told: Told) -> None:
    part = state["inspection"]
    part["evidence_requested_on"] = part["evidence_requested_on"] or told.day


def _visited(state: State, told: Told) -> None:
    """Events of the time when an inspection had one visit say only its day: it was at the case's site."""
    part, payload = state["inspection"], told.payload
    day = payload["visited_on"]
    part["visited_on"] = min(day, part["visited_on"] or day)
    made = {
        "on": day,
        "site": payload.get("site", state["case"].get("site")),
        "announced": payload.get("announced", part["announced_on"] is not None),
        "by": told.by,
    }
    state["visits"].append(made)


def _joined(state: State, told: Told) -> None:
    payload = told.payload
    state["team"].append({"member": payload["member"], "person": payload["person"], "by": told.by})
    state["team"][-1] |= {"on": told.day, "left_on": None}


def _left(state: State, told: Told) -> None:
    row_of(state["team"], "member", told.payload["member"])["left_on"] = told.day


def _finding_recorded(state: State, told: Told) -> None:
    state["findings"].append(_found(told))


def _finding_corrected(state: State, told: Told) -> None:
    """The new one was fed back with the one whose place it takes."""
    payload = told.payload
    draft = row_of(state["findings"], "finding", payload["corrects"])
    made = _found(told) | {"by": payload["written_by"], "corrects": payload["corrects"]}
    state["findings"].append(made | {"fed_back_on": draft.get("fed_back_on")})
    draft["superseded_on"] = told.day


def _finding_withdrawn(state: State, told: Told) -> None:
    row_of(state["findings"], "finding", told.payload["finding"])["superseded_on"] = told.day


def _plan_received(state: State, told: Told) -> None:
    state["inspection"]["plan_received_on"] = told.day


def _found(told: Told) -> dict[str, Any]:
    payload = told.payload
    return {
        "finding": payload["finding"],
        "kind": payload["kind"],
        "visit": payload.get("visit"),
        "provisions": sorted(payload["provisions"]),
        "text": Said("finding", payload["finding"], payload["sha256"]),
        "by": told.by,
        "on": told.day,
        "fed_back_on": None,
        "final_on": None,
        "corrects": None,
        "superseded_on": None,
    }


def _feed_back(state: State, told: Told) -> None:
    fed_back = set(told.payload["findings"])
    state["inspection"]["feedback_issued_on"] = told.day
    for each in state["findings"]:
        if each["finding"] in fed_back:
            each["fed_back_on"] = told.day
    if told.payload["to"] in FORMER_STATES:  # the first lifecycle knew no draft: what was sent was final
        _finalise(state, told)


def _finalise(state: State, told: Told) -> None:
    """Feedback that asks for a plan makes one that came before it no answer to it."""
    part, final = state["inspection"], set(told.payload["findings"])
    part["final_on"] = told.day
    for each in state["findings"]:
        if each["finding"] in final:
            each["final_on"] = told.day
            if each["kind"] in NEEDS_ANSWER:
                part["plan_received_on"] = None


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "opened": _opened,
    "replanned": _replanned,
    "announced": _announced,
    "evidence_requested": _evidence_requested,
    "visited": _visited,
    "joined": _joined,
    "left": _left,
    "finding_recorded": _finding_recorded,
    "finding_corrected": _finding_corrected,
    "finding_withdrawn": _finding_withdrawn,
    "feedback_issued": _feed_back,
    "finalised": _finalise,
    "plan_received": _plan_received,
}


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
            "theme": inspection.theme,
            "further_sites": list(inspection.further_sites.values_list("site", flat=True)),
            **{name: iso(getattr(inspection, name)) for name in _DAYS},
        },
        "visits": [_visit(each) for each in inspection.visits.order_by("pk")],
        "team": [_member(each) for each in inspection.members.order_by("pk")],
        "findings": [
            {
                "finding": each.pk,
                "kind": each.kind,
                "visit": each.visit_id,
                "provisions": sorted(str(provision) for provision in each.provisions.all()),
                "text": each.text,
                "by": each.recorded_by_id,
                "on": day_of(each.recorded_at),
                "fed_back_on": iso(each.fed_back_on),
                "final_on": iso(each.final_on),
                "corrects": each.corrects_id,
                "superseded_on": iso(each.superseded_on),
            }
            for each in inspection.findings.prefetch_related("provisions").order_by("pk")
        ],
    }


def _visit(visit: Visit) -> dict[str, Any]:
    told = {"on": iso(visit.visited_on), "site": visit.site_id, "announced": visit.announced}
    return {**told, "by": visit.recorded_by_id}


def _member(member: InspectionMember) -> dict[str, Any]:
    return {
        "member": member.pk,
        "person": member.person_id,
        "by": member.joined_by_id,
        "on": day_of(member.joined_at),
        "left_on": day_of(member.left_at) if member.left_at else None,
    }


def scopes(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = Inspection.objects.filter(pk=case.pk)
    return dict.fromkeys(keys, rows.values_list("scope", flat=True).get())


def themes(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = Inspection.objects.filter(pk=case.pk)
    return dict.fromkeys(keys, rows.values_list("theme", flat=True).get())


def findings(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(Finding.objects.filter(inspection=case.pk, pk__in=keys).values_list("pk", "text"))
