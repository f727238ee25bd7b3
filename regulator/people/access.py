"""What ends with somebody's access. Apps above contribute what opens to them without signing in, like an
address with a secret in it; whatever closes a sign-in or ends all sessions of somebody ends it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Access:
    """One way in. ``stands`` answers whether somebody has it (one query); ``end`` ends and records it, inside
    the transaction of the deed, and answers whether there was any."""

    stands: Callable[[User], bool]
    end: Callable[[User, Actor], bool]


ACCESS: Final[Registry[Access]] = Registry("way in that ends with somebody's access")


def has_other_access(person: User) -> bool:
    """Whether somebody has a way in beside their sessions. At most one query for each that is registered."""
    return any(access.stands(person) for access in ACCESS.values())


def end_other_access(person: User, *, by: Actor) -> bool:
    """End every way in of somebody beside their sessions; whether there was any. Inside ``writing``."""
    ended = [access.end(person, by) for access in ACCESS.values()]
    return any(ended)
