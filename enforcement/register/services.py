"""Writing the register: an entry put, an entry removed. Who may and when is decided by the callers."""

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from enforcement.register.models import RegisterEntry
from regulator import clock
from regulator.legislation.models import Provision


@dataclass(frozen=True, slots=True)
class EntrySnapshot:
    """Everything of a notice that the public sees, and nothing else. Names as on ``RegisterEntry``."""

    slug: str
    reference: str
    employer_name: str
    employer_type: str
    location: str
    postcode: str
    region: str
    notice_type: str
    legal_power: str
    served_on: date
    breach_on: date
    provisions: tuple[Provision, ...]
    description: str
    compliance_due_on: date | None
    status: str
    complied_on: date | None
    how_closed: str
    modality: str
    source_url: str
    origin: str
    employer_is_invented: bool


_COLUMNS = tuple(field.name for field in fields(EntrySnapshot) if field.name != "provisions")


def put_entry(snapshot: EntrySnapshot) -> RegisterEntry:
    """Make the entry at ``snapshot.slug`` say exactly this; doing so again changes nothing.

    A change raises the version by one. The caller has checked that it may be public.
    """
    with transaction.atomic():
        entry = RegisterEntry.objects.select_for_update().filter(slug=snapshot.slug).first()
        if entry is None:
            content = {name: getattr(snapshot, name) for name in _COLUMNS}
            entry = RegisterEntry.objects.create(published_at=clock.now(), updated_at=clock.now(), **content)
            entry.provisions.set(snapshot.provisions)
            return entry
        if _differs(entry, snapshot):
            for name in _COLUMNS:
                setattr(entry, name, getattr(snapshot, name))
            entry.version += 1
            entry.updated_at = clock.now()
            entry.save()
            entry.provisions.set(snapshot.provisions)
    return entry


def remove_entry(slug: str) -> bool:
    """Delete an entry from the public register; ``False`` where there is none."""
    deleted, _ = RegisterEntry.objects.filter(slug=slug).delete()
    return bool(deleted)


def _differs(entry: RegisterEntry, snapshot: EntrySnapshot) -> bool:
    if any(getattr(entry, name) != getattr(snapshot, name) for name in _COLUMNS):
        return True
    stands = set(entry.provisions.values_list("pk", flat=True))
    return stands != {provision.pk for provision in snapshot.provisions}
