"""What caches may keep, whom they may show it to, and what it costs to ask whether it changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register import caching
from enforcement.register.services import remove_entry
from regulator.accounts.roles import Role
from regulator.frontend import caching as shared
from tests.factories import staff
from tests.register.entries import entry

pytestmark = pytest.mark.usefixtures("provisions")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATHS = [
    "/api/v1/register/",
    "/api/v1/register/?year=2025&fields=slug",
    "/api/v1/register/the-one/",
    "/api/v1/register/changes/",
    "/register/download/",
    "/register/columns/",
    "/register/columns.csvw.json",
    "/register/columns.schema.json",
    "/register/enforcement-register.csv",
    "/register/enforcement-register.jsonl",
    "/register/enforcement-register.ods",
    "/register/feed.atom",
    "/sitemap-1.xml",
]


def tables(captured: CaptureQueriesContext) -> str:
    return " ".join(query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("path", PATHS)
def test_who_has_the_present_answer_is_told_so_by_one_small_row(client: Client, path: str) -> None:
    with time_machine.travel(NOON, tick=False):
        entry(slug="the-one")
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        first = client.get(path)
        assert first.status_code == 200
        for headers in (
            {"if-none-match": first["ETag"]},
            {"if-none-match": f'"other", {first["ETag"]}'},
            {"if-modified-since": first["Last-Modified"]},
        ):
            with CaptureQueriesContext(connection) as captured:
                again = client.get(path, headers=headers)
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == first["ETag"]
            assert len(captured) == 1
            assert "register_revision" in tables(captured)
            assert "register_registerentry" not in tables(captured)
        assert client.head(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        entry()
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        for headers in (
            {"if-none-match": first["ETag"]},
            {"if-modified-since": first["Last-Modified"]},
        ):
            changed = client.get(path, headers=headers)
            assert changed.status_code == 200
            assert changed["ETag"] != first["ETag"]


def test_two_changes_in_one_second_are_two_changes(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        entry()
        first = client.get("/api/v1/register/")
        assert "Last-Modified" not in first
    with time_machine.travel(NOON + timedelta(milliseconds=900), tick=False):
        entry()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        asked = {"if-modified-since": "Mon, 02 Mar 2026 11:59:59 GMT"}
        assert client.get("/api/v1/register/", headers=asked).status_code == 200
        assert client.get("/api/v1/register/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_another_address_is_another_answer(client: Client) -> None:
    entry()
    tags = {client.get(path)["ETag"] for path in PATHS if "the-one" not in path}
    assert len(tags) == len(PATHS) - 1


def test_another_release_is_another_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    entry()
    first = client.get("/api/v1/register/")
    monkeypatch.setattr(shared, "release", lambda code: "the next one")
    asked = {"if-none-match": first["ETag"]}
    assert client.get("/api/v1/register/", headers=asked).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_shared_cache_may_keep_it_for_minutes(client: Client, path: str) -> None:
    entry(slug="the-one")
    answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
    assert not answer.cookies
    varies = answer.get("Vary", "").lower()
    if answer["Content-Type"].startswith("text/html"):
        assert "cookie" in varies
    else:
        assert "cookie" not in varies
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert caching.LONGEST_IN_CACHES <= timedelta(hours=1) < timedelta(days=7)


@pytest.mark.parametrize("path", PATHS)
def test_what_somebody_signed_in_is_shown_is_kept_nowhere(path: str) -> None:
    """Nor is the answer for all taken for theirs: its ETag counts for nothing."""
    entry(slug="the-one")
    public = Client().get(path)
    client = Client()
    client.force_login(staff(Role.CASE_OFFICER))
    answer = client.get(path, headers={"if-none-match": public["ETag"]})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/register/nobody/", 404),
        ("/api/v1/register/?year=soon", 400),
        ("/register/download/?year=soon", 400),
        ("/register/enforcement-register.csv?year=soon", 400),
        ("/register/feed.atom?year=soon", 400),
        ("/sitemap-7.xml", 404),
    ],
)
def test_what_was_not_found_is_not_kept(client: Client, path: str, status: int) -> None:
    answer: Any = client.get(path)
    assert answer.status_code == status
    assert "s-maxage" not in answer.get("Cache-Control", "")
    assert client.get(path, headers={"if-none-match": "*"}).status_code == status


def test_a_removed_entry_is_not_kept_under_its_old_tag(client: Client) -> None:
    made = entry()
    path = f"/api/v1/register/{made.slug}/"
    first = client.get(path)
    remove_entry(made.slug)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 410
