"""Which files are taken, by their content and not by their name."""

import struct
import zlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from regulator.accounts.models import User
from regulator.accounts.roles import Role
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


def test_those_without_the_right_attach_nothing(case: Case, make_user: Callable[..., User]) -> None:
    with pytest.raises(NotPermitted):
        attach(case=case, upload=SimpleUploadedFile("x.pdf", PDF), by=make_user(Role.ANALYST))
