"""Which edition holds on a day. Known in each process until another is approved, so that asking costs no
query inside a service, and one outside.

Inside ``casework.chain.writing`` the end of the chain, which is read anyway, says by which event the last
edition was approved; what this process knows is good while that is the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from regulator.casework.chain import newest_edition
from regulator.editions.kinds import Content
from regulator.editions.models import Edition

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """An approved edition, as the rest of the portal needs it."""

    pk: int
    what: str
    holds_from: date
    content: Content


@dataclass(slots=True)
class _Known:
    """What was read when ``stamp`` was the newest approval, and what others made of it since."""

    stamp: str
    by_kind: dict[str, list[Held]] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)


_NOTHING: Final = _Known("")
_known = _NOTHING


@dataclass(slots=True)
class _Look:
    """What was found when something was first asked for, if anything was."""

    known: _Known | None = None


_looking: ContextVar[_Look | None] = ContextVar("editions_in_one_look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Ask once for all that is asked inside, so that it is one answer and, outside a service, one query; none
    where nothing is asked. Not around what approves an edition."""
    token = _looking.set(_looking.get() or _Look())
    try:
        yield
    finally:
        _looking.reset(token)


def all_of(kind: str) -> list[Held]:
    """Every approved edition of a kind, in the order in which each takes over from the one before."""
    return _current().by_kind.get(kind, [])


def held_on(kind: str, what: str, day: date) -> Held | None:
    """The edition of a thing that holds on ``day``; ``None`` where what was shipped still does."""
    begun = [each for each in all_of(kind) if each.what == what and each.holds_from <= day]
    return begun[-1] if begun else None


def derived(name: str, make: Callable[[], T]) -> T:
    """What ``make`` makes of the editions as they stand, made once until another is approved."""
    known = _current()
    if name not in known.derived:
        known.derived[name] = make()
    made: T = known.derived[name]
    return made


def _current() -> _Known:
    look = _looking.get()
    if look is None:
        return _found()
    if look.known is None:
        look.known = _found()
    return look.known


def _found() -> _Known:
    global _known
    stamp = newest_edition()
    known = _known
    if known.stamp == stamp:
        return known
    known = _Known(stamp)
    for each in Edition.objects.approved() if stamp else ():
        held = Held(each.pk, each.what, each.holds_from, each.content)
        known.by_kind.setdefault(each.kind, []).append(held)
    _known = known
    return known
