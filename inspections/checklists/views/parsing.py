"""Reading what a checklist's page sends: the form of a browser without scripts, and the JSON of one with."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime

from inspections.checklists.queries import Row
from inspections.checklists.services import Given

LONGEST: Final = 20_000
MOST: Final = 100


class Unreadable(Exception):
    """What was sent is not what this page sends."""


def typed(sent: QueryDict, rows: Iterable[Row]) -> dict[str, Given]:
    """What a form says of each item, by item; one whose boxes are not on it, or were left as empty as they
    came, is left out."""
    found = {row.item.key: _typed(sent, row.item.key) for row in rows if f"id-{row.item.key}" in sent}
    return {key: each for key, each in found.items() if each is not None}


def _typed(sent: QueryDict, key: str) -> Given | None:
    client_id = _uuid(sent.get(f"id-{key}"))
    verdict, note = sent.get(f"verdict-{key}", ""), sent.get(f"note-{key}", "").strip()
    if client_id is None or not (verdict or note):
        return None
    return Given(
        item=key,
        verdict=verdict,
        note=note.replace("\r\n", "\n"),
        client_id=client_id,
        seen=_uuid(sent.get(f"seen-{key}")),
        identifies_nobody=sent.get(f"why-{key}", ""),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """One batch of a script: for whom it was typed, and each answer and note; ``None`` for one that cannot
    be read."""

    person: int
    answers: tuple[Given | None, ...]
    notes: tuple[dict[str, Any] | None, ...]


def sent(request: HttpRequest) -> Sent:
    """The batch of a request. Raises ``Unreadable``."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError) as broken:
        raise Unreadable from broken
    if not isinstance(told, dict) or type(told.get("person")) is not int:
        raise Unreadable
    answers, notes = told.get("answers", []), told.get("notes", [])
    if not isinstance(answers, list) or not isinstance(notes, list) or len(answers) + len(notes) > MOST:
        raise Unreadable
    return Sent(told["person"], tuple(map(_answer, answers)), tuple(map(_note, notes)))


def _answer(told: Any) -> Given | None:
    texts = _texts(told, "item", "verdict", "note", "identifies_nobody")
    if texts is None or (client_id := _uuid(told.get("client_id"))) is None:
        return None
    seen = _uuid(told.get("seen"))
    return Given(**texts, client_id=client_id, seen=seen, typed_at=_moment(told.get("typed_at")))


def _note(told: Any) -> dict[str, Any] | None:
    texts = _texts(told, "kind", "role", "text", "visit", "identifies_nobody")
    if texts is None or (client_id := _uuid(told.get("client_id"))) is None:
        return None
    return {**texts, "client_id": client_id, "typed_at": _moment(told.get("typed_at"))}


def _texts(told: Any, *names: str) -> dict[str, str] | None:
    if not isinstance(told, Mapping):
        return None
    found = {name: told.get(name, "") for name in names}
    return found if all(isinstance(each, str) and len(each) <= LONGEST for each in found.values()) else None


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    """The device's own clock, where it says a moment that can be understood."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
        return found if found is not None and found.utcoffset() is not None and found.year >= 2000 else None
    except ValueError:
        return None
