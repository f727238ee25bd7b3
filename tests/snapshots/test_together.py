"""Two workers at once make one snapshot, and take a removed entry out once."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from enforcement.register.services import remove_entry
from enforcement.snapshots.files import FOLDER
from enforcement.snapshots.models import Snapshot, SnapshotFile
from enforcement.snapshots.services import make_snapshot, take_out_removed
from tests.alerts.test_together import at_once
from tests.reference import ship_provisions
from tests.register.entries import entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("storage")]


def on_storage() -> set[str]:
    return {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}


def test_two_workers_make_one_snapshot(storage: Path) -> None:
    ship_provisions()
    entry()
    made = at_once(make_snapshot, make_snapshot)
    assert sorted(each is None for each in made) == [False, True]
    assert Snapshot.objects.count() == 1
    assert set(SnapshotFile.objects.values_list("file", flat=True)) == on_storage()


def test_two_workers_take_an_entry_out_once(storage: Path) -> None:
    ship_provisions()
    gone = entry()
    entry()
    make_snapshot()
    remove_entry(gone.slug)
    assert sum(at_once(take_out_removed, take_out_removed)) == 2
    assert {len(file.replaced) for file in SnapshotFile.objects.all()} == {1}
    assert set(SnapshotFile.objects.values_list("file", flat=True)) == on_storage()
