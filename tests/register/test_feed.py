"""The Atom feed: valid, stable, of any filter, and without what was removed."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.services import put_entry, remove_entry
from tests.register.entries import entry, snapshot
from tests.register.test_pages import NONSENSE

pytestmark = pytest.mark.usefixtures("provisions")
ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/register/feed.atom"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def feed(client: Client, query: str = "") -> ElementTree.Element:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314


def texts(found: ElementTree.Element, name: str) -> list[str]:
    return [each.findtext(f"{ATOM}{name}") or "" for each in found.findall(f"{ATOM}entry")]


def links(found: ElementTree.Element) -> dict[str, str]:
    return {each.attrib["rel"]: each.attrib["href"] for each in found.findall(f"{ATOM}link")}


def test_it_has_what_atom_asks_for(client: Client) -> None:
    """RFC 4287: a feed and each entry have one id, one title, one updated; a feed an author and its link."""
    put_entry(snapshot(description="<b>Stop</b> & \x0b look"), document=b"%PDF")
    found = feed(client)
    for part in (found, *found.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert (part.findtext(f"{ATOM}id") or "").startswith("tag:")
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "Care Quality Commission"
    assert links(found)["self"].endswith(PATH)
    assert "open-government-licence" in links(found)["license"]
    [one] = found.findall(f"{ATOM}entry")
    others = {each.attrib.get("type", "page"): each.attrib["href"] for each in one.findall(f"{ATOM}link")}
    assert set(others) == {"page", "application/json", "application/pdf"}
    assert client.get(urlsplit(others["application/json"]).path).status_code == 200
    assert "&lt;b&gt;Stop&lt;/b&gt; &amp;  look" in (one.findtext(f"{ATOM}summary") or "")


def test_an_id_stays_and_updated_moves(client: Client) -> None:
    said = snapshot()
    with time_machine.travel(NOON, tick=False):
        put_entry(said)
        first = feed(client)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        put_entry(snapshot(slug=said.slug, status="complied", complied_on=date(2025, 2, 1)))
        second = feed(client)
    assert texts(first, "id") == texts(second, "id")
    assert texts(first, "updated") < texts(second, "updated")
    assert texts(first, "published") == texts(second, "published")


def test_what_was_removed_vanishes(client: Client) -> None:
    gone, stays = entry(employer_name="Gone"), entry(employer_name="Stays")
    remove_entry(gone.slug)
    assert texts(feed(client), "title") == ["Stays: Improvement notice"]
    assert stays.slug in texts(feed(client), "id")[0]


def test_a_feed_of_a_filter_says_which(client: Client) -> None:
    entry(employer_name="Alder")
    entry(employer_name="Birch", notice_type="prohibition_immediate")
    one, two = feed(client, "type=improvement"), feed(client, "type=prohibition_immediate&nonsense=1")
    assert texts(one, "title") == ["Alder: Improvement notice"]
    assert one.findtext(f"{ATOM}id") != two.findtext(f"{ATOM}id")
    assert links(two)["self"].endswith("?type=prohibition_immediate")
    assert texts(feed(client, "year=1999"), "id") == []


def test_it_is_bounded_and_leads_on_through_every_entry_once(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):  # all changed in the same moment
        for _ in range(120):
            entry()
    seen: list[str] = []
    address, pages = f"{PATH}?year=2025", 0
    while address:
        split = urlsplit(address)
        with CaptureQueriesContext(connection) as captured:
            found = feed(client, split.query)
        assert len(captured) <= 4
        assert links(found)["self"].partition("?")[2] == split.query
        seen += texts(found, "id")
        address, pages = links(found).get("next", ""), pages + 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("query", [*NONSENSE, "cursor=x", "cursor=%00", "cursor=" + "A" * 5000])
def test_no_query_string_breaks_it(client: Client, query: str) -> None:
    entry()
    assert client.get(f"{PATH}?{query}").status_code in (200, 400, 404)
