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


Actor: TypeAlias = User | Scheduled
