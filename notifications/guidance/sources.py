"""What the monthly digest tells of. Each app registers where its news come from."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news. ``address`` is a path on the portal; ``modality`` in words, empty for all."""

    title: str
    address: str
    modality: str
    published_at: datetime


Find: TypeAlias = Callable[[datetime, datetime, Collection[str]], Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Source:
    """``find(since, until, modalities)`` answers what was published at or after ``since`` and before
    ``until``, for any of the modalities or, where none is named, for all; the oldest first. One query."""

    heading: str
    find: Find


SOURCES: Final[Registry[Source]] = Registry("source of the digest")
