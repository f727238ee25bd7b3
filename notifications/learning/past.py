"""What learning cases tell of a notification's past: what was written, who proposed, gave back, published and
withdrew it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from notifications.learning.doubts import texts_of
from notifications.learning.equipment import LABELS
from notifications.learning.lifecycle import LIFECYCLE
from notifications.learning.models import TEXTS, LearningCase
from notifications.learning.themes import label_of
from notifications.models import SubModality
from notifications.queries import KIND
from regulator.casework.evidence.past import CHAPTERS, Chapter, Said, State, Told, day_of, row_of, why_missing
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case
from regulator.organisations.models import Modality

PART: Final = "learning_cases"
_KINDS: Final = ("modality", "sub_modality", "cause", "tiers", "equipment", "themes")


def contribute() -> None:
    CHAPTERS.register("learning", Chapter(take, start, finish, present))
    WORDS.register(f"{PART}.state", LIFECYCLE.label)
    WORDS.register(f"{PART}.modality", lambda value: str(Modality(value).label))
    WORDS.register(f"{PART}.sub_modality", lambda value: str(SubModality(value).label) if value else "")
    WORDS.register(f"{PART}.equipment", lambda value: LABELS.get(value, value))
    WORDS.register(f"{PART}.themes", lambda value: label_of(str(value)))


def start(case: Case) -> State:
    return {PART: []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if told.type in _DEEDS and PART in state:
        _DEEDS[told.type](state, told)


def _saved(state: State, told: Told) -> None:
    payload = told.payload
    row = row_of(state[PART], "revision", payload["revision"])
    if not row:
        row = {
            "revision": payload["revision"],
            "state": "draft",
            "written_by": told.by,
            "written_on": told.day,
        }
        row |= {"proposed_by": None, "proposed_on": None, "reason": ""}
        row |= {"returned_by": None, "returned_on": None, "returned_why": ""}
        row |= {"approved_by": None, "approved_on": None, "number": None}
        row |= {"ended_by": None, "ended_on": None, "ended_why": ""}
        state[PART].append(row)
    row |= {name: payload[name] for name in _KINDS}
    digest = payload["texts_sha256"]
    row |= {"texts": Said("kept", digest, digest), "edited_by": told.by, "edited_on": told.day}


def _proposed(state: State, told: Told) -> None:
    row, digest = _row(state, told), told.payload["reason_sha256"]
    row |= {"state": "proposed", "proposed_by": told.by, "proposed_on": told.day}
    row |= {"reason": Said("kept", digest, digest)}
    row |= {"returned_by": None, "returned_on": None, "returned_why": ""}


def _returned(state: State, told: Told) -> None:
    row = _row(state, told)
    row |= {"state": "draft", "returned_by": told.by, "returned_on": told.day, "returned_why": told.text}


def _published(state: State, told: Told) -> None:
    payload = told.payload
    former = row_of(state[PART], "revision", payload["replaces"])
    former |= {"state": "replaced", "ended_by": told.by, "ended_on": told.day}
    row = _row(state, told)
    row |= {"state": "published", "approved_by": told.by, "approved_on": told.day}
    row |= {"number": payload["number"]}


def _ended(to: str) -> Callable[[State, Told], None]:
    def take_end(state: State, told: Told) -> None:
        row = _row(state, told)
        row |= {"state": to, "ended_by": told.by, "ended_on": told.day, "ended_why": told.text}

    return take_end


def _row(state: State, told: Told) -> dict[str, Any]:
    return row_of(state[PART], "revision", told.payload["revision"])


_DEEDS: Final[dict[str, Callable[[State, Told], None]]] = {
    "learning.saved": _saved,
    "learning.proposed": _proposed,
    "learning.returned": _returned,
    "learning.published": _published,
    "learning.withdrawn": _ended("withdrawn"),
    "learning.discarded": _ended("discarded"),
}


def finish(state: State, case: Case, moment: datetime) -> None:
    """What each revision said, text by text."""
    for row in state.get(PART, []):
        said = row.pop("texts")
        row |= dict.fromkeys(TEXTS, said) if why_missing(said) else json.loads(said)


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    rows = LearningCase.objects.filter(notification=case.pk).select_related("cause").order_by("number")
    return {PART: [_said(each) for each in rows]}


def _said(each: LearningCase) -> dict[str, Any]:
    return {
        "revision": each.number,
        "state": each.state,
        "written_by": each.written_by_id,
        "written_on": _day(each.written_at),
        "edited_by": each.edited_by_id,
        "edited_on": _day(each.edited_at),
        "modality": each.modality,
        "sub_modality": each.sub_modality,
        "cause": each.cause.slug if each.cause else "",
        "tiers": each.tiers,
        "equipment": each.equipment,
        "themes": each.themes,
        **texts_of(each),
        "proposed_by": each.proposed_by_id,
        "proposed_on": _day(each.proposed_at),
        "reason": each.doubts_reason,
        "returned_by": each.returned_by_id,
        "returned_on": _day(each.returned_at),
        "returned_why": each.returned_why,
        "approved_by": each.approved_by_id,
        "approved_on": _day(each.approved_at),
        "number": each.public_number,
        "ended_by": each.ended_by_id,
        "ended_on": _day(each.ended_at),
        "ended_why": each.ended_why,
    }


def _day(moment: Any) -> str | None:
    return day_of(moment) if moment else None
