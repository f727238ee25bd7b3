"""Who does a deed: a person, or the portal's own scheduled work. Every service is told which."""

from dataclasses import dataclass
from typing import TypeAlias

from regulator.accounts.models import User


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Scheduled work, by the name of its task, acting for nobody."""

    name: str

    def __str__(self) -> str:
        return f"Scheduled: {self.name}"


@dataclass(frozen=True, slots=True)
class LinkHolder(Scheduled):
    """Somebody without an account, to whom a link was sent: a person, though the portal knows no name.

    Permitted like the portal's own work; unlike that, they can give a reason for what they write."""


Actor: TypeAlias = User | Scheduled
