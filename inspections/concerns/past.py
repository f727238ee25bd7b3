"""What concerns tell of a case's past: what was told and when, how it was assessed, and what followed."""

from collections.abc import Callable, Collection
from typing import Any, Final

from inspections.concerns.lifecycle import KIND
from inspections.concerns.models import RISKS, Concern
from regulator.casework.evidence.chapters import present_case
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, iso
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

_ASSESSED: Final = {"harm": "", "harm_reason": "", "assessed_by": None, "assessed_on": None}
_DECIDED: Final = {"outcome": "", "outcome_reason": ""}


def contribute() -> None:
    CHAPTERS.register("concerns", Chapter(take, start, present=present))
    WORDS.register("concern.source", lambda value: str(Concern.Source(value).label))
    WORDS.register("concern.way", lambda value: str(Concern.Way(value).label))
    WORDS.register("concern.harm", lambda value: str(Concern.Harm(value).label) if value else "")
    WORDS.register("concern.outcome", lambda value: str(Concern.Outcome(value).label) if value else "")
    TEXTS.register("concern", told)


def start(case: Case) -> State:
    return {"concern": {**_ASSESSED, **_DECIDED}} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if "concern" in state and told.type in _PARTS:
        _PARTS[told.type](state, told)


def _recorded(state: State, told: Told) -> None:
    payload = told.payload
    kept = {name: payload[name] for name in ("source", "way", "received_on")}
    kept |= {"recorded_on": told.day, "text": Said("concern", 0, payload["concern_sha256"])}
    state["concern"] |= kept
    summary = Concern.summary_of(payload["modality"])
    state["case"] |= {"site": payload["site"], "modality": payload["modality"], "summary": summary}


def _assessed(state: State, told: Told) -> None:
    harm = told.payload["harm"]
    state["concern"] |= {"harm": harm, "harm_reason": told.text}
    state["concern"] |= {"assessed_by": told.by, "assessed_on": told.day}
    state["case"]["risk"] = int(RISKS[Concern.Harm(harm)])


def _closed(state: State, told: Told) -> None:
    state["concern"] |= {"outcome": told.payload["outcome"], "outcome_reason": told.text}


def _reopened(state: State, told: Told) -> None:
    state["concern"] |= {**_ASSESSED, **_DECIDED}
    state["case"]["risk"] = int(Case.Risk.NOT_ASSESSED)


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "concerns.recorded": _recorded,
    "concerns.assessed": _assessed,
    "concerns.closed": _closed,
    "concerns.reopened": _reopened,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    concern = Concern.objects.get(pk=case.pk)
    named = {"site": case.site_id, "modality": case.modality, "summary": case.summary}
    return {
        "case": present_case(case)["case"] | named,
        "concern": {
            "source": concern.source,
            "way": concern.way,
            "received_on": iso(concern.received_on),
            "recorded_on": iso(concern.recorded_on),
            "text": concern.text,
            "harm": concern.harm,
            "harm_reason": concern.harm_reason,
            "assessed_by": concern.assessed_by_id,
            "assessed_on": day_of(concern.assessed_at) if concern.assessed_at else None,
            "outcome": concern.outcome,
            "outcome_reason": concern.outcome_reason,
        },
    }


def told(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = Concern.objects.filter(pk=case.pk)
    return dict.fromkeys(keys, rows.values_list("text", flat=True).get())
