"""What time it is for the portal.

Every rule asks this module, never ``datetime``. Replaying a published year (``load_year``) runs the same
services as a person does, inside ``at(...)``, so that each record carries the day on which it happened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_replayed: ContextVar[datetime | None] = ContextVar("replayed_moment", default=None)


def now() -> datetime:
    """The current moment, in UTC; inside ``at`` the moment being replayed."""
    return _replayed.get() or timezone.now()


def today() -> date:
    """The current date in Europe/London, which is the date that a deadline is held against."""
    return timezone.localdate(now())


def replaying() -> bool:
    """Whether the past is being replayed: then nothing may leave the building."""
    return _replayed.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Replay what was done at ``moment`` (aware). Nests; restores the former moment on leaving."""
    if timezone.is_naive(moment):
        raise ValueError("a replayed moment must carry its time zone")
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)
