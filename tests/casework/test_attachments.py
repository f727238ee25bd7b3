"""Which files are taken, by their content and not by their name."""

import hashlib
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import chain
from regulator.casework.errors import NotPermitted
from regulator.casework.models import Attachment, Case
from regulator.casework.services import attach
from regulator.casework.services.attachments import MAXIMUM_BYTES

pytestmark = pytest.mark.django_db


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixel = zlib.compress(b"\x00\x00")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", pixel)
        + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 300
DICOM = b"\x00" * 128 + b"DICM" + b"\x02\x00\x00\x00" * 20


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", PDF),
        ("REPORT.PDF", PDF),
        ("picture.png", png()),
        ("doses.csv", "site,dose\nNorth,1·5\n".encode()),
        ("note.txt", b"\xef\xbb\xbfA note."),
    ],
)
def test_a_document_is_kept_unread_until_it_is_found_clean(
    case: Case, officer: User, name: str, content: bytes
) -> None:
    kept = attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)
    assert (kept.name, kept.size, kept.scan) == (name, len(content), Attachment.Scan.PENDING)
    with kept.file.open() as stored:
        assert stored.read() == content
    event = case.events.get()
    assert event.payload == {"attachment": kept.pk, "sha256": kept.sha256, "size": len(content)}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("program.pdf", EXE, "not what its ending"),
        ("program.exe", EXE, "must be a PDF"),
        ("program.txt", EXE, "not what its ending"),
        ("picture.pdf", png(), "not what its ending"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "not what its ending"),
        ("no ending", PDF, "must be a PDF"),
        ("scan.png", DICOM, "patient data"),
        ("scan.dcm", DICOM, "patient data"),
        ("empty.pdf", b"", "empty"),
        ("zeros.csv", b"a,b\x00", "not what its ending"),
    ],
)
def test_what_is_not_a_document_is_refused_in_plain_words(
    case: Case, officer: User, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)
    assert why in raised.value.message_dict["file"][0]
    assert not Attachment.objects.exists()
    assert not case.events.exists()


def test_a_file_of_26_mb_is_refused_unread_and_one_at_the_limit_is_taken(case: Case, officer: User) -> None:
    upload = SimpleUploadedFile("big.pdf", PDF)
    upload.size = 26 * 1024 * 1024
    with pytest.raises(ValidationError, match="25 MB"):
        attach(case=case, upload=upload, by=officer)
    assert upload.tell() == 0
    upload.size = MAXIMUM_BYTES
    assert attach(case=case, upload=upload, by=officer).pk


def test_a_path_in_the_name_is_dropped_and_the_file_is_stored_under_its_digest(
    case: Case, officer: User
) -> None:
    upload = SimpleUploadedFile("x.pdf", PDF)
    vars(upload)["_name"] = "../../etc/report.pdf"  # as a client may send it; Django's setter would clean it
    kept = attach(case=case, upload=upload, by=officer)
    assert kept.name == "report.pdf"
    stored_as = kept.file.name or ""
    assert stored_as.startswith("attachments/")
    assert kept.sha256[:32] in stored_as


def test_the_chain_is_not_held_while_the_file_is_written(
    case: Case, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    save = FileSystemStorage.save

    def watched(*args: Any, **kwargs: Any) -> str:
        held.append(chain._held.get() is not None)
        return save(*args, **kwargs)

    monkeypatch.setattr(FileSystemStorage, "save", watched)
    attach(case=case, upload=SimpleUploadedFile("x.pdf", PDF), by=officer)
    assert held == [False]


def test_a_transaction_that_failed_leaves_no_file(
    case: Case, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the disk is full")

    content = PDF + b"kept by nobody"
    stored_as = hashlib.sha256(content).hexdigest()[:32]
    monkeypatch.setattr("regulator.casework.services.attachments.append", fail)
    with pytest.raises(DatabaseError):
        attach(case=case, upload=SimpleUploadedFile("x.pdf", content), by=officer)
    assert not Attachment.objects.exists()
    assert not list(Path(default_storage.path("")).rglob(f"{stored_as}*"))


def test_those_without_the_right_attach_nothing(case: Case, make_user: Callable[..., User]) -> None:
    with pytest.raises(NotPermitted):
        attach(case=case, upload=SimpleUploadedFile("x.pdf", PDF), by=make_user(Role.ANALYST))
