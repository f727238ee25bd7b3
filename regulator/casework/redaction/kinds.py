"""What an app contributes to redaction: what it removes of a case, and under which heading."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from regulator.casework.kinds import REMOVED
from regulator.casework.models import Case
from regulator.registry import Registry

__all__ = ["EVENT", "REDACTORS", "REMOVED", "Group", "Redactor"]

EVENT: Final = "casework.redacted"


class Group(StrEnum):
    """What a retention policy names, as one."""

    TEXTS = "texts"
    FILES = "files"
    LETTERS = "letters"

    @property
    def label(self) -> str:
        """What people call it, as it stands at the head of a list."""
        return _LABELS[self]


_LABELS: Final = {
    Group.TEXTS: "What people wrote",
    Group.FILES: "Files",
    Group.LETTERS: "Letters that the portal sent",
}


@dataclass(frozen=True, slots=True)
class Redactor:
    """One kind of thing that is removed of a case.

    ``label`` is its plain plural ("Notes"). ``count`` answers by case key how many stand to be removed,
    in one query at any number of cases; a case that is not answered has none. ``remove`` removes them,
    inside ``writing``, and answers how many; straight afterwards ``count`` finds none.
    """

    label: str
    group: Group
    count: Callable[[Collection[int]], Mapping[int, int]]
    remove: Callable[[Case], int]


REDACTORS: Registry[Redactor] = Registry("redactor")
"""Run in the order in which they were registered: casework's own first."""
