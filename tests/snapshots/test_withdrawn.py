"""An entry that is withdrawn is gone from everything that the public can reach: every public route of the
register is walked, so that a new one is looked at by itself."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from enforcement.register.services import put_entry, remove_entry
from enforcement.snapshots.services import make_snapshot, take_out_removed
from regulator.accounts.policies import policy_of
from tests.notifications.addresses import walk
from tests.register.entries import entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions", "storage")
NAME, WORD, SLUG = "Withdrawn Infirmary", "unforgettable", "the-withdrawn-one"
ROOTS: Final = ("register/", "api/<str:version>/^register", "sitemap", "robots.txt")


def addresses(revision: int) -> Iterator[str]:
    """Each public address of the register, with every part that this entry gives it."""
    parts: dict[str, list[Any]] = {
        "slug": [SLUG],
        "form": ["csv", "jsonl", "ods"],
        "revision": [revision],
        "name": ["1", "pages"],
        "version": ["v1"],
        "key": ["withdrawn-infirmary", "withdrawn-house-ab1-2cd", "london", "6(5)(b)"],
    }
    for name, path, view in walk(get_resolver()):
        policy = policy_of(view)
        if not (path.startswith(ROOTS) and policy and policy.public) or path.startswith("register-alerts/"):
            continue
        wanted = [each for each in parts if f"<{each}>" in path or f":{each}>" in path]
        for values in product(*(parts[each] for each in wanted)):
            given = dict(zip(wanted, values, strict=True))
            with suppress(NoReverseMatch):  # a key of one kind of page is none of another's
                yield reverse(name, kwargs=given)


def shown(client: Client, address: str) -> tuple[int, str]:
    """What an address answers, unpacked."""
    answer: Any = client.get(address)
    body: bytes = answer.getvalue()
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = package.read("content.xml")
    return answer.status_code, body.decode("utf-8", "replace")


def seen_at(client: Client, revision: int) -> set[str]:
    """Where the entry is still told of."""
    found = set()
    for address in addresses(revision):
        status, body = shown(client, address)
        assert status < 500 or status == 503, address
        if any(each in body for each in (NAME, WORD)) or (status == 200 and f"/{SLUG}/" in body):
            found.add(address)
    return found


def test_a_withdrawn_entry_is_gone_everywhere_at_once(client: Client, storage: Path) -> None:
    entry()
    said = {"slug": SLUG, "employer_name": NAME, "location": "Withdrawn House", "region": "London"}
    put_entry(snapshot(**said, description=f"An {WORD} failure."), document=b"%PDF unforgettable")
    made = make_snapshot()
    assert made is not None
    before = seen_at(client, made.revision)
    for address in (
        "/register/",
        f"/register/{SLUG}/",
        f"/register/{SLUG}/notice.pdf",
        "/register/enforcement-register.csv",
        "/register/enforcement-register.jsonl",
        "/register/enforcement-register.ods",
        "/register/feed.atom",
        f"/register/snapshots/{made.revision}/register.csv.gz",
        f"/register/snapshots/{made.revision}/register.jsonl.gz",
        "/sitemap-1.xml",
        "/api/v1/register/",
        f"/api/v1/register/{SLUG}/",
        "/api/v1/register/changes/",
    ):
        assert address in before, address
    remove_entry(SLUG)
    assert seen_at(client, made.revision) == set()
    assert client.get(f"/api/v1/register/{SLUG}/").status_code == 410
    take_out_removed()
    assert seen_at(client, made.revision) == set()
    assert shown(client, f"/register/snapshots/{made.revision}/register.csv.gz")[0] == 200
    assert all(WORD not in str(each) for each in storage.rglob("*"))
