"""What deadlines tell of a case's past: its clocks, when they stood still, what extended them, and who asked
for more time."""

from collections.abc import Collection
from typing import Any

from regulator.casework.evidence.past import (
    CHAPTERS,
    NOT_RECORDED,
    TEXTS,
    Chapter,
    Said,
    State,
    TableRows,
    Told,
    day_of,
    gap,
    iso,
    row_of,
)
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Extension, ExtensionRequest


def contribute() -> None:
    CHAPTERS.register("deadlines", Chapter(take, start, present=present))
    for part in ("clocks", "pauses", "more_time"):
        WORDS.register(f"{part}.kind", lambda value: DEADLINES.get(value).label)
    WORDS.register("more_time.decision", _decision)
    TEXTS.register("extension", _reasons(Extension, "reason"))
    TEXTS.register("more_time", _reasons(ExtensionRequest, "reason"))
    TEXTS.register("more_time_decision", _reasons(ExtensionRequest, "decision_reason"))


def _decision(value: str) -> str:
    return str(ExtensionRequest.Decision(value).label) if value else "Not decided yet"


def start(case: Case) -> State:
    return {"clocks": [], "pauses": [], "more_time": []}


def take(state: State, told: Told) -> None:
    name = told.type.removeprefix("deadlines.")
    if name != told.type and name in _CLOCK:
        _CLOCK[name](state, told)
    elif name != told.type and name.startswith("more_time_"):
        _take_request(state["more_time"], told, name.removeprefix("more_time_"))


def _clock(rows: TableRows, kind: str, subject: int | None) -> dict[str, Any]:
    """The clock of that kind and subject. Older events do not say the subject: then the only one that can be
    meant, or none where there are several."""
    of_kind = [each for each in rows if each["kind"] == kind]
    if subject is None:
        return of_kind[0] if len(of_kind) == 1 else _doubted(of_kind)
    exact = [each for each in of_kind if each["subject"] == subject]
    unsaid = [each for each in of_kind if each["subject"] is None]
    if not exact and len(unsaid) == 1:  # started by an older event
        return unsaid[0]
    return exact[0] if exact else {}


def _doubted(of_kind: TableRows) -> dict[str, Any]:
    """Which of these clocks an older event was about cannot be told, so where any of them stood cannot be."""
    for each in of_kind:
        each["met_on"] = each["ended_on"] = gap(NOT_RECORDED)
    return {}


def _opened(state: State, told: Told) -> None:
    payload, rows = told.payload, state["clocks"]
    subject = payload.get("subject")
    dates = {
        "start_on": payload["start_on"],
        "first_due_on": payload["due_on"],
        "due_on": payload["due_on"],
        "met_on": None,
        "ended_on": None,
    }
    found = [each for each in rows if (each["kind"], each["subject"]) == (payload["kind"], subject)]
    if found:
        found[0] |= dates
    else:
        rows.append({"kind": payload["kind"], "subject": subject, **dates, "extensions": []})
    rows.sort(key=_place)


def _place(row: dict[str, Any]) -> tuple[str, int]:
    return row["kind"], row["subject"] or 0


def _met(state: State, told: Told) -> None:
    found = _clock(state["clocks"], told.payload["kind"], told.payload.get("subject"))
    found["met_on"] = told.payload["met_on"]


def _ended(state: State, told: Told) -> None:
    kinds = told.payload["kinds"]
    subjects = told.payload.get("subjects", [None] * len(kinds))
    for kind, subject in zip(kinds, subjects, strict=True):
        _clock(state["clocks"], kind, subject)["ended_on"] = told.day


def _resumed(state: State, told: Told) -> None:
    found = _clock(state["clocks"], told.payload["kind"], told.payload.get("subject"))
    stopped = found.get("ended_on") or found.get("met_on")
    if stopped:
        which = {"kind": found["kind"], "subject": found["subject"]}
        state["pauses"].append({**which, "stopped_on": stopped, "resumed_on": told.day})
    found |= {"due_on": told.payload["due_on"], "met_on": None, "ended_on": None}


