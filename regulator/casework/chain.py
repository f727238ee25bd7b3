"""The chain of events: appending to it, and proving that nothing in it was altered.

Each event's hash is the SHA-256 over its own content and the hash before it; ``ChainHead`` holds the
last, so that cutting the end off shows as well. Whoever writes holds the head's lock until commit:
one writer at a time (docs/decisions/0002).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.kinds import AFTER_REDACTION, EVENTS, REMOVERS
from regulator.casework.models import Case, ChainHead, Event, EventText
from regulator.hint import wake_on_commit
from regulator.registry import Registry

FOLLOWERS: Registry[str] = Registry("follower of the chain")
"""The tasks that are told, after commit, that a person did something on a case that staff see. Only a hint,
to save a minute: whoever follows the chain finds what is new by its number."""
GENESIS = hashlib.sha256(b"IR(ME)R portal event chain").hexdigest()
TEXT_DIGEST: Final = "text_sha256"
TEXTS: Final = "texts"
"""What removes the texts of events calls them (``redaction.Group``)."""
_A_PART: Final = 2000
_HELD: Final = "_is_held"


_held: ContextVar[ChainHead | None] = ContextVar("held_chain_head", default=None)


@contextmanager
def writing() -> Iterator[ChainHead]:
    """One transaction that holds the end of the chain: every service's writes happen inside one.

    Nests: an inner ``writing`` joins the outer transaction as a savepoint. Two writers never interleave, so
    services cannot deadlock however many cases they touch. The head is read once, when it is locked, and
    saved once, on leaving; so whoever takes back part of the work inside uses ``writing`` for that part,
    never a bare ``atomic``.
    """
    outer = _held.get()
    if outer is None:
        with transaction.atomic(), _holding_the_head() as head:
            yield head
        return
    before = outer.sequence, outer.hash, outer.newest_edition
    try:
        with transaction.atomic():
            yield outer
    except BaseException:
        outer.sequence, outer.hash, outer.newest_edition = before
        raise


@contextmanager
def _holding_the_head() -> Iterator[ChainHead]:
    head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": GENESIS})
    before = head.sequence
    token = _held.set(head)
    try:
        yield head
    finally:
        _held.reset(token)
    if head.sequence != before:
        head.save()
    if head.is_news:
        for task in FOLLOWERS.values():
            wake_on_commit(task)


def newest_edition() -> str:
    """The hash of the event by which an edition of reference data was last approved; ``""`` before the first.

    No query inside ``writing``, one outside.
    """
    head = _held.get()
    if head is not None:
        return head.newest_edition
    return ChainHead.objects.filter(pk=1).values_list("newest_edition", flat=True).first() or ""


def append(
    type: str, *, case: Case | None, by: Actor, payload: dict[str, Any] | None = None, text: str = ""
) -> Event:
    """Write one event of a registered ``type`` at the end of the chain. Call it inside ``writing``.

    ``payload`` must be JSON and hold no personal text. What a person typed goes into ``text``: it is kept
    in a row of its own (``EventText``), its SHA-256 in the payload as ``text_sha256``. Raises
    ``LookupError`` for a type that no app registered.
    """
    return append_all([Happening(type, payload or {}, text)], case=case, by=by)[0]


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to be appended, with others of the same deed: as ``append`` takes it."""

    type: str
    payload: dict[str, Any]
    text: str = ""


def append_all(happened: Sequence[Happening], *, case: Case | None, by: Actor) -> list[Event]:
    """Write the events of one deed in their order, in one statement. Otherwise as ``append``."""
    head = _held.get()
    if head is None:
        raise RuntimeError("an event is appended inside `writing`, which holds the end of the chain")
    if case is not None and case.closed_at is not None:
        _refuse_redacted(case, happened)
    if case is not None and isinstance(by, User) and not clock.replaying():
        head.is_news = head.is_news or case.status not in case.spec.hidden_from_staff
    events = []
    for each in happened:
        event = _following(head, each, case, by)
        head.sequence, head.hash = event.sequence, event.hash
        events.append(event)
    _insert(events)
    texts = [
        EventText(event=event, text=each.text)
        for event, each in zip(events, happened, strict=True)
        if each.text
    ]
    if texts:
        EventText.objects.bulk_create(texts)
    return events


def _refuse_redacted(case: Case, happened: Sequence[Happening]) -> None:
    """Raise ``NotAllowedNow`` for a deed on a redacted case, unless it is one that leaves it empty.

    The row is asked (one query), because whoever does a deed may have read the case a while ago; but not of
    an open case, which is never redacted, nor of one that is held and was read under the lock.
    """
    if is_held(case) or all(each.type in AFTER_REDACTION for each in happened):
        return
    now = Case.objects.filter(pk=case.pk, redacted_at__isnull=False).only("redacted_at").first()
    if now is not None:
        raise NotAllowedNow(now.why_empty)


