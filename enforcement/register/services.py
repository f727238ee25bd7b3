"""Writing the register: an entry put, an entry removed. Who may and when is decided by the callers."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from enforcement.register.index import keep_texts, lines_of, recount
from enforcement.register.models import Address, Change, Citation, Document, RegisterEntry, Revision
from enforcement.register.texts import forget_words, write_text
from regulator import clock
from regulator.legislation.models import Provision


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision as an entry cites it. Names as on ``models.Citation``."""

    position: int
    instrument: str
    reference: str
    citation: str
    heading: str
    own_words: str
    in_force_from: date
    in_force_to: date | None

    def __str__(self) -> str:
        return f"{self.instrument} {self.citation}"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an entry's timeline: the day, and in words what happened on it."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class EntrySnapshot:
    """Everything of a notice that the public sees, and nothing else. Names as on ``RegisterEntry``."""

    slug: str
    reference: str
    form: str
    employer_name: str
    employer_type: str
    location: str
    postcode: str
    region: str
    notice_type: str
    legal_power: str
    served_on: date
    breach_on: date
    citations: tuple[Cited, ...]
    timeline: tuple[Happening, ...]
    description: str
    compliance_due_on: date | None
    status: str
    complied_on: date | None
    how_closed: str
    modality: str
    source_url: str
    origin: str
    employer_is_invented: bool


_CITED: Final = tuple(field.name for field in fields(Cited))
_COLUMNS: Final = tuple(
    field.name for field in fields(EntrySnapshot) if field.name not in ("citations", "timeline")
)


def cited(provisions: Iterable[Provision]) -> tuple[Cited, ...]:
    """Provisions of the catalogue as an entry cites them, in the order of their instrument."""
    found = (Cited(**{name: getattr(each, name) for name in _CITED}) for each in provisions)
    return tuple(sorted(found, key=lambda each: (each.position, each.instrument, each.reference)))


def employer_slug(name: str) -> str:
    """The address of an employer's page of the register."""
    return slugify(name)[:120].strip("-") or "employer"


def premises_slug(location: str, postcode: str) -> str:
    """The address of the page of one place; ``""`` where the entry names none."""
    return slugify(f"{location} {postcode}")[:160].strip("-")


def in_words(lines: Iterable[str]) -> str:
    """Several things as one text, for a file that has one cell for them."""
    return "; ".join(lines)


def digest_of(snapshot: EntrySnapshot) -> str:
    """The SHA-256 (hex) over everything that the public sees, written as JSON in one fixed way: names sorted,
    dates as 2024-05-31, provisions sorted, each with the day from which that text is in force."""
    content = {name: getattr(snapshot, name) for name in _COLUMNS}
    content["provisions"] = sorted(
        [each.instrument, each.reference, each.in_force_from.isoformat()] for each in snapshot.citations
    )
    content["timeline"] = [[each.on.isoformat(), each.what] for each in snapshot.timeline]
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(written.encode()).hexdigest()


def snapshot_of(entry: RegisterEntry) -> EntrySnapshot:
    """What an entry says (one query, none where its citations were prefetched)."""
    content = {name: getattr(entry, name) for name in _COLUMNS}
    citations = tuple(
        Cited(**{name: getattr(each, name) for name in _CITED}) for each in entry.citations.all()
    )
    timeline = tuple(Happening(date.fromisoformat(each["on"]), each["what"]) for each in entry.timeline)
    return EntrySnapshot(**content, citations=citations, timeline=timeline)


def shown(slug: str) -> EntrySnapshot | None:
    """What the public sees at ``slug`` (two queries); ``None`` where there is no entry."""
    entry = RegisterEntry.objects.filter(slug=slug).first()
    return None if entry is None else snapshot_of(entry)


