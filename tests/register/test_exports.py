"""The register as files: whole, of any filter, streamed, and safe to open."""

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from enforcement.register import exports
from enforcement.register.columns import COLUMNS
from enforcement.register.models import RegisterEntry, Revision
from enforcement.register.records import FIELDS
from enforcement.register.services import put_entry, remove_entry
from regulator.sheets import csv_lines
from tests.register.entries import cited, entry, snapshot
from tests.register.test_pages import NONSENSE

pytestmark = pytest.mark.usefixtures("provisions")
FORMS = ("csv", "jsonl", "ods")
FILE = "/register/enforcement-register."


def body(client: Client, form: str, query: str = "") -> bytes:
    answer: Any = client.get(f"{FILE}{form}?{query}")
    assert answer.status_code == 200
    written: bytes = answer.getvalue()
    return written


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    text = body(client, "csv", query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_holds_every_column_with_citations_and_timeline(client: Client) -> None:
    made = put_entry(snapshot(complied_on=date(2025, 2, 1), status="complied"), document=b"%PDF-1.7")
    [row] = rows(client)
    assert list(row) == [column.name for column in COLUMNS]
    assert row["slug"] == made.slug
    assert row["address"].endswith(f"/register/{made.slug}/")
    assert row["provisions"] == "IR(ME)R 2017 regulation 6(5)(b); IR(ME)R 2017 regulation 17(4)"
    assert row["timeline"] == "2025-01-10 Notice served"
    assert (row["served_on"], row["complied_on"]) == ("2025-01-10", "2025-02-01")
    assert (row["employer_is_invented"], row["version"], row["licence"]) == ("true", "1", "OGL-UK-3.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["updated_at"])
    assert len(row["document_sha256"]) == 64
    assert (row["region"], row["source_url"]) == ("", "")


def test_a_line_of_json_is_what_the_api_says(client: Client) -> None:
    made = put_entry(snapshot(), document=b"%PDF-1.7")
    put_entry(snapshot(citations=(), timeline=(), description="Café\u2028and more"))
    told = [json.loads(line) for line in body(client, "jsonl").decode().split("\n")[:-1]]
    assert len(told) == 2
    for each in told:
        assert list(each) == list(FIELDS)
        assert client.get(f"/api/v1/register/{each['slug']}/").json() == each
    [found] = [each for each in told if each["slug"] == made.slug]
    assert found["document"]["size"] == 8
    assert [each["reference"] for each in found["provisions"]] == ["6(5)(b)", "17(4)"]


def test_ods_holds_the_same_rows(client: Client) -> None:
    made = entry(employer_name="=Alder & <Sons>")
    with zipfile.ZipFile(io.BytesIO(body(client, "ods"))) as package:
        content = package.read("content.xml").decode()
    assert "=Alder &amp; &lt;Sons&gt;" in content
    assert made.slug in content
    assert 'office:date-value="2025-01-10"' in content


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_what_it_is_and_under_which_licence(client: Client, form: str) -> None:
    entry()
    answer = client.get(f"{FILE}{form}")
    number = Revision.objects.get().number
    name = answer["Content-Disposition"]
    assert re.fullmatch(
        rf'attachment; filename="enforcement-register-\d{{4}}-\d\d-\d\d-r{number}\.{form}"', name
    )
    assert 'open-government-licence/version/3/>; rel="license"' in answer["Link"]
    assert "-part-" in client.get(f"{FILE}{form}?year=2025")["Content-Disposition"]
    head = client.head(f"{FILE}{form}")
    assert (head.status_code, head["Content-Type"], head.content) == (200, answer["Content-Type"], b"")


@pytest.mark.parametrize("form", FORMS)
def test_a_file_holds_what_fits_the_filters(client: Client, form: str) -> None:
    entry(employer_name="Alder", citations=cited("7"))
    entry(employer_name="Birch", served_on=date(2023, 5, 1), breach_on=date(2023, 4, 1), timeline=())
    for query, inside, outside in (
        ("year=2023", "Birch", "Alder"),
        ("regulation=7", "Alder", "Birch"),
        ("q=alder", "Alder", "Birch"),
    ):
        written = body(client, form, query)
        if form == "ods":
            with zipfile.ZipFile(io.BytesIO(written)) as package:
                written = package.read("content.xml")
        assert inside.encode() in written
        assert outside.encode() not in written


def test_nothing_that_fits_is_a_file_without_rows(client: Client) -> None:
    entry()
    assert rows(client, "year=1999") == []
    assert body(client, "jsonl", "year=1999") == b""


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@cmd", "\tx", " =1", "\u00a0=1", "＝1", "\r=1", "\n=1"]
)
def test_no_text_is_taken_for_a_formula(client: Client, text: str) -> None:
    put_entry(snapshot(description=text, employer_name=f"{text} Trust"))
    [row] = rows(client)
    assert (row["description"], row["employer_name"]) == (f"'{text}", f"'{text} Trust")


@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_any_text_comes_back_from_the_file(client: Client, text: str) -> None:
    RegisterEntry.objects.all().delete()
    put_entry(snapshot(slug="the-one", description=text, citations=()))
    [row] = rows(client)
    assert row["description"] in (text, f"'{text}")
    assert json.loads(body(client, "jsonl"))["description"] == text


def test_every_way_of_writing_writes_the_same_bytes() -> None:
    """PostgreSQL copies, other databases are read row by row."""
    said = ("", "=1", 'a "quote", and more', "two\r\nlines\n", "\\.", "plain", " leading", "-é", "\u00a0=2")
    for text in said:
        put_entry(snapshot(description=text, region=text), document=b"%PDF")
    put_entry(snapshot(citations=(), timeline=(), compliance_due_on=None))
    every = RegisterEntry.objects.order_by("pk")
    written = b"".join(exports.written_csv(every))
    assert written == b"".join(csv_lines(exports._rows(every)))
    read = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [row["description"].removeprefix("'") for row in read[:-1]] == list(said)


def test_a_file_begins_before_the_register_was_read_and_takes_few_queries(client: Client) -> None:
    for form in FORMS:
        counts = []
        for _ in range(2):
            for _ in range(5):
                entry()
            with CaptureQueriesContext(connection) as captured:
                body(client, form)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 5, form


def test_a_spreadsheet_has_an_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = exports.Format("ods", "ODS", "application/x", exports._ods, 2)
    monkeypatch.setitem(exports.FORMATS, "ods", limited)
    for _ in range(2):
        entry()
    body(client, "ods")
    entry(served_on=date(2024, 1, 1), breach_on=date(2023, 1, 1))
    answer = client.get(f"{FILE}ods")
    assert answer.status_code == 400
    assert "at most 2 notices" in answer.content.decode()
    assert "enforcement-register.csv" in answer.content.decode()
    body(client, "ods", "year=2025")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", NONSENSE)
def test_no_query_string_breaks_a_file(client: Client, form: str, query: str) -> None:
    entry()
    answer = client.get(f"{FILE}{form}?{query}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        written = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert written or form == "jsonl", "a file without a row still names its columns"


@examples(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["q", "year", "type", "regulation", "modality", "cursor"]),
    value=st.text(max_size=40),
)
def test_nothing_typed_breaks_a_page_a_file_or_the_feed(client: Client, name: str, value: str) -> None:
    asked = f"{name}={quote(value.encode('utf-8', 'replace'))}"
    for path in ("download/", "enforcement-register.csv", "enforcement-register.jsonl", "feed.atom"):
        assert client.get(f"/register/{path}?{asked}").status_code in (200, 400, 404), path


def test_a_format_that_is_not_there(client: Client) -> None:
    assert client.get(f"{FILE}xlsx").status_code == 404


def test_the_download_page_keeps_the_filters_and_states_the_licence(client: Client) -> None:
    entry()
    html = client.get("/register/download/?year=2025&unknown=1").content.decode()
    assert "1 notice, with the filters" in html
    assert "enforcement-register.csv?year=2025" in html
    assert "feed.atom?year=2025" in html
    assert "Open Government Licence v3.0" in html
    refused = client.get("/register/download/?year=soon")
    assert refused.status_code == 400
    assert "must be a whole number" in refused.content.decode()


def test_the_columns_are_described_for_people_and_for_programs(client: Client) -> None:
    html = client.get("/register/columns/").content.decode()
    described = client.get("/register/columns.csvw.json").json()
    schema = client.get("/register/columns.schema.json").json()
    names = [column.name for column in COLUMNS]
    assert [each["name"] for each in described["tableSchema"]["columns"]] == names
    assert [each["name"] for each in schema["fields"]] == names
    assert all(f'id="{name}"' in html for name in names)
    assert described["dc:license"]["@id"] == schema["licenses"][0]["path"]


def test_what_the_schema_requires_is_there_and_choices_are_whole(client: Client) -> None:
    entry(region="", modality="")
    put_entry(snapshot(citations=(), timeline=(), reference=""))
    fields = client.get("/register/columns.schema.json").json()["fields"]
    for row in rows(client):
        for field in fields:
            value, rules = row[field["name"]], field["constraints"]
            assert value or not rules["required"], field["name"]
            assert not value or value in rules.get("enum", [value]), field["name"]


def test_a_removed_entry_is_in_no_file(client: Client) -> None:
    gone, stays = entry(employer_name="Gone Trust"), entry(employer_name="Stays Trust")
    remove_entry(gone.slug)
    assert [row["slug"] for row in rows(client)] == [stays.slug]
    assert b"Gone Trust" not in body(client, "jsonl")


def test_days_across_a_change_of_clocks_are_the_same_days(client: Client) -> None:
    """A day has no time zone: none may move to the day before."""
    last = date(2025, 3, 30)
    entry(served_on=last, breach_on=last - timedelta(1))
    assert rows(client)[0]["served_on"] == "2025-03-30"


def test_the_list_leads_to_what_can_be_done_with_it(client: Client) -> None:
    entry()
    html = client.get("/register/?type=improvement&q=alder").content.decode()
    for place in ("/register-alerts/", "/register/download/", "/register/feed.atom"):
        assert f'{place}?type=improvement&amp;q=alder"' in html
        assert client.get(f"{place}?type=improvement&q=alder").status_code == 200
