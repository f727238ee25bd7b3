"""Letters as they left, for a bundle. The outbox stands above casework, so it contributes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulator.casework.evidence.past import State
from regulator.casework.models import Case
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it left."""

    subject: str
    to: str
    sent: datetime | None
    template: str
    body: str


LETTERS: Registry[Callable[[Case, State], Sequence[Letter]]] = Registry("letters of a bundle")
"""Answers the letters that the state names, as they left (one query)."""