def put_entry(
    snapshot: EntrySnapshot, *, document: bytes | None = None, former_version: int = 0
) -> RegisterEntry:
    """Make the entry at ``snapshot.slug`` say exactly this, with this document or none; doing so again
    changes nothing.

    What it is found by and its lines of the index follow in the same transaction.

    A change raises the version by one and is numbered in ``Change``; an entry that comes back after a removal
    goes on from ``former_version``, its last, and keeps the moment at which it was first published. The
    caller has checked that it may be public.
    """
    with transaction.atomic():
        revision = _held()
        entry = RegisterEntry.objects.filter(slug=snapshot.slug).first()
        changed = _all_of_it() if entry is None else _differing(entry, snapshot, document)
        if entry is not None and not changed:
            return entry
        kind = Change.Kind.CHANGED if entry is not None else Change.Kind.ADDED
        counted = lines_of(entry, entry.citations.all()) if entry is not None else Counter()
        if entry is None:
            entry = RegisterEntry(
                slug=snapshot.slug, published_at=_first_published(snapshot.slug), version=former_version
            )
            Address.objects.filter(slug=snapshot.slug).delete()
        citations = _write(entry, snapshot, document)
        _note(revision, entry, kind, changed)
        keep_texts(citations)
        recount(counted, lines_of(entry, citations))
        write_text(entry, citations, revision.number)
    return entry


def remove_entry(slug: str) -> bool:
    """Delete an entry from the public register; ``False`` where there is none. Its addresses remain, so that
    whoever kept one is told that the entry was removed."""
    with transaction.atomic():
        revision = _held()
        entry = RegisterEntry.objects.filter(slug=slug).first()
        if entry is None:
            return False
        _note(revision, entry, Change.Kind.REMOVED, ())
        Address.objects.update_or_create(slug=slug, defaults={"entry": None})
        recount(lines_of(entry, entry.citations.all()), Counter())
        forget_words(entry)
        entry.delete()
    return True


def _first_published(slug: str) -> datetime:
    """When the entry at that address was first added, if it was removed since; else now (at most two
    queries)."""
    if not Address.objects.filter(slug=slug, entry=None).exists():
        return clock.now()
    added = Change.objects.filter(slug=slug, kind=Change.Kind.ADDED).order_by("number")
    return added.values_list("at", flat=True).first() or clock.now()


def _held() -> Revision:
    """The one row of ``Revision``, held until the transaction ends."""
    Revision.objects.get_or_create(pk=1)
    return Revision.objects.select_for_update().get(pk=1)


def _all_of_it() -> tuple[str, ...]:
    return tuple(field.name for field in fields(EntrySnapshot))


def _differing(entry: RegisterEntry, snapshot: EntrySnapshot, document: bytes | None) -> tuple[str, ...]:
    """The names of what an entry would say differently (two queries)."""
    stands = snapshot_of(entry)
    names = [name for name in _all_of_it() if getattr(stands, name) != getattr(snapshot, name)]
    held = Document.objects.filter(entry=entry).values_list("sha256", flat=True).first()
    if held != (hashlib.sha256(document).hexdigest() if document is not None else None):
        names.append("document")
    return tuple(names)


def _write(entry: RegisterEntry, snapshot: EntrySnapshot, document: bytes | None) -> list[Citation]:
    """Make the rows say this; answers its citations."""
    for name in _COLUMNS:
        setattr(entry, name, getattr(snapshot, name))
    entry.employer_slug = employer_slug(snapshot.employer_name)
    entry.premises_slug = premises_slug(snapshot.location, snapshot.postcode)
    entry.timeline = [{"on": each.on.isoformat(), "what": each.what} for each in snapshot.timeline]
    in_order = sorted(snapshot.citations, key=lambda each: each.position)
    entry.provisions_in_words = in_words(map(str, in_order))
    entry.timeline_in_words = in_words(f"{each.on} {each.what}" for each in snapshot.timeline)
    entry.version += 1
    entry.updated_at = clock.now()
    entry.save()
    entry.citations.all().delete()
    citations = [Citation(entry=entry, **asdict(each)) for each in snapshot.citations]
    Citation.objects.bulk_create(citations)
    Document.objects.filter(entry=entry).delete()
    if document is not None:
        sha256 = hashlib.sha256(document).hexdigest()
        Document.objects.create(entry=entry, sha256=sha256, size=len(document), content=document)
    return citations


def _note(revision: Revision, entry: RegisterEntry, kind: str, changed: Iterable[str]) -> None:
    revision.number += 1
    revision.changed_at = clock.now()
    revision.save()
    Change.objects.create(
        number=revision.number,
        slug=entry.slug,
        version=entry.version,
        kind=kind,
        at=revision.changed_at,
        fields=list(changed),
    )
