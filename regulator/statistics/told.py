"""Cases of a public library that an annual report may tell: what a told case is, and the registry in which
the app that keeps the library contributes it. Pure.

The report knows a case by its number in the library, and of the library nothing but what stands here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulator.registry import Registry

__all__ = ["LEARNING", "LIBRARIES", "PARTS", "CaseChoice", "Library", "ToldCase", "library"]

PARTS: Final = (
    ("system", "What in the system let it happen"),
    ("what_happened", "What happened"),
    ("actions", "Actions taken"),
    ("learning", "Learning"),
)
"""The texts of a case with their headings, in the order in which they are told: system before person."""


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case as the library tells it now. ``modality`` and ``cause`` are in words, ``cause`` empty where it
    is not told; ``path`` is the address of its page within the portal; ``revision`` counts what was said
    anew."""

    number: int
    revision: int
    title: str
    modality: str
    cause: str
    path: str
    system: str
    what_happened: str
    actions: str
    learning: str


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """A case as it is chosen from a list. ``modality`` is its key, ``cause`` as in ``ToldCase``."""

    number: int
    title: str
    modality: str
    cause: str


@dataclass(frozen=True, slots=True)
class Library:
    """What a library answers, one query each, of cases that anybody may read.

    ``standing(numbers)``: those of these numbers that stand, by number. ``gone(numbers)``: those of these
    numbers at which no case stands. ``choices(modality, words, most)``: those of a modality (its key; ``""``
    for all) that have all the words (``""`` for no word), the newest first, at most so many.
    ``first_published(first, after)``: those that stand and were first published from the one moment until
    before the other, the oldest first. Neither offers one of which whoever published it did not know that it
    is restricted.
    """

    standing: Callable[[Collection[int]], Mapping[int, ToldCase]]
    gone: Callable[[Collection[int]], frozenset[int]]
    choices: Callable[[str, str, int], Sequence[CaseChoice]]
    first_published: Callable[[datetime, datetime], Sequence[CaseChoice]]


LIBRARIES: Registry[Library] = Registry("library of cases")
LEARNING: Final = "learning"


def library() -> Library:
    """The library of learning. Raises ``LookupError`` where no app contributes it."""
    return LIBRARIES.get(LEARNING)
