"""Writing the register: an entry put, an entry removed. Who may and when is decided by the callers."""

import hashlib
import json
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


def digest_of(snapshot: EntrySnapshot) -> str:
    """The SHA-256 (hex) over everything that the public sees, written as JSON in one fixed way: names sorted,
    dates as 2024-05-31, provisions sorted, each with the day from which that text is in force."""
    content = {name: getattr(snapshot, name) for name in _COLUMNS}
    content["provisions"] = sorted(
        [each.instrument, each.reference, each.in_force_from.isoformat()] for each in snapshot.provisions
    )
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(written.encode()).hexdigest()


def shown(slug: str) -> EntrySnapshot | None:
    """What the public sees at ``slug`` (two queries); ``None`` where there is no entry."""
    entry = RegisterEntry.objects.filter(slug=slug).first()
    if entry is None:
        return None
    content = {name: getattr(entry, name) for name in _COLUMNS}
    return EntrySnapshot(**content, provisions=tuple(entry.provisions.all()))


def put_entry(snapshot: EntrySnapshot, *, former_version: int = 0) -> RegisterEntry:
    """Make the entry at ``snapshot.slug`` say exactly this; doing so again changes nothing.

    A change raises the version by one; an entry that comes back after a removal goes on from
    ``former_version``, its last. The caller has checked that it may be public.
    """
    with transaction.atomic():
        entry = RegisterEntry.objects.select_for_update().filter(slug=snapshot.slug).first()
        if entry is None:
            content = {name: getattr(snapshot, name) for name in _COLUMNS}
            now, version = clock.now(), former_version + 1
            entry = RegisterEntry.objects.create(published_at=now, updated_at=now, version=version, **content)
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
