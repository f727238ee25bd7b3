"""Loading published entries from a CSV file into the register, row by row, each whole or not at all."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction

from enforcement.register.models import RegisterEntry
from enforcement.register.published import COLUMNS, Unacceptable, read_row
from enforcement.register.services import EntrySnapshot, put_entry
from regulator.registry import Registry

PUBLISHED: Final = Path(__file__).resolve().parent / "data" / "published_entries.csv"
"""Entries that CQC published: the facts alone, with their address. The postcodes of the hospitals are
ours."""


class Identity(NamedTuple):
    """By what a row's entry is known again: its address alone, or where it has none the other three."""

    source_url: str
    employer_name: str = ""
    location: str = ""
    served_on: date | None = None


BY_HAND: Registry[Callable[[], Iterable[tuple[Identity, str]]]] = Registry("entries that a person corrected")
"""Of imported entries that a person corrected or removed since: by what each was known before, and its slug.
Another import leaves them as they are."""


def identity_of(said: EntrySnapshot) -> Identity:
    """By what an entry that says this is known again."""
    if said.source_url:
        return Identity(said.source_url)
    return Identity("", said.employer_name, said.location, said.served_on)


class UnreadableFile(ValueError):
    """The file as a whole is not a table of published entries. ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: its line in the file, and why it was refused, if it was."""

    line: int
    outcome: str
    reason: str = ""


def import_entries(path: Path) -> Iterator[RowResult]:
    """Put each row of the file onto the register: ``added``, ``changed``, ``unchanged`` or ``refused``; or
    ``kept``, where a person corrected or removed the entry since.

    An entry is known again by its ``source_url``, or where the row has none by employer, location and day of
    service; so a second run changes nothing, and two notices of one day and place stay two. One that a person
    corrected or removed is known by what it said before, too.
    Raises ``UnreadableFile`` before anything is written.
    """
    rows = _read(path)
    seen: dict[str, int] = {}
    by_hand = {known: slug for found in BY_HAND.values() for known, slug in found()}
    for line, row in rows:
        yield _import_row(line, row, seen, by_hand)


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableFile(f"{path} lacks the columns: {', '.join(missing)}")
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}") from error


def _import_row(
    line: int, row: dict[str, str], seen: dict[str, int], by_hand: Mapping[Identity, str]
) -> RowResult:
    if None in row:
        return RowResult(line, "refused", "it has more cells than the table has columns")
    try:
        snapshot = read_row(row)
    except Unacceptable as error:
        return RowResult(line, "refused", str(error))
    with transaction.atomic():
        snapshot = replace(snapshot, slug=_slug_of(snapshot, by_hand))
        if snapshot.slug in seen:
            return RowResult(line, "refused", f"it repeats the entry of row {seen[snapshot.slug]}")
        seen[snapshot.slug] = line
        if snapshot.slug in by_hand.values():
            return RowResult(line, "kept", "a person corrected or removed this entry")
        before = RegisterEntry.objects.filter(slug=snapshot.slug).first()
        after = put_entry(snapshot)
    if before is None:
        return RowResult(line, "added")
    return RowResult(line, "unchanged" if before.version == after.version else "changed")


def _slug_of(snapshot: EntrySnapshot, by_hand: Mapping[Identity, str]) -> str:
    """The slug of the entry that a row is of: of one that says so and was left alone, else of one that said
    so until a person changed it, else of one that says so since; or a new one."""
    theirs, alike = frozenset(by_hand.values()), _saying(snapshot)
    left_alone = next((slug for slug in alike if slug not in theirs), "")
    said_so = by_hand.get(identity_of(snapshot), "")
    return left_alone or said_so or next(iter(alike), "") or _free_slug(snapshot.slug, theirs)


def _saying(snapshot: EntrySnapshot) -> list[str]:
    """The slugs of the imported entries that are known by the same."""
    alike = RegisterEntry.objects.filter(origin=snapshot.origin, source_url=snapshot.source_url)
    if not snapshot.source_url:
        alike = alike.filter(
            employer_name=snapshot.employer_name, location=snapshot.location, served_on=snapshot.served_on
        )
    return list(alike.values_list("slug", flat=True))


def _free_slug(wanted: str, theirs: Collection[str]) -> str:
    """``wanted``, or where another entry has or had it the first of ``wanted-2``, ``wanted-3``... that is
    free."""
    there = RegisterEntry.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)
    taken = {*there, *theirs}
    if wanted not in taken:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted}-{number}") not in taken)
