"""The register's pages: for anybody, from public tables only, in few queries, whatever is typed."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import enforcement.register
from tests.register.entries import cited, entry

pytestmark = pytest.mark.usefixtures("provisions")

NONSENSE = [
    "q=%00",
    "q=" + "x" * 5000,
    "q=%27%22%3B--",
    "q=%F0%9F%92%A9",
    "q=%FF%FE",
    "q=(((((",
    "q=6(5",
    "q=%25_%25",
    "year=soon",
    "year=99999999999999999999",
    "year=-1",
    "year=2021.5",
    "year=1e9",
    "year=%00",
    "type=caution",
    "type=%00",
    "status=gone",
    "modality=astrology",
    "regulation=6(5)(a",
    "regulation=everything",
    "regulation=%00",
    "regulation=%25s",
    "regulation=50%25",
    "regulation=" + "6(5)(a)," * 50,
    "page=last",
    "page=0",
    "page=-3",
    "page=99999999999999999999",
    "page=1.5",
    "page=%00",
    "q=a&q=b&year=2025&year=x",
    "unknown=1&__proto__=2",
]


def _names(html: str) -> list[str]:
    return re.findall(r'<h3 class="govuk-summary-card__title">\s*<a[^>]*>([^<]*)</a>', html)


def _list(client: Client, query: str = "") -> str:
    response = client.get(f"/register/?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("query", NONSENSE)
def test_no_query_string_breaks_the_list(client: Client, query: str) -> None:
    entry()
    assert "Enforcement register" in _list(client, query)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year=soon", "must be a whole number"),
        ("type=caution", "Select a valid choice"),
        ("regulation=everything", "Cannot read"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_box_and_kept(client: Client, query: str, said: str) -> None:
    html = _list(client, query)
    assert "There is a problem" in html
    assert html.count(said) == 2
    if not query.startswith("type"):
        assert f'value="{query.split("=")[1]}"' in html


def test_filters_find_what_they_say(client: Client) -> None:
    entry(employer_name="Alder", location="North Wing", citations=cited("8(4)(a)(ii)"), modality="")
    entry(
        employer_name="Birch",
        status="complied",
        complied_on=None,
        served_on="2023-05-01",
        breach_on="2023-04-01",
    )
    entry(employer_name="Cedar", notice_type="prohibition_immediate", description="Stop the scanner.")
    for query, found in {
        "": {"Alder", "Birch", "Cedar"},
        "q=alder": {"Alder"},
        "q=north+wing": {"Alder"},
        "q=scanner": {"Cedar"},
        "q=8(4)": {"Alder"},
        "regulation=8(4)": {"Alder"},
        "regulation=6(5)b": {"Birch", "Cedar"},
        "regulation=6": {"Birch", "Cedar"},
        "regulation=1": set(),
        "year=2023": {"Birch"},
        "status=complied": {"Birch"},
        "type=prohibition_immediate": {"Cedar"},
        "modality=radiotherapy": {"Birch", "Cedar"},
        "q=nothing+like+it": set(),
    }.items():
        assert set(_names(_list(client, query))) == found, query


def test_the_list_is_paged_and_keeps_its_filters(client: Client) -> None:
    for number in range(25):
        entry(employer_name=f"Trust {number}", served_on="2024-01-01", breach_on="2024-01-01")
    assert len(_names(_list(client, "year=2024"))) == 20
    second = _list(client, "year=2024&page=2")
    assert len(_names(second)) == 5
    assert "year=2024" in second


@pytest.mark.parametrize("size", [3, 60])
def test_the_list_takes_few_queries_at_any_size(client: Client, size: int) -> None:
    for _ in range(size):
        entry()
    with CaptureQueriesContext(connection) as captured:
        _list(client, "q=6(5)(b)&regulation=17&year=2025")
    assert len(captured) <= 3


def test_an_entry_shows_everything_public(client: Client) -> None:
    made = entry(description="<script>alert(1)</script>", source_url="https://example.invalid/notice")
    response = client.get(made.get_absolute_url())
    html = response.content.decode()
    assert "<script>alert(1)" not in html
    for shown in (made.employer_name, "10 January 2025", "regulation 6(5)(b)", "AB1 2CD", "invented"):
        assert shown in html
    assert client.get("/register/nothing-here/").status_code == 404


def test_the_pages_only_read(client: Client) -> None:
    assert client.post("/register/").status_code == 405
    assert client.post(entry().get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    "path", ["/register/?q=6(5)(b)", "/register/{slug}/", "/api/v1/register/", "/api/v1/register/{slug}/"]
)
def test_the_public_reads_public_tables_only(client: Client, path: str) -> None:
    made = entry()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path.format(slug=made.slug)).status_code == 200
    tables: set[str] = set()
    for query in captured.captured_queries:
        tables.update(re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"]))
    assert tables
    assert {table for table in tables if not table.startswith("register_")} == set()


def test_the_register_imports_no_case() -> None:
    allowed = (
        "enforcement.register",
        "regulator.accounts.policies",
        "regulator.accounts.throttling",
        "regulator.legislation",
        "regulator.clock",
        "regulator.frontend",
        "regulator.sheets",
    )
    ours = ("enforcement", "inspections", "notifications", "regulator")
    found: list[str] = []
    for module in Path(enforcement.register.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [
                name
                for name in names
                if name.split(".")[0] in ours and name != "regulator" and not name.startswith(allowed)
            ]
    assert found == []
