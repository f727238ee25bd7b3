"""An entry's page, its document, and what becomes of its address."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.models import Address
from enforcement.register.services import Happening, put_entry, remove_entry
from tests.register.entries import cited, entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions")
PDF = b"%PDF-1.7 an invented notice"


def _page(client: Client, slug: str) -> str:
    response = client.get(f"/register/{slug}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_in_plain_words_what_the_law_asks(client: Client) -> None:
    made = entry(citations=cited("6(5)(b)", "17(4)"))
    html = _page(client, made.slug)
    for citation in made.citations.all():
        assert citation.heading in html
        assert citation.own_words in html
        assert f'href="/register/regulations/{citation.reference}/"' in html


@pytest.mark.parametrize(
    ("notice_type", "words"),
    [
        ("improvement", "by when it must put that right"),
        ("prohibition_immediate", "stops an activity at once"),
        ("prohibition_deferred", "at the end of a time that it states"),
    ],
)
def test_it_says_what_kind_of_notice_it_is(client: Client, notice_type: str, words: str) -> None:
    assert words in _page(client, entry(notice_type=notice_type).slug)


def test_it_tells_what_happened_and_which_version_this_is(client: Client) -> None:
    said = snapshot(timeline=(Happening(date(2025, 1, 10), "Notice served"),))
    with time_machine.travel(datetime(2025, 2, 3, 12, tzinfo=UTC), tick=False):
        put_entry(said)
    with time_machine.travel(datetime(2025, 7, 1, 23, 30, tzinfo=UTC), tick=False):
        told = (*said.timeline, Happening(date(2025, 3, 1), "Appeal lodged with the employment tribunal"))
        put_entry(replace(said, timeline=told))
    with time_machine.travel(datetime(2025, 8, 4, 12, tzinfo=UTC), tick=False):
        html = re.sub(r"\s+", " ", _page(client, said.slug))
    assert html.index("Notice served") < html.index("Appeal lodged with the employment tribunal")
    assert "First published here on 3 February 2025. This is version 2, last changed on 2 July 2025." in html
    address = f"http://testserver/register/{said.slug}/"
    assert f"version 2 of 2 July 2025. {address} (seen on 4 August 2025)." in html
    assert f'<link rel="canonical" href="{address}">' in html


def test_the_short_form_says_why_it_is_short(client: Client) -> None:
    assert "trade secret" in _page(client, entry(form="short", description="").slug)
    assert "trade secret" not in _page(client, entry().slug)


def test_it_leads_to_its_employer_place_and_region(client: Client) -> None:
    made = entry(region="East Midlands")
    html = _page(client, made.slug)
    for part in (f"employers/{made.employer_slug}", f"places/{made.premises_slug}", "regions/east-midlands"):
        assert f'href="/register/{part}/"' in html
        assert client.get(f"/register/{part}/").status_code == 200


def test_it_is_linked_data_that_no_text_breaks_out_of(client: Client) -> None:
    made = entry(description="</script><script>alert(1)</script>", source_url="https://example.invalid/n")
    html = _page(client, made.slug)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["abstract"] == "</script><script>alert(1)</script>"
    assert data["identifier"] == made.reference
    assert data["about"]["name"] == made.employer_name
    assert [each["legislationIdentifier"] for each in data["citation"]] == ["6(5)(b)", "17(4)"]
    assert data["isBasedOn"] == "https://example.invalid/n"


@pytest.mark.parametrize("citations", [("7",), ("6(5)(b)", "17(4)", "7", "8(4)")])
def test_it_takes_four_queries(client: Client, citations: tuple[str, ...]) -> None:
    made = entry(citations=cited(*citations))
    with CaptureQueriesContext(connection) as captured:
        _page(client, made.slug)
    assert len(captured) == 4


def test_its_document_is_what_was_put_there(client: Client) -> None:
    said = snapshot()
    put_entry(said, document=PDF)
    assert f'href="/register/{said.slug}/notice.pdf"' in _page(client, said.slug)
    answer = client.get(f"/register/{said.slug}/notice.pdf")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PDF, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{said.slug}.pdf"'
    assert answer["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    with CaptureQueriesContext(connection) as captured:
        again = client.get(f"/register/{said.slug}/notice.pdf", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, len(captured)) == (304, b"", 1)
    put_entry(said)
    assert client.get(f"/register/{said.slug}/notice.pdf").status_code == 404
    assert "notice.pdf" not in _page(client, said.slug)


@pytest.mark.parametrize("tail", ["", "notice.pdf"])
def test_an_address_that_was_left_leads_on_and_one_that_was_removed_says_so(
    client: Client, tail: str
) -> None:
    made = entry()
    Address.objects.create(slug="as-it-once-was", entry=made)
    moved = client.get(f"/register/as-it-once-was/{tail}")
    assert (moved.status_code, moved["Location"]) == (301, made.get_absolute_url())
    remove_entry(made.slug)
    for slug in (made.slug, "as-it-once-was"):
        gone = client.get(f"/register/{slug}/{tail}")
        assert gone.status_code == 410
        assert "This entry was removed" in gone.content.decode()
    assert client.get(f"/register/never-was/{tail}").status_code == 404
