"""Holding a notice for one change: its case locked at the version read, its own fields as they stand."""

from collections.abc import Iterator
from contextlib import contextmanager

from enforcement.models import Notice
from regulator.accounts.actors import Actor
from regulator.casework.models import Case
from regulator.casework.services import changing


@contextmanager
def holding(notice: Notice, *, version: int | None, by: Actor | None = None) -> Iterator[Case]:
    """Yield the case as ``casework.services.changing`` does, with ``notice`` itself read anew.

    The case object that the caller knows stays the notice's own (reading anew would drop it), so that it
    carries the new state afterwards.
    """
    case = notice.case
    with changing(case, version=version, by=by) as held:
        notice.refresh_from_db()
        notice.case = case
        yield held
