"""Writing a snapshot's file: compressed in constant memory, beside the storage, and put there whole."""

import csv
import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from enforcement.register.exports import FORMATS
from enforcement.register.models import RegisterEntry
from enforcement.snapshots.models import SnapshotFile
from regulator.sheets import csv_lines

FOLDER: Final = "register-snapshots"
_LEVEL: Final = 6
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the storage. Names as on ``SnapshotFile``."""

    file: str
    sha256: str
    size: int
    rows: int


def store(form: str, entries: QuerySet[RegisterEntry]) -> Stored:
    """The entries as a file of that form, on the storage. Nobody can reach it until a row names it."""
    counted = _Counted()
    return _stored(form, counted.over(FORMATS[form].written(entries), form), counted)


def without(kept: SnapshotFile, slugs: Container[str]) -> Stored | None:
    """A new file with everything of ``kept`` but those entries; ``None`` where none of them is in it."""
    counted = _Counted()
    with default_storage.open(kept.file) as packed, gzip.open(packed) as unpacked:
        lines = _LEAVE_OUT[kept.form](io.TextIOWrapper(unpacked, "utf-8", newline=""), slugs, counted)
        made = _stored(kept.form, lines, counted)
    if counted.left_out:
        return made
    default_storage.delete(made.file)
    return None


class _Counted:
    """How many rows went into a file, and how many were left out of it."""

    def __init__(self) -> None:
        self.rows = 0
        self.left_out = 0

    def over(self, pieces: Iterable[bytes], form: str) -> Iterator[bytes]:
        """The pieces as they are, their rows counted: in CSV a line's end may stand within a text."""
        quoted = False
        for piece in pieces:
            if form == SnapshotFile.Form.JSONL:
                self.rows += piece.count(b"\n")
            else:
                for between, part in enumerate(piece.split(b'"')):
                    quoted = quoted != bool(between)
                    self.rows += 0 if quoted else part.count(b"\r\n")
            yield piece
        self.rows -= form == SnapshotFile.Form.CSV  # the names


def _of_csv(lines: IO[str], slugs: Container[str], counted: _Counted) -> Iterator[bytes]:
    def kept() -> Iterator[list[str]]:
        rows = csv.reader(lines)
        first = next(rows)
        yield [first[0].removeprefix(_BOM), *first[1:]]
        for row in rows:
            if row[0] in slugs:
                counted.left_out += 1
            else:
                counted.rows += 1
                yield row

    return csv_lines(kept())


def _of_jsonl(lines: IO[str], slugs: Container[str], counted: _Counted) -> Iterator[bytes]:
    for line in lines:
        if json.loads(line)["slug"] in slugs:
            counted.left_out += 1
        else:
            counted.rows += 1
            yield line.encode()


_LEAVE_OUT: Final[dict[str, Callable[[IO[str], Container[str], _Counted], Iterator[bytes]]]] = {
    SnapshotFile.Form.CSV: _of_csv,
    SnapshotFile.Form.JSONL: _of_jsonl,
}


def _stored(form: str, pieces: Iterable[bytes], counted: _Counted) -> Stored:
    with _packed(pieces) as (packed, sha256, size):
        name = default_storage.save(f"{FOLDER}/{sha256[:32]}.{form}.gz", File(packed))
    return Stored(name, sha256, size, counted.rows)


@contextmanager
def _packed(pieces: Iterable[bytes]) -> Iterator[tuple[IO[bytes], str, int]]:
    """The pieces compressed, in a file that vanishes: without a name or time, so the bytes follow from what
    they hold alone."""
    with tempfile.TemporaryFile() as packed:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=packed, mtime=0) as pack:
            for piece in pieces:
                pack.write(piece)
        size = packed.tell()
        packed.seek(0)
        sha256 = hashlib.file_digest(_as_digestible(packed), "sha256").hexdigest()
        packed.seek(0)
        yield packed, sha256, size


def _as_digestible(file: IO[bytes]) -> Any:
    return file