@contextmanager
def holding(case: Case) -> Iterator[None]:
    """``case`` was read just now under the lock, and is changed inside."""
    vars(case)[_HELD] = True
    try:
        yield
    finally:
        del vars(case)[_HELD]


def is_held(case: Case) -> bool:
    """Whether this very object is the one that somebody changes at the moment."""
    return _HELD in vars(case)


def _following(head: ChainHead, happened: Happening, case: Case | None, by: Actor) -> Event:
    """The event after the last, hashed, not yet written."""
    EVENTS.get(happened.type)
    payload = happened.payload
    event = Event(
        sequence=head.sequence + 1,
        case=case,
        type=happened.type,
        actor=None if isinstance(by, Scheduled) else by,
        scheduled_by=by.name if isinstance(by, Scheduled) else "",
        occurred_at=clock.now(),
        recorded_at=timezone.now(),
        payload={**payload, TEXT_DIGEST: text_digest(happened.text)} if happened.text else payload,
        previous_hash=head.hash,
    )
    event.hash = digest(event)
    return event


def _insert(events: Sequence[Event]) -> None:
    """Write the rows. Every deed appends one to three events, and building the statement anew through the
    ORM costs more than running it; so the statement is kept, and the fields adapt their values to it."""
    fields = Event._meta.concrete_fields
    values = [
        field.get_db_prep_save(getattr(event, field.attname), connection)
        for event in events
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insert_statement(connection.vendor, len(events)), values)
    for event in events:
        event._state.adding, event._state.db = False, connection.alias


@cache
def _insert_statement(vendor: str, rows: int) -> str:
    """``INSERT`` of all columns of ``rows`` events in order, quoted as the database of ``vendor`` does."""
    quote = connection.ops.quote_name
    fields = Event._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    return f"INSERT INTO {quote(Event._meta.db_table)} ({columns}) VALUES {places}"  # noqa: S608 (no value)


def text_digest(text: str) -> str:
    """The SHA-256 (hex) of what a person typed: all that the chain itself keeps of it."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(event: Event) -> str:
    """The SHA-256 (hex) over an event's content and the hash before it."""
    content = {
        "sequence": event.sequence,
        "case": event.case_id,
        "type": event.type,
        "actor": event.actor_id,
        "scheduled_by": event.scheduled_by,
        "occurred_at": event.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "payload": event.payload,
        "previous": event.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken link: which event, and what is wrong with it."""

    sequence: int
    why: str


def first_broken_link() -> Broken | None:
    """Walk the whole chain in one pass; ``None`` where it is intact. Memory does not grow with it.

    A typed text must be the one of which the event holds the digest. One that is gone is in order only where
    its case has a later event by which texts were removed.
    """
    expected, previous = 1, GENESIS
    events = Event.objects.select_related("typed").order_by("sequence")
    for part in _parts(events.iterator(chunk_size=_A_PART)):
        removed = _removed(part)
        for event in part:
            broken = _fault(event, expected, previous, removed)
            if broken:
                return broken
            expected, previous = event.sequence + 1, event.hash
    head = ChainHead.objects.filter(pk=1).first()
    last = head.sequence if head else 0
    if last != expected - 1 or (head and head.hash != previous):
        return Broken(expected, f"the chain should end at event {last}, but ends at event {expected - 1}")
    return None


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    """``events`` a part at a time."""
    left = iter(events)
    while part := list(islice(left, _A_PART)):
        yield part


def _removed(events: Sequence[Event]) -> dict[int, int]:
    """By case, the last event by which its texts were removed, for the cases of ``events`` of which one has
    lost a text. No query where none has, else one."""
    bereft = {each.case_id for each in events if each.case_id is not None and _is_bereft(each)}
    if not bereft:
        return {}
    removers = Event.objects.filter(case__in=bereft, type__in=list(REMOVERS)).order_by("sequence")
    return {
        case_id: sequence
        for case_id, sequence, type, payload in removers.values_list("case_id", "sequence", "type", "payload")
        if case_id is not None and TEXTS in REMOVERS.get(type)(payload)
    }


def _is_bereft(event: Event) -> bool:
    """Whether something was typed for the event that is not there any more."""
    return TEXT_DIGEST in event.payload and getattr(event, "typed", None) is None


def _fault(event: Event, expected: int, previous: str, removed: Mapping[int, int]) -> Broken | None:
    if event.sequence != expected:
        return Broken(expected, f"event {expected} is missing: the next one found is {event.sequence}")
    if event.previous_hash != previous:
        return Broken(event.sequence, "it does not follow from the event before it")
    if event.hash != digest(event):
        return Broken(event.sequence, "its content does not match its hash")
    if _is_bereft(event) and removed.get(event.case_id or 0, 0) < event.sequence:
        return Broken(event.sequence, "its text is gone, and no redaction of the case says why")
    typed: EventText | None = getattr(event, "typed", None)  # none where nothing was typed, or it was removed
    if typed is not None and text_digest(typed.text) != event.payload.get(TEXT_DIGEST):
        return Broken(event.sequence, "its text is not the one that was typed")
    return None
