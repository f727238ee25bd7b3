"""The employer's files over HTTP: sent, read back once they were found clean, and never anybody else's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Notification
from regulator.casework.models import Attachment
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from regulator.organisations.models import ApiKey
from regulator.parsers import LARGEST_FORM
from tests.casework.documents import pdf
from tests.factories import Cast, EmployerFactory, member, notification_in
from tests.notifications.programs import problem, program, stored, url

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def sent(cast: Cast) -> Notification:
    return notification_in("submitted", cast=cast)


def content(notification: Notification, kept: Attachment | int) -> str:
    return url(notification, f"attachments/{getattr(kept, 'pk', kept)}/content/")


def upload(name: str = "plan.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if data is None else data, "application/octet-stream")


def test_a_file_is_sent_checked_and_read_back(cast: Cast, sent: Notification) -> None:
    client = program(cast.reporter)
    made = client.post(url(sent, "attachments/"), {"file": upload()}, format="multipart")
    assert (made.status_code, made.json()["scan"]) == (201, "pending")
    kept = Attachment.objects.get()
    waiting = problem(client.get(content(sent, kept)), 409)
    assert "waiting to be checked" in waiting["detail"]
    scan_pending()
    assert client.get(url(sent, "attachments/")).json()[0]["scan"] == "clean"
    read: Any = client.get(content(sent, kept))
    assert (read.status_code, read["Content-Type"]) == (200, "application/pdf")
    with kept.file.open("rb") as stored_as:
        assert read.getvalue() == stored_as.read()
    assert read["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert read["Cache-Control"] == "private, no-store"
    assert read["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in read


@pytest.mark.parametrize("accept", ["*/*", "application/pdf", "application/octet-stream", "application/json"])
def test_it_is_handed_over_whatever_type_is_hoped_for(accept: str, cast: Cast, sent: Notification) -> None:
    kept = attach(case=sent.case, upload=upload(), by=cast.reporter)
    client = program(cast.reporter)
    headers = {"accept": accept}
    problem(client.get(content(sent, kept), headers=headers), 409)
    problem(client.get(content(sent, 0), headers=headers), 404)
    scan_pending()
    assert client.get(content(sent, kept), headers=headers).status_code == 200


def test_a_reading_key_reads_it_and_on_a_draft_too(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    kept = attach(case=draft.case, upload=upload("log.txt", b"The log."), by=cast.reporter)
    scan_pending()
    read: Any = program(cast.reporter, ApiKey.Scope.READ).get(content(draft, kept))
    assert (read.status_code, read.getvalue()) == (200, b"The log.")


@pytest.mark.parametrize(
    ("scan", "why"),
    [
        (Attachment.Scan.PENDING, "is waiting to be checked. You can open it once it was found clean."),
        (Attachment.Scan.INFECTED, "cannot be opened: it was found to be infected."),
    ],
)
def test_what_is_not_clean_is_handed_to_nobody(
    scan: Attachment.Scan, why: str, cast: Cast, sent: Notification
) -> None:
    kept = attach(case=sent.case, upload=upload(), by=cast.reporter)
    Attachment.objects.update(scan=scan)
    refused = problem(program(cast.reporter).get(content(sent, kept)), 409)
    assert refused["detail"] == f"plan.pdf {why}"


def test_cqcs_files_and_other_peoples_and_lost_ones_are_not_there(cast: Cast, sent: Notification) -> None:
    of_cqc = attach(case=sent.case, upload=upload(), by=cast.officer)
    other_case = notification_in("submitted", cast=cast)
    elsewhere = attach(case=other_case.case, upload=upload(), by=cast.reporter)
    own = attach(case=sent.case, upload=upload(), by=cast.reporter)
    scan_pending()
    client = program(cast.reporter)
    assert [each["id"] for each in client.get(url(sent, "attachments/")).json()] == [own.pk]
    for kept in (of_cqc, elsewhere, 0, 999_999_999_999_999_999):
        problem(client.get(content(sent, kept)), 404)
    problem(program(member(EmployerFactory.create())).get(content(sent, own)), 404)
    assert client.get(content(sent, own)).status_code == 200
    own.file.storage.delete(str(own.file.name))
    problem(client.get(content(sent, own)), 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "file"),
        ({"file": "text"}, "file"),
        ({"file": upload("a.exe", b"MZ")}, "file"),
        ({"file": upload("plan.pdf", b"")}, "file"),
        ({"file": upload(), "name": "mine"}, "name"),
        ({"file": upload(), "identifies_nobody": "x" * 2_001}, "identifies_nobody"),
        ({"file": upload(), "identifies_nobody": "\x00"}, "identifies_nobody"),
    ],
)
def test_a_form_with_a_mistake_is_refused_with_the_field_named(
    body: dict[str, Any], field: str, cast: Cast, sent: Notification
) -> None:
    client: Any = program(cast.reporter)
    before = stored()
    answer = client.post(url(sent, "attachments/"), body, format="multipart")
    assert set(problem(answer, 400)["errors"]) == {field}
    assert stored() == before


BROKEN = {
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "an odd boundary": ("multipart/form-data; boundary=\xe9", b"--x\r\n"),
    "not a part": ("multipart/form-data; boundary=x", b"version=1"),
    "cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc',
    ),
    "odd base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    "too many fields": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 2_001 + b"--x--\r\n",
    ),
    "too many files": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\nb\r\n' * 101
        + b"--x--\r\n",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_form_that_cannot_be_read_is_refused(name: str, cast: Cast, sent: Notification) -> None:
    kind, body = BROKEN[name]
    client: Any = program(cast.reporter)
    before = stored()
    problem(client.generic("POST", url(sent, "attachments/"), body, content_type=kind), 400)
    assert stored() == before


def test_what_is_no_form_is_not_taken(cast: Cast, sent: Notification) -> None:
    client: Any = program(cast.reporter)
    for kind in ("application/json", "application/pdf", "text/plain", "application/x-www-form-urlencoded"):
        problem(client.generic("POST", url(sent, "attachments/"), b"{}", content_type=kind), 415)


def test_too_large_a_form_is_refused_unread(cast: Cast, sent: Notification) -> None:
    client: Any = program(cast.reporter)
    before = stored()
    kind = "multipart/form-data; boundary=x"
    large = {"CONTENT_LENGTH": str(LARGEST_FORM + 1)}
    answer = client.generic("POST", url(sent, "attachments/"), b"--x", content_type=kind, **large)
    problem(answer, 413)
    text = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"b" * 6_000_000 + b"\r\n--x--\r\n"
    problem(client.generic("POST", url(sent, "attachments/"), text, content_type=kind), 413)
    assert stored() == before


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast: Cast, sent: Notification) -> None:
    client = program(cast.reporter)
    client.get(url(sent, "attachments/"))  # the hourly note of the key's use
    counts = []
    for more in (1, 10):
        for _ in range(more):
            attach(case=sent.case, upload=upload("log.txt", b"The log."), by=cast.reporter)
        with CaptureQueriesContext(connection) as captured:
            client.get(url(sent, "attachments/"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5
