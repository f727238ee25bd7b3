"""What an app says of its part of a case's past: which events change it, and how today's rows say the same.

Folding is pure: events in their order in, plain values out. ``evidence.rebuilding`` reads the events, and the
texts that stand beside them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from django.utils import timezone

from regulator.casework.chain import TEXT_DIGEST, text_digest
from regulator.casework.models import Case, Event
from regulator.registry import Registry

State: TypeAlias = dict[str, Any]
"""A whole case at a moment, by part; each part a plain value: text, number, list, mapping, or a ``gap``."""

NOT_RECORDED: Final = "Not recorded at the time."
ERASED: Final = "The text was erased."
CHANGED: Final = "What is stored now is not what was recorded then."


def gap(why: str) -> dict[str, str]:
    """What stands in the place of a value that cannot be told, and why not."""
    return {"gap": why}


def why_missing(value: object) -> str:
    """Why a value cannot be told; ``""`` where it is told."""
    return str(value["gap"]) if isinstance(value, dict) and value.keys() == {"gap"} else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A text that stands beside the chain: in which of ``TEXTS``, under which key, with which digest.

    Without a digest the chain cannot vouch for what stands there now, so it is told as not recorded.
    """

    where: str
    key: Any
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is folded. ``by`` is a person's key, ``None`` where the portal did it; ``text`` what
    was typed for it, already compared with its digest."""

    sequence: int
    type: str
    at: datetime
    by: int | None
    payload: Mapping[str, Any]
    text: Any = ""

    @property
    def day(self) -> str:
        return day_of(self.at)

    def get(self, name: str) -> Any:
        """A value of the payload; a gap where events of that time did not hold it yet."""
        return self.payload.get(name, gap(NOT_RECORDED))


def day_of(moment: datetime) -> str:
    """The day in London, as ISO."""
    return timezone.localdate(moment).isoformat()


def iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def told_of(event: Event, text: str | None) -> Told:
    """``event`` as it is folded, with what its row of typed text says now (``None`` where it is gone)."""
    digest = event.payload.get(TEXT_DIGEST)
    said: Any = ""
    if digest is not None:
        said = gap(ERASED) if text is None else text if text_digest(text) == digest else gap(CHANGED)
    return Told(event.sequence, event.type, event.occurred_at, event.actor_id, event.payload, said)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One app's part of the past.

    ``take`` changes the state for one event and passes over those that it does not know. ``finish`` is told
    the moment once all texts are in their places. ``present`` says the same from today's rows, for the case
    as it stands now: it may know fewer parts (``ONLY_CHAIN``), never other values.
    """

    take: Callable[[State, Told], None]
    start: Callable[[Case], State] = field(default=lambda case: {})
    finish: Callable[[State, Case, datetime], None] = field(default=lambda state, case, moment: None)
    present: Callable[[Case], State] = field(default=lambda case: {})


CHAPTERS: Registry[Chapter] = Registry("chapter of a case's past")
"""In the order in which they are folded: the platform's first, so that an app's may correct them."""

ONLY_CHAIN: Final = frozenset({"last_event", "pauses"})
"""The parts that no row of today holds."""

Loader: TypeAlias = Callable[[Case, Collection[Any]], Mapping[Any, str]]
TEXTS: Registry[Loader] = Registry("text beside the chain")
"""Reads the texts of these keys, at one query each; a key that is not answered was erased, and one of which
nothing is left but what redaction puts in the place of words is answered with just that (``REMOVED``)."""

OF_FILES: Final = frozenset({"file_name"})
"""Those of them that go with the files of a case."""

TableRows: TypeAlias = list[dict[str, Any]]


def fold(state: State, events: Iterable[Told]) -> State:
    """``state`` after ``events``, in their order. Pure but for the state that is given."""
    chapters = list(CHAPTERS.values())
    for told in events:
        for chapter in chapters:
            chapter.take(state, told)
    return state


def row_of(rows: TableRows, name: str, key: Any) -> dict[str, Any]:
    """The row of ``rows`` whose ``name`` is ``key``; an empty one that belongs to none, where it is not
    there, so that an event about what was never recorded changes nothing."""
    return next((row for row in rows if row[name] == key), {})
