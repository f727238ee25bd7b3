"""Files without a row: removed once they are old enough, those of a row never."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.leftovers import remove_leftovers
from regulator.casework.models import Attachment, Case
from regulator.casework.tasks import remove_leftovers as task

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


def stored(name: str, *, hours_ago: int) -> str:
    kept = default_storage.save(name, ContentFile(b"left"))
    written = (clock.now() - timedelta(hours=hours_ago)).timestamp()
    os.utime(Path(default_storage.path(kept)), (written, written))
    return kept


@pytest.fixture
def left() -> Iterator[list[str]]:
    names = [
        stored("attachments/2026/01/old.txt", hours_ago=30),
        stored("attachments/2026/01/young.txt", hours_ago=2),
        stored("bundles/7-1.zip", hours_ago=30),
        stored("elsewhere/old.txt", hours_ago=30),
    ]
    yield names
    for name in names:
        default_storage.delete(name)


def test_only_old_files_of_casework_that_no_row_names_are_removed(
    left: list[str], case: Case, make_user: MakeUser
) -> None:
    named = stored("attachments/2026/01/named.txt", hours_ago=300)
    Attachment.objects.create(
        case=case,
        file=named,
        name="a.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        uploaded_by=make_user(Role.CASE_OFFICER),
    )
    remove_leftovers()
    there = [default_storage.exists(name) for name in (*left, named)]
    assert there == [False, True, False, True, True]
    assert task() == 0
    default_storage.delete(named)


def test_what_was_never_kept_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulator.casework.leftovers.FOLDERS", ("never-there",))
    assert remove_leftovers() == 0
