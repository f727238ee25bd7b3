"""Loading published entries from a CSV file into the register, row by row, each whole or not at all."""

import csv
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from django.db import transaction

from enforcement.register.models import RegisterEntry
from enforcement.register.published import COLUMNS, Unacceptable, read_row
from enforcement.register.services import EntrySnapshot, put_entry
from regulator.registry import Registry

PUBLISHED: Final = Path(__file__).resolve().parent / "data" / "published_entries.csv"
"""Entries that CQC published: the facts alone, with their address. The postcodes of the hospitals are
ours."""


BY_HAND: Registry[Callable[[], Collection[str]]] = Registry("entries that a person corrected")
"""The addresses of imported entries that a person corrected or removed since: another import leaves them as
they are."""


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
    service; so a second run changes nothing, and two notices of one day and place stay two.
    Raises ``UnreadableFile`` before anything is written.
    """
    rows = _read(path)
    seen: dict[str, int] = {}
    by_hand = frozenset(slug for slugs in BY_HAND.values() for slug in slugs())
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


def _import_row(line: int, row: dict[str, str], seen: dict[str, int], by_hand: Collection[str]) -> RowResult:
    if None in row:
        return RowResult(line, "refused", "it has more cells than the table has columns")
    try:
        snapshot = read_row(row)
    except Unacceptable as error:
        return RowResult(line, "refused", str(error))
    with transaction.atomic():
        before = _known(snapshot)
        snapshot = replace(snapshot, slug=before.slug if before else _free_slug(snapshot.slug))
        if snapshot.slug in seen:
            return RowResult(line, "refused", f"it repeats the entry of row {seen[snapshot.slug]}")
        seen[snapshot.slug] = line
        if snapshot.slug in by_hand:
            return RowResult(line, "kept", "a person corrected or removed this entry")
        after = put_entry(snapshot)
    if before is None:
        return RowResult(line, "added")
    return RowResult(line, "unchanged" if before.version == after.version else "changed")


def _known(snapshot: EntrySnapshot) -> RegisterEntry | None:
    alike = RegisterEntry.objects.filter(origin=snapshot.origin, source_url=snapshot.source_url)
    if not snapshot.source_url:
        alike = alike.filter(
            employer_name=snapshot.employer_name, location=snapshot.location, served_on=snapshot.served_on
        )
    return alike.first()


def _free_slug(wanted: str) -> str:
    """``wanted``, or where another entry has it the first of ``wanted-2``, ``wanted-3``... that is free."""
    taken = set(RegisterEntry.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted}-{number}") not in taken)
