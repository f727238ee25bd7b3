"""Files that must not be kept, on every page that takes one: refused in words, and the case is as it was."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from regulator.accounts.roles import Role
from regulator.casework.models import Attachment, Case, Event
from tests.casework.documents import packed
from tests.factories import member
from tests.notifications.addresses import Scene, posted_pages
from tests.notifications.pages import browser, problems, text

pytestmark = pytest.mark.usefixtures("reference")

MANY: Final = 60 * 1024 * 1024


def bomb() -> bytes:
    """A small document that unpacks to far more than may be sent."""
    written = BytesIO(packed({"[Content_Types].xml": "<Types/>"}))
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", bytes(MANY))
    return written.getvalue()


BAD: Final[list[tuple[str, Callable[[], bytes], str]]] = [
    ("report.pdf", lambda: b"MZ\x90\x00" + bytes(300), "not what its ending"),
    ("report.docx", bomb, "unpacks to far more"),
    ("empty.pdf", lambda: b"", "The file is empty"),
    ("log.txt", lambda: b"a" * (26 * 1024 * 1024), "25 MB or smaller"),
    ("../../../etc/cron.d/run.sh", lambda: b"#!/bin/sh\n", "must be a PDF"),
    ("..\\..\\windows\\run.exe", lambda: b"MZ", "must be a PDF"),
    ("/", lambda: b"x", "must be a PDF"),
    ("scan.png", lambda: bytes(128) + b"DICM" + bytes(50), "patient data"),
]


def takes_a_file(shown: str) -> bool:
    return 'type="file"' in shown


def everything() -> tuple[Any, ...]:
    files = {each for each in Path(default_storage.path("")).rglob("*") if each.is_file()}
    cases = sorted(Case.objects.values_list("pk", "version", "status"))
    return cases, Event.objects.count(), Attachment.objects.count(), files


@pytest.mark.parametrize(("name", "content", "why"), BAD, ids=[each[0] for each in BAD])
def test_a_bad_file_is_refused_in_words_and_the_case_is_intact(
    name: str, content: Callable[[], bytes], why: str
) -> None:
    scene = Scene()
    client = browser(member(scene.cast.employer, Role.EMPLOYER_LEAD))
    tried = []
    for route in posted_pages(Role.EMPLOYER_LEAD):
        address = scene.address(route)
        shown: Any = client.get(address)
        if not str(shown.get("Content-Type")).startswith("text/html") or not takes_a_file(text(shown)):
            continue
        before = everything()
        upload = SimpleUploadedFile("x", content())
        vars(upload)["_name"] = name
        refused: Any = client.post(address, {"file": upload})
        assert refused.status_code == 400, address
        assert any(why in each for each in problems(refused)), (address, problems(refused))
        assert everything() == before
        tried.append(route.name)
    assert {"notifications:attach", "notifications:attach_to_draft"} <= set(tried)


def test_path_parts_of_a_good_file_never_reach_the_disk() -> None:
    scene = Scene()
    client = browser(scene.cast.reporter)
    address = f"/notifications/draft/{scene.case('draft').pk}/attach/"
    upload = SimpleUploadedFile("x", b"The log.")
    vars(upload)["_name"] = "../../../etc/log.txt"
    assert client.post(address, {"file": upload}).status_code == 302
    kept = Attachment.objects.get()
    assert kept.name == "log.txt"
    assert Path(default_storage.path("")) in Path(kept.file.path).parents
    assert "etc" not in (kept.file.name or "")
