"""The register for machines."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.api_asking import ApiFilter
from enforcement.register.models import Address
from enforcement.register.records import FIELDS
from enforcement.register.services import put_entry, remove_entry
from regulator.accounts import throttling
from tests.register.entries import cited, entry, snapshot
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
def test_at_most_five_queries_a_page(client: Client, size: int) -> None:
    for _ in range(size):
        entry()
    with CaptureQueriesContext(connection) as captured:
        client.get("/api/v1/register/?year=2025")
    assert len(captured) <= 5


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


LIST = "/api/v1/register/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def results(client: Client, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_only_the_fields_that_are_asked_for(client: Client) -> None:
    made = entry()
    [told] = results(client, "fields=status,slug,%20version")
    assert told == {"slug": made.slug, "status": "in_force", "version": 1}
    one = client.get(f"{LIST}{made.slug}/?fields=provisions").json()
    assert list(one) == ["provisions"]
    assert list(results(client, "fields=")[0]) == list(FIELDS)


@pytest.mark.parametrize("fields", ["pk", "slug,nonsense", "timeline.on", "%00", "__class__"])
def test_a_field_that_is_none_is_named(client: Client, fields: str) -> None:
    made = entry()
    for address in (f"{LIST}?fields={fields}", f"{LIST}{made.slug}/?fields={fields}"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"]["fields"]


def test_every_parameter_that_is_described_is_taken(client: Client) -> None:
    entry()
    asked = "&".join(f"{name}=" for name in [*ApiFilter(QueryDict()).form.fields, "cursor"])
    assert client.get(f"{LIST}?{asked}").status_code == 200


@pytest.mark.parametrize("sort", ["-served_on", "served_on", "-updated_at", "updated_at"])
def test_each_order_leads_through_all_and_back(client: Client, sort: str) -> None:
    for number in range(120):
        served = date(2020, 1, 1) + timedelta(days=number % 7)
        entry(served_on=served, breach_on=served)
    name = sort.removeprefix("-")
    url, seen, previous = f"{LIST}?sort={sort}&type=improvement", [], None
    while url:
        body = client.get(url).json()
        seen += [(each[name], each["slug"]) for each in body["results"]]
        url, previous = body["next"], body["previous"]
    assert len(seen) == len(set(seen)) == 120
    values = [value for value, _ in seen]
    assert values == sorted(values, reverse=sort.startswith("-"))
    back = client.get(str(previous)).json()
    assert [each["slug"] for each in back["results"]] == [slug for _, slug in seen[50:100]]
    first = client.get(back["previous"]).json()
    assert [each["slug"] for each in first["results"]] == [slug for _, slug in seen[:50]]
    assert first["previous"] is None


def test_what_was_added_or_changed_since(client: Client) -> None:
    old, new = snapshot(), snapshot()
    with time_machine.travel(NOON, tick=False):
        put_entry(old)
        put_entry(new)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        put_entry(snapshot(slug=old.slug, region="London"))
    since = [each["slug"] for each in results(client, "updated_since=2026-03-02T12:00:01Z")]
    assert since == [old.slug]
    assert [each["slug"] for each in results(client, "updated_since=2026-03-02T12:00:00%2B00:00")] == [
        new.slug,
        old.slug,
    ]
    assert results(client, "updated_since=2026-03-04") == []
    assert results(client, "updated_since=2026-03-02T12:00:01Z&status=complied") == []


@pytest.mark.parametrize(
    "since", ["soon", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "1e9", "%00", "2026-02-30"]
)
def test_a_moment_that_is_none_is_named(client: Client, since: str) -> None:
    answer = client.get(f"{LIST}?updated_since={since}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["updated_since"])


def test_an_answer_states_licence_and_revision(client: Client) -> None:
    entry()
    entry()
    body = client.get(LIST).json()
    assert (body["licence"], body["revision"]) == ("OGL-UK-3.0", 2)
    assert {each["licence"] for each in body["results"]} == {"OGL-UK-3.0"}


def test_head_is_answered_without_a_body(client: Client) -> None:
    entry()
    answer = client.head(LIST)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == client.get(LIST)["ETag"]


def test_an_entry_with_its_document_says_where_it_is(client: Client) -> None:
    made = put_entry(snapshot(), document=b"%PDF")
    document = client.get(f"{LIST}{made.slug}/").json()["document"]
    assert client.get(document["url"].removeprefix("http://localhost:8000")).status_code == 200
    assert document["size"] == 4


def test_a_former_address_leads_on_and_a_removed_entry_is_gone(client: Client) -> None:
    made, gone = entry(), entry()
    Address.objects.create(slug="former", entry=made)
    moved = client.get(f"{LIST}former/")
    assert (moved.status_code, moved["Location"]) == (301, f"http://testserver{LIST}{made.slug}/")
    remove_entry(gone.slug)
    answer = client.get(f"{LIST}{gone.slug}/")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert gone.employer_name not in answer.content.decode()
    assert client.get(f"{LIST}never-there/").status_code == 404


def test_changes_are_told_by_number_and_removals_by_address_alone(client: Client) -> None:
    said = snapshot()
    put_entry(said)
    put_entry(snapshot(slug=said.slug, employer_name=said.employer_name, region="London"))
    gone = entry(employer_name="Gone Trust")
    remove_entry(gone.slug)
    body = client.get(f"{LIST}changes/").json()
    assert [(each["number"], each["kind"]) for each in body["results"]] == [
        (1, "added"),
        (2, "changed"),
        (3, "added"),
        (4, "removed"),
    ]
    assert (body["revision"], body["next"]) == (4, None)
    assert "region" in body["results"][1]["fields"]
    assert [each["url"] is None for each in body["results"]] == [False, False, True, True]
    assert "Gone Trust" not in str(body)
    assert [each["number"] for each in client.get(f"{LIST}changes/?after=3").json()["results"]] == [4]


def test_changes_lead_on_through_all(client: Client) -> None:
    for _ in range(120):
        entry()
    url, seen = f"{LIST}changes/", []
    while url:
        with CaptureQueriesContext(connection) as captured:
            body = client.get(url).json()
        assert len(captured) <= 4
        seen += [each["number"] for each in body["results"]]
        url = body["next"]
    assert seen == list(range(1, 121))


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 19, "9" * 5000, "%00", "\u0663"])
def test_a_number_that_is_none_is_named(client: Client, after: str) -> None:
    answer = client.get(f"{LIST}changes/", {"after": after})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["after"])


def test_one_address_may_call_so_often_where_there_is_redis(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry()
    settings.API_READS_A_MINUTE = 2
    counts: dict[str, int] = {}

    def counted(key: str, *, seconds: int) -> int:
        counts[key] = counts.get(key, 0) + 1
        return counts[key]

    monkeypatch.setattr(throttling, "counted", counted)
    settings.REDIS_URL = ""
    assert [client.get(LIST).status_code for _ in range(3)] == [200, 200, 200]
    settings.REDIS_URL = "redis://127.0.0.1:6379/"
    answers = [client.get(LIST) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert "s-maxage" not in answers[-1].get("Cache-Control", "")
    tag = answers[0]["ETag"]
    assert client.get(LIST, headers={"if-none-match": tag}).status_code == 304  # and costs nothing
