"""Holding a concern for one change: its case locked at the version read, its own fields as they stand."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspections.concerns.models import Concern
from regulator.casework.models import Case
from regulator.casework.services import changing


@contextmanager
def holding(concern: Concern, *, version: int) -> Iterator[Case]:
    """Yield the case as ``casework.services.changing`` does, with ``concern`` itself read anew; the case
    object that the caller knows stays its own and carries the new state afterwards."""
    case = concern.case
    with changing(case, version=version) as held:
        concern.refresh_from_db()
        concern.case = case
        yield held
