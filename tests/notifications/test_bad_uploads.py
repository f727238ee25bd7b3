"""Files that must not be kept, on every page that takes one: refused in words, and the case is as it was."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from regulator.accounts.roles import Role
from regulator.casework.models import Attachment, Case, Event
from tests.casework.documents import packed
from tests.factories import member
from tests.notifications.addresses import Scene, posted_pages
from tests.notifications.pages import boxes, browser, problems, text

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
    ("run.sh", lambda: b"#!/bin/sh\n", "must be a PDF"),
    ("../../../etc/log.txt", lambda: b"The log.", "path parts"),
    ("C:\\Users\\somebody\\log.txt", lambda: b"The log.", "path parts"),
    ("&#47;etc&#47;log.txt", lambda: b"The log.", "path parts"),
    ("..", lambda: b"The log.", "path parts"),
    ("scan.png", lambda: bytes(128) + b"DICM" + bytes(50), "patient data"),
]


def post_raw(
    client: Client, address: str, name: str, content: bytes, box: str = "file", **typed: list[str]
) -> Any:
    """A file under exactly this name: a client of Django's tests would send the last part only."""
    edge = "--edge\r\nContent-Disposition: form-data; name="
    parts = [f'{edge}"{key}"\r\n\r\n{value}\r\n' for key, values in typed.items() for value in values]
    head = f'{edge}"{box}"; filename="{name}"\r\n\r\n'
    body = "".join((*parts, head)).encode() + content + b"\r\n--edge--\r\n"
    return client.post(address, body, content_type="multipart/form-data; boundary=edge")


def file_box(shown: str) -> str:
    """The name of the first box for a file; ``""`` where there is none."""
    found = next((each for each in re.findall(r"<input[^>]*>", shown) if 'type="file"' in each), "")
    named = re.search(r'name="([^"]+)"', found)
    return named[1] if named else ""


def filled(shown: Any, box: str) -> dict[str, list[str]]:
    """Everything else that the page asks for, so that nothing but the file can be wrong."""
    day = {"_day": "2", "_month": "3", "_year": "2026"}
    said = {
        name: [value or next((day[each] for each in day if name.endswith(each)), "") for value in values]
        for name, values in boxes(shown).items()
        if name != box
    }
    return said | {name: ["Said."] for name in ("done_what", "wrong", "should_say", "text") if name in said}


def everything() -> tuple[Any, ...]:
    files = {each for each in Path(default_storage.path("")).rglob("*") if each.is_file()}
    cases = sorted(Case.objects.values_list("pk", "version", "status"))
    return cases, Event.objects.count(), Attachment.objects.count(), files


def test_a_bad_file_is_refused_in_words_and_the_case_is_intact() -> None:
    scene = Scene()
    client = browser(member(scene.cast.employer, Role.EMPLOYER_LEAD))
    tried = []
    for route in posted_pages(Role.EMPLOYER_LEAD):
        if route.name.startswith("organisations:"):
            continue  # a file of numbers, read and not kept: tests/organisations/test_activity_file.py
        address = scene.address(route)
        shown: Any = client.get(address)
        if not str(shown.get("Content-Type")).startswith("text/html") or not (box := file_box(text(shown))):
            continue
        before = everything()
        for name, content, why in BAD:
            refused: Any = post_raw(client, address, name, content(), box, **filled(shown, box))
            assert refused.status_code == 400, (address, name)
            assert any(why in each for each in problems(refused)), (address, name, problems(refused))
            assert everything() == before, (address, name)
        tried.append(route.name)
    assert {"notifications:attach", "notifications:attach_to_draft", "inspections:attach"} <= set(tried)
    assert {"notices:part", "notices:appeal", "notices:trade_secret"} <= set(tried)
    assert {"plans:done", "plans:evidence", "correspondence:finding", "questionnaires:section"} <= set(tried)


def test_a_name_with_path_parts_is_refused_over_the_api_too() -> None:
    scene = Scene()
    client = browser(scene.cast.reporter)
    address = f"/api/v1/notifications/{scene.case('draft').pk}/attachments/"
    refused = post_raw(client, address, "../log.txt", b"The log.")
    assert refused.status_code == 400
    assert "path parts" in refused.json()["errors"]["file"][0]
    assert not Attachment.objects.exists()
    assert post_raw(client, address, "log.txt", b"The log.").status_code == 201
    assert Attachment.objects.get().name == "log.txt"
