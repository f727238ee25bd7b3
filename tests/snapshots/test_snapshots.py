"""Copies of the register: whole, the same bytes again, checked, and without what was removed since."""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.services import put_entry, remove_entry
from enforcement.snapshots import files, services, tasks
from enforcement.snapshots.models import Snapshot, SnapshotFile
from enforcement.snapshots.services import make_snapshot, take_out_removed
from tests.register.entries import entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions", "storage")


def taken(client: Client, made: Snapshot, form: str) -> bytes:
    answer: Any = client.get(f"/register/snapshots/{made.revision}/register.{form}.gz")
    assert answer.status_code == 200
    packed: bytes = answer.getvalue()
    return packed


def kept_files() -> set[str]:
    try:
        return set(default_storage.listdir(files.FOLDER)[1])
    except FileNotFoundError:
        return set()


def made_now() -> Snapshot:
    made = make_snapshot()
    assert made is not None
    return made


def test_a_snapshot_is_the_register_with_its_checksum(client: Client) -> None:
    entry(description='With "quotes",\r\nlines and é')
    entry()
    made = made_now()
    for form in ("csv", "jsonl"):
        packed = taken(client, made, form)
        file = made.files.get(form=form)
        assert (hashlib.sha256(packed).hexdigest(), len(packed), file.rows) == (file.sha256, file.size, 2)
        live: Any = client.get(f"/register/enforcement-register.{form}")
        assert gzip.decompress(packed) == live.getvalue()
        sums = client.get("/register/snapshots/SHA256SUMS").content.decode()
        assert f"{file.sha256}  enforcement-register-r{made.revision}.{form}.gz\n" in sums


def test_the_same_register_gives_the_same_bytes() -> None:
    entry()
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC)):
        first = {file.form: file.sha256 for file in made_now().files.all()}
    Snapshot.objects.all().delete()
    with time_machine.travel(datetime(2026, 5, 7, tzinfo=UTC)):
        assert {file.form: file.sha256 for file in made_now().files.all()} == first


def test_a_register_that_did_not_change_gets_no_second_one() -> None:
    assert make_snapshot() is None
    entry()
    first = made_now()
    assert make_snapshot() is None
    assert tasks.make() is None
    entry()
    second = made_now()
    assert (second.former_revision, Snapshot.objects.count()) == (first.revision, 2)


def test_the_change_log_says_what_changed_since_the_one_before(client: Client) -> None:
    gone, said = entry(), snapshot()
    put_entry(said)
    made_now()
    put_entry(snapshot(slug=said.slug, employer_name=said.employer_name, region="London"))
    remove_entry(gone.slug)
    added = entry()
    made = made_now()
    answer: Any = client.get(f"/register/snapshots/{made.revision}/changes.jsonl")
    told = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert [(each["kind"], each["slug"]) for each in told] == [
        ("changed", said.slug),
        ("removed", gone.slug),
        ("added", added.slug),
    ]
    assert "region" in told[0]["fields"]
    assert set(told[1]) == {"number", "kind", "slug", "version", "at", "fields"}


def test_what_was_removed_goes_from_earlier_ones_at_once_and_their_checksums_say_so(client: Client) -> None:
    gone, stays = entry(employer_name="Gone Trust"), entry(employer_name='Stays "and" Sons')
    made = made_now()
    before = {file.form: file.sha256 for file in made.files.all()}
    remove_entry(gone.slug)
    for form in ("csv", "jsonl"):
        answer = client.get(f"/register/snapshots/{made.revision}/register.{form}.gz")
        assert (answer.status_code, b"Gone" in answer.content) == (503, False)
        assert int(answer["Retry-After"]) > 0
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        assert take_out_removed() == 2
    for form in ("csv", "jsonl"):
        written = gzip.decompress(taken(client, made, form)).decode()
        assert "Gone Trust" not in written
        assert stays.slug in written
        file = made.files.get(form=form)
        assert (file.rows, file.replaced[0]["sha256"]) == (1, before[form])
        assert file.sha256 != before[form]
    assert len(kept_files()) == 2
    listed = client.get("/register/snapshots/index.json").json()["snapshots"][0]["files"]
    assert {each["replaced"][0]["sha256"] for each in listed} == set(before.values())
    page = client.get("/register/snapshots/").content.decode()
    assert "Replaced on 4 July 2026, because an entry was removed or shortened." in page
    assert take_out_removed() == 0


def test_what_is_left_is_what_a_copy_without_it_would_be(client: Client) -> None:
    stays = snapshot(description='"quoted",\r\nand é, =1')
    put_entry(stays)
    alone = {file.form: file.sha256 for file in made_now().files.all()}
    gone = entry()
    made = made_now()
    remove_entry(gone.slug)
    assert take_out_removed() == 2
    assert {file.form: file.sha256 for file in made.files.all()} == alone