def _extended(state: State, told: Told) -> None:
    payload = told.payload
    found = _clock(state["clocks"], payload["kind"], payload.get("subject"))
    found["due_on"] = payload["to"]
    found.setdefault("extensions", []).append(
        {
            "by": told.by,
            "on": told.day,
            "from_day": payload["from"],
            "to_day": payload["to"],
            "reason": Said("extension", payload["extension"], payload.get("sha256")),
        }
    )


def _redated(state: State, told: Told) -> None:
    payload = told.payload
    found = _clock(state["clocks"], payload["kind"], payload.get("subject"))
    counted = payload.get("first_due_on")
    if counted is None:  # older events say only where it led, which an extension may have held
        held = found.get("due_on") != found.get("first_due_on")
        counted = gap(NOT_RECORDED) if held else payload["to"]
    found |= {"start_on": payload["start_on"], "first_due_on": counted, "due_on": payload["to"]}


def _recounted(state: State, told: Told) -> None:
    payload = told.payload
    found = _clock(state["clocks"], payload["kind"], payload.get("subject"))
    found |= {"first_due_on": payload["first_due_on"], "due_on": payload["to"]}


_CLOCK = {
    "opened": _opened,
    "met": _met,
    "ended": _ended,
    "resumed": _resumed,
    "extended": _extended,
    "redated": _redated,
    "recounted": _recounted,
}


def _take_request(rows: TableRows, told: Told, name: str) -> None:
    payload = told.payload
    key = payload["request"]
    if name == "asked":
        rows.append(
            {
                "request": key,
                "kind": payload["kind"],
                "by": told.by,
                "on": told.day,
                "until": payload["until"],
                "reason": Said("more_time", key, payload["sha256"]),
                "decision": "",
                "decided_by": None,
                "decided_on": None,
                "granted_until": None,
                "why": "",
            }
        )
        return
    found = row_of(rows, "request", key)
    found |= {"decision": name, "decided_by": told.by if name != "lapsed" else None, "decided_on": told.day}
    if name == "granted":
        found["granted_until"] = payload["granted_until"]
    elif name == "refused":
        found["why"] = Said("more_time_decision", key, payload["sha256"])


def present(case: Case) -> State:
    clocks = [
        {
            "kind": each.kind,
            "subject": each.subject_id,
            "start_on": each.start_on.isoformat(),
            "first_due_on": each.first_due_on.isoformat(),
            "due_on": each.due_on.isoformat(),
            "met_on": iso(each.met_on),
            "ended_on": day_of(each.ended_at) if each.ended_at else None,
            "extensions": [_extension(moved) for moved in each.extensions.all()],
        }
        for each in case.deadlines.prefetch_related("extensions")
    ]
    asked = ExtensionRequest.objects.filter(deadline__case=case).select_related("deadline").order_by("pk")
    return {"clocks": sorted(clocks, key=_place), "more_time": [_request(each) for each in asked]}


def _extension(extension: Extension) -> dict[str, Any]:
    return {
        "by": extension.granted_by_id,
        "on": day_of(extension.granted_at),
        "from_day": extension.former_due_on.isoformat(),
        "to_day": extension.due_on.isoformat(),
        "reason": extension.reason,
    }


def _request(request: ExtensionRequest) -> dict[str, Any]:
    refused = request.decision == ExtensionRequest.Decision.REFUSED
    return {
        "request": request.pk,
        "kind": request.deadline.kind,
        "by": request.asked_by_id,
        "on": day_of(request.asked_at),
        "until": request.asked_until.isoformat(),
        "reason": request.reason,
        "decision": request.decision,
        "decided_by": request.decided_by_id,
        "decided_on": day_of(request.decided_at) if request.decided_at else None,
        "granted_until": iso(request.granted_until),
        "why": request.decision_reason if refused else "",
    }


def _reasons(table: type[Extension | ExtensionRequest], column: str) -> Any:
    """Reads that column of the rows of a case, by their keys."""

    def read(case: Case, keys: Collection[Any]) -> dict[Any, str]:
        rows = table._default_manager.filter(deadline__case=case, pk__in=keys)
        return dict(rows.values_list("pk", column))

    return read
