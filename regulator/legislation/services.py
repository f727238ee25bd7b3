"""Loading the catalogue of provisions into the database."""

from dataclasses import asdict

from django.db import transaction

from regulator.legislation.catalogue import read_catalogue
from regulator.legislation.models import Provision


def load_provisions() -> int:
    """Bring the provisions in step with ``data/provisions.csv``; answers how many rows were written.

    A row is known by instrument, reference and the day from which its text was in force. Only what
    differs is saved, so a second run writes nothing, no history either; what the file no longer holds
    stays, because findings and notices cite it. Raises ``ValueError`` for a catalogue at odds with itself.
    """
    written = 0
    with transaction.atomic():
        rows = {(row.instrument, row.reference, row.in_force_from): row for row in Provision.objects.all()}
        for position, listed in enumerate(read_catalogue(), start=1):
            values = {**asdict(listed), "position": position}
            del values["parent"]
            row = rows.get((listed.instrument, listed.reference, listed.in_force_from)) or Provision()
            written += _saved(row, values)
    return written


def _saved(row: Provision, values: dict[str, object]) -> bool:
    if not row._state.adding and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True
