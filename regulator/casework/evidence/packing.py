"""Putting a bundle together: one ZIP with the paper, the attachments, the state as data and the manifests.

The same events, texts and files give the same bytes: names, order and times in the archive follow from the
case alone, and nothing is compressed. Files are copied in pieces, never held whole.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.db.models.fields.files import FieldFile

from regulator.accounts.models import User
from regulator.casework.evidence.confidence import handed_out
from regulator.casework.evidence.paper import Enclosed, as_pdf
from regulator.casework.evidence.past import State, why_missing
from regulator.casework.evidence.rebuilding import case_as_of
from regulator.casework.files import why_unreadable
from regulator.casework.models import Attachment, Case, Event

PIECE: Final = 256 * 1024
GONE: Final = "It is not on the storage any more."
ALTERED: Final = "What is stored is not what was attached: its SHA-256 differs."
Progress = Callable[[int, str], None]
"""Told the percentage that is done, and what is being done now. It may raise, to stop the work."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An attachment, and how it goes into the bundle."""

    kept: Attachment
    enclosed: Enclosed


def pack(target: IO[bytes], *, case: Case, up_to: int, asker: User, progress: Progress) -> None:
    """Write the bundle of ``case``, just after the event ``up_to``, into ``target`` (seekable).

    Raises ``OSError`` where a file cannot be read, and whatever ``progress`` raises.
    """
    progress(5, "Rebuilding the case from its events")
    state = handed_out(case, case_as_of(case, up_to))
    head = Event.objects.filter(case=case, sequence__lte=up_to).order_by("sequence").last()
    progress(15, "Checking the files")
    planned = list(_planned(case, state))
    files = [each.enclosed for each in planned]
    progress(30, "Setting the paper")
    paper = as_pdf(case, state, head=head, files=files, asker=asker)
    name = str(case).replace(" ", "-")
    with ZipFile(target, "w", compression=ZIP_STORED) as archive:
        packer = _Packer(archive, head.occurred_at if head else case.created_at)
        packer.add(f"{name}.pdf", paper)
        packer.add("case.json", _as_json(state))
        wanted = [each for each in planned if not each.enclosed.left_out]
        for place, each in enumerate(wanted, 1):
            progress(40 + 55 * place // len(wanted), f"Packing file {place} of {len(wanted)}")
            with each.kept.file.open("rb") as content:
                packer.copy(each.enclosed.path, content.chunks(PIECE), expected=each.enclosed.sha256)
        packer.add("manifest.json", _as_json(_manifest(case, head, files, packer)))
        lines = (f"{sha256}  {path}\n" for path, (sha256, _) in packer.written.items())
        packer.add("manifest.sha256", "".join(lines).encode())
    progress(98, "Keeping the bundle")


class _Packer:
    """An archive whose entries all carry one moment, with the digest of each that was written."""

    def __init__(self, archive: ZipFile, moment: datetime) -> None:
        self.archive = archive
        self.stamp = moment.astimezone(UTC).timetuple()[:6]
        self.written: dict[str, tuple[str, int]] = {}

    def add(self, path: str, content: bytes) -> None:
        self.copy(path, iter([content]))

    def copy(self, path: str, pieces: Iterator[bytes], expected: str | None = None) -> None:
        info = ZipInfo(path, date_time=self.stamp)
        info.compress_type, info.create_system, info.external_attr = ZIP_STORED, 3, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        if expected is not None and digest.hexdigest() != expected:
            raise OSError(f"{path} changed while it was being packed")
        self.written[path] = (digest.hexdigest(), size)


def _planned(case: Case, state: State) -> Iterator[Planned]:
    """The files that the case then had, in their order, each with its place or why it is left out.

    The digest that counts is the chain's. A file that was infected, or never checked, is not passed on.
    """
    kept = {each.pk: each for each in case.attachments.all()}
    for place, row in enumerate(state["files"], 1):
        found = kept.get(row["file"])
        if found is None:
            continue
        shown = found.name if why_missing(row["name"]) else row["name"]
        path = f"files/{place:03}-{_safe(shown)}"
        left_out = why_unreadable(found) or _fault(found.file, row["sha256"])
        yield Planned(found, Enclosed(shown, path, row["size"], row["sha256"], left_out))


def _fault(file: FieldFile, sha256: str) -> str:
    """Why the file on the storage is not the one that was attached; ``""`` where it is. Reads it once."""
    if not file.name or not file.storage.exists(file.name):
        return GONE
    digest = hashlib.sha256()
    with file.open("rb") as content:
        for piece in content.chunks(PIECE):
            digest.update(piece)
    return "" if digest.hexdigest() == sha256 else ALTERED


def _safe(name: str) -> str:
    """A name that every system can unpack and ``sha256sum`` can read, still to be recognised."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-100:]


def _manifest(case: Case, head: Event | None, files: list[Enclosed], packer: _Packer) -> dict[str, Any]:
    """What the bundle holds, what it leaves out and why, and the event that it can be held against."""
    return {
        "case": str(case),
        "head": {
            "sequence": head.sequence,
            "hash": head.hash,
            "previous_hash": head.previous_hash,
            "occurred_at": head.occurred_at.astimezone(UTC).isoformat(),
        }
        if head
        else None,
        "files": [
            {"path": path, "sha256": sha256, "size": size} for path, (sha256, size) in packer.written.items()
        ],
        "left_out": [
            {"name": each.name, "sha256": each.sha256, "size": each.size, "why": each.left_out}
            for each in files
            if each.left_out
        ],
        "verify": "`sha256sum --check manifest.sha256` proves the files. `manage.py verify_audit` proves the "
        "chain, whose event of that sequence has that hash.",
    }


def _as_json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
