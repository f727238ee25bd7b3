"""Holding an inspection for one change: its case locked at the version read, its own fields as they stand."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspections.models import Inspection
from regulator.casework.models import Case
from regulator.casework.services import changing


@contextmanager
def holding(inspection: Inspection, *, version: int | None) -> Iterator[Case]:
    """Yield the case as ``casework.services.changing`` does, with ``inspection`` itself read anew.

    The case object that the caller knows stays the inspection's own (reading anew would drop it), so that it
    carries the new state afterwards.
    """
    case = inspection.case
    with changing(case, version=version) as held:
        inspection.refresh_from_db()
        inspection.case = case
        yield held
