"""The register for machines."""

from base64 import b64encode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.register.entries import cited, entry
from tests.register.test_pages import NONSENSE

pytestmark = pytest.mark.usefixtures("provisions")


def test_the_list_holds_entries_with_their_provisions(client: Client) -> None:
    made = entry(citations=cited("6(5)(b)"))
    body = client.get("/api/v1/register/").json()
    assert [found["slug"] for found in body["results"]] == [made.slug]
    assert body["results"][0]["provisions"][0]["citation"] == "regulation 6(5)(b)"
    assert client.get(f"/api/v1/register/{made.slug}/").json() == body["results"][0]


def test_a_cursor_leads_through_every_entry_once(client: Client) -> None:
    for _ in range(120):
        entry()
    seen: list[str] = []
    url = "/api/v1/register/"
    while url:
        body = client.get(url).json()
        seen += [found["slug"] for found in body["results"]]
        url = body["next"]
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("size", [2, 45])
def test_three_queries_a_page(client: Client, size: int) -> None:
    for _ in range(size):
        entry()
    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/register/?year=2025")
    assert len(captured) == 3


@pytest.mark.parametrize("query", [each for each in NONSENSE if not each.startswith("page")])
def test_nonsense_is_answered_200_or_400(client: Client, query: str) -> None:
    entry()
    assert client.get(f"/api/v1/register/?{query}").status_code in (200, 400)


@pytest.mark.parametrize("query", ["year=soon", "type=caution", "regulation=everything", "q=%00"])
def test_a_filter_that_cannot_be_read_is_named(client: Client, query: str) -> None:
    response = client.get(f"/api/v1/register/?{query}")
    assert response.status_code == 400
    assert query.split("=")[0] in response.content.decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%FF",
        "",
        b64encode(b"p=nonsense").decode(),
        b64encode(b"o=-5&p=2025-01-01").decode(),
        b64encode(b"p=2025-13-40").decode(),
    ],
)
def test_a_cursor_of_somebodys_own_is_no_error(client: Client, cursor: str) -> None:
    entry()
    assert client.get("/api/v1/register/", {"cursor": cursor}).status_code in (200, 404)


def test_an_unchanged_answer_is_304(client: Client) -> None:
    entry()
    first = client.get("/api/v1/register/")
    again = client.get("/api/v1/register/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    entry()
    assert client.get("/api/v1/register/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_it_is_read_only(client: Client) -> None:
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)("/api/v1/register/", "{}", content_type="application/json")
        assert response.status_code in (403, 405)