def test_a_snapshot_that_does_not_hold_it_stays_as_it_is(client: Client) -> None:
    entry()
    first = made_now()
    later = entry()
    remove_entry(later.slug)
    before = taken_digests(first)
    assert client.get(f"/register/snapshots/{first.revision}/register.csv.gz").status_code == 503
    assert take_out_removed() == 0
    assert taken_digests(first) == before
    assert client.get(f"/register/snapshots/{first.revision}/register.csv.gz").status_code == 200


def taken_digests(made: Snapshot) -> list[str]:
    return [file.sha256 for file in made.files.all()]


def test_a_text_that_is_shortened_over_a_trade_secret_goes_too(client: Client) -> None:
    said = snapshot(description="The secret recipe")
    put_entry(said)
    made = made_now()
    short = {"slug": said.slug, "employer_name": said.employer_name, "form": "short", "description": ""}
    put_entry(snapshot(**short))
    assert client.get(f"/register/snapshots/{made.revision}/register.jsonl.gz").status_code == 503
    assert take_out_removed() == 2
    assert b"recipe" not in gzip.decompress(taken(client, made, "jsonl"))


def test_a_correction_leaves_earlier_copies_as_they_were(client: Client) -> None:
    said = snapshot(region="Lndon")
    put_entry(said)
    made = made_now()
    put_entry(snapshot(slug=said.slug, employer_name=said.employer_name, region="London"))
    assert take_out_removed() == 0
    assert b"Lndon" in gzip.decompress(taken(client, made, "jsonl"))


class Killed(BaseException):
    """The worker is gone."""


def test_a_worker_killed_anywhere_leaves_no_half_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        raise Killed

    entry()
    for where, what in (
        (files, "File"),  # while the first file is being put onto the storage
        (services, "_kept"),  # with both files there and no row
        (SnapshotFile.objects, "bulk_create"),  # between the rows
    ):
        with monkeypatch.context() as patch:
            patch.setattr(where, what, killed)
            with pytest.raises(Killed):
                make_snapshot()
        assert not Snapshot.objects.exists()
    assert made_now().files.count() == 2


def test_a_worker_killed_while_it_takes_out_is_made_up_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: Any) -> None:
        raise Killed

    gone = entry(employer_name="Gone Trust")
    entry()
    made = made_now()
    remove_entry(gone.slug)
    with monkeypatch.context() as patch:
        patch.setattr(services, "_replace", killed)
        with pytest.raises(Killed):
            take_out_removed()
    assert client.get(f"/register/snapshots/{made.revision}/register.csv.gz").status_code == 503
    assert take_out_removed() == 2
    assert b"Gone" not in gzip.decompress(taken(client, made, "csv"))


def test_files_that_no_row_names_go_after_a_day() -> None:
    entry()
    made = made_now()
    default_storage.save(f"{files.FOLDER}/loose.csv.gz", ContentFile(b"half"))
    assert services.remove_leftovers() == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert services.remove_leftovers() == 1
    assert kept_files() == {file.file.rpartition("/")[2] for file in made.files.all()}


def test_a_register_that_changes_while_it_is_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    entry()
    store: Any = vars(services)["store"]
    times: list[int] = []

    def changing(*args: Any) -> files.Stored:
        if not times:
            entry()
        times.append(1)
        stored: files.Stored = store(*args)
        return stored

    monkeypatch.setattr(services, "store", changing)
    made = made_now()
    assert {file.rows for file in made.files.all()} == {2}
    assert len(kept_files()) == 2


@pytest.mark.parametrize(
    "path",
    [
        "9/register.csv.gz",
        "1/register.ods.gz",
        "99999999999999999999999/register.csv.gz",
        "99999999999999999999999/changes.jsonl",
        "9/changes.jsonl",
    ],
)
def test_what_is_not_there(client: Client, path: str) -> None:
    entry()
    made_now()
    assert client.get(f"/register/snapshots/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "index.json", "SHA256SUMS"])
def test_the_lists_take_few_queries_at_any_number(client: Client, path: str) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            entry()
            made_now()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/register/snapshots/{path}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 3


def test_a_file_that_did_not_change_is_not_sent_again(client: Client) -> None:
    entry()
    made = made_now()
    path = f"/register/snapshots/{made.revision}/register.csv.gz"
    first = client.get(path)
    assert first["ETag"] == f'"{made.files.get(form="csv").sha256}"'
    assert first["Cache-Control"].startswith("public")
    entry()
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
