"""Holding an inspection for one change: its case locked at the version read, its own fields as they stand."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspections.models import Inspection
from regulator.casework.models import Case
from regulator.casework.services import changing


@contextmanager
def holding(inspection: Inspection, *, version: int | None) -> Iterator[Case]:
    """Yield the inspection's case as ``casework.services.changing`` does, with ``inspection`` itself read anew.

    The case object that the caller knows stays the inspection's own, so that it carries the new state.
    """
    own = [field.name for field in Inspection._meta.concrete_fields if field.name != "case"]
    with changing(inspection.case, version=version) as held:
        inspection.refresh_from_db(fields=own)
        yield held
