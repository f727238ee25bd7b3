"""Which files are taken, by their content and not by their name."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from pytest_django import DjangoCaptureOnCommitCallbacks

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import chain
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Attachment, Case
from regulator.casework.services import IdentifiersFound, attach, remove_attachment
from regulator.casework.services.attachments import MAXIMUM_BYTES
from regulator.organisations.models import Employer
from tests.casework.documents import docx, exif, jpeg, pdf, png, xlsx

pytestmark = pytest.mark.django_db


PDF = pdf()


def everything_stored() -> set[Path]:
    return {each for each in Path(default_storage.path("")).rglob("*") if each.is_file()}


def on_storage(content: bytes) -> list[Path]:
    """The files kept under this content's digest."""
    return list(Path(default_storage.path("")).rglob(f"{hashlib.sha256(content).hexdigest()[:32]}*"))


EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 300
DICOM = b"\x00" * 128 + b"DICM" + b"\x02\x00\x00\x00" * 20


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER)


@pytest.mark.parametrize(
    ("name", "content"),
    [
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
    assert event.payload == {
        "attachment": kept.pk,
        "sha256": kept.sha256,
        "sent_sha256": kept.sha256,
        "size": len(content),
        "name_sha256": chain.text_digest(name),
    }


@pytest.mark.parametrize(
    ("name", "content"), [("REPORT.PDF", PDF), ("a.docx", docx()), ("a.jpg", jpeg(exif()))]
)
def test_what_is_stored_has_no_author_and_the_event_names_what_was_sent(
    case: Case, officer: User, name: str, content: bytes
) -> None:
    kept = attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)
    with kept.file.open() as file:
        stored = file.read()
    assert b"Author Surname" not in stored
    assert (kept.sha256, kept.size) == (hashlib.sha256(stored).hexdigest(), len(stored))
    payload = case.events.get().payload
    assert payload["sent_sha256"] == hashlib.sha256(content).hexdigest()
    assert payload["sha256"] == kept.sha256 != payload["sent_sha256"]


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("a.txt", b"The log\n\nof Mr Patel", "a person’s name on line 3: “The log of Mr Patel”"),
        ("a.csv", b"site,number\nNorth,9434765919", "an NHS number on line 2"),
        ("a.docx", docx("943</w:t></w:r><w:r><w:t> 476 5919"), "an NHS number on line"),
        ("a.xlsx", xlsx("born 12/03/1954"), "a date of birth on line"),
        ("a.pdf", pdf("Ask a.b@c.example"), "an e-mail address on line 1"),
        ("Mr Patel 12.png", png(), "a person’s name on line 1"),
    ],
)
def test_a_document_that_identifies_somebody_is_taken_only_with_a_reason(
    case: Case, officer: User, name: str, content: bytes, where: str
) -> None:
    before = everything_stored()
    with pytest.raises(IdentifiersFound) as raised:
        attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)
    assert where in " ".join(raised.value.messages)
    assert not Attachment.objects.exists()
    assert not case.events.exists()
    assert everything_stored() == before
    kept = attach(
        case=case,
        upload=SimpleUploadedFile(name, content),
        by=officer,
        identifies_nobody="An invented example.",
    )
    types = list(case.events.order_by("sequence").values_list("type", flat=True))
    assert types == ["casework.identifiers_confirmed", "casework.file_attached"]
    again = attach(case=case, upload=SimpleUploadedFile(name, content), by=officer)
    assert again.sha256 == kept.sha256


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

    content = b"kept by nobody"
    monkeypatch.setattr("regulator.casework.services.attachments.append", fail)
    with pytest.raises(DatabaseError):
        attach(case=case, upload=SimpleUploadedFile("x.txt", content), by=officer)
    assert not Attachment.objects.exists()
    assert not on_storage(content)


def test_those_without_the_right_attach_nothing(case: Case, make_user: Callable[..., User]) -> None:
    with pytest.raises(NotPermitted):
        attach(case=case, upload=SimpleUploadedFile("x.pdf", PDF), by=make_user(Role.ANALYST))


def test_a_file_is_taken_off_a_draft_once_and_from_the_storage_too(
    make_case: Callable[..., Case],
    make_user: Callable[..., User],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft = make_case(opened=False)
    reporter = make_user(Role.EMPLOYER_REPORTER, employer=draft.employer)
    kept = attach(case=draft, upload=SimpleUploadedFile("a.txt", b"taken off again"), by=reporter)
    assert on_storage(b"taken off again")
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            remove_attachment(attachment=kept, by=reporter)
    assert not Attachment.objects.exists()
    assert not on_storage(b"taken off again")
    removed = draft.events.get(type="casework.file_removed")
    assert removed.payload == {"attachment": kept.pk, "sha256": kept.sha256}


def test_what_cqc_was_sent_is_not_taken_off_nor_by_a_stranger(
    case: Case,
    make_case: Callable[..., Case],
    make_user: Callable[..., User],
    make_employer: Callable[[str], Employer],
) -> None:
    reporter = make_user(Role.EMPLOYER_REPORTER, employer=case.employer)
    sent = attach(case=case, upload=SimpleUploadedFile("a.txt", b"x"), by=reporter)
    with pytest.raises(NotAllowedNow):
        remove_attachment(attachment=sent, by=reporter)
    with pytest.raises(NotPermitted):
        remove_attachment(attachment=sent, by=make_user(Role.CASE_OFFICER))
    on_draft = attach(case=make_case(opened=False), upload=SimpleUploadedFile("a.txt", b"x"), by=reporter)
    with pytest.raises(NotPermitted):
        remove_attachment(
            attachment=on_draft, by=make_user(Role.EMPLOYER_LEAD, employer=make_employer("south"))
        )
    assert Attachment.objects.count() == 2
