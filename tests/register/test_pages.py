"""The register's pages: for anybody, from public tables only, in few queries, whatever is typed."""

import ast
import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

import enforcement.register
from enforcement.register.filters import ListFilter
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
    "served_from=soon",
    "served_from=2025-02-30",
    "served_to=%00",
    "served_from=0001-01-01&served_to=9999-12-31",
    "served_from=2025-12-31&served_to=2025-01-01",
    "region=atlantis",
    "region=%00",
    "employer_type=%00",
    "employer_type=" + "x" * 500,
    "employer_type=%25",
    "sort=sideways",
    "sort=%00",
    "after=%00",
    "after=2025-01-10.99999999999999999999",
    "before=2025-01-10.1&after=2025-01-10.1",
    "before=x",
    "q=" + "a+" * 100,
    "q=%F0%90%80%80+%E2%84%A6+%C3%9F+%C4%B0",
    "q=1988+2100+9999+0000",
    "q=a%27b+c%22d+e%5Cf+-g+*h",
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
    return re.findall(r'portal-notice__name">\s*<a[^>]*>([^<]*)</a>', html)


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
        ("type=caution", "Type of notice must be one of those on the list"),
        ("region=atlantis", "Region must be one of those on the list"),
        ("regulation=everything", "Cannot read"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_box_and_kept(client: Client, query: str, said: str) -> None:
    html = _list(client, query)
    assert "There is a problem" in html
    assert html.count(said) == 2
    if not query.startswith(("type", "region")):
        assert f'value="{query.split("=")[1]}"' in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=" + "x" * 201, "Your search must be 200 characters or fewer."),
        ("q=%00", "Your search must only hold characters that can be typed."),
        ("type=foo", "Type of notice must be one of those on the list."),
        ("status=foo", "Status must be one of those on the list."),
        ("year=soon", "Year served must be a whole number, such as 2024."),
        ("year=99999", "Year served must be 2100 or earlier."),
        ("year=3", "Year served must be 1988 or later."),
        ("served_from=x", "Served on or after must be a day, such as 2024-05-31 or 31/5/2024."),
        ("served_to=%00", "Served on or before must be a day, such as 2024-05-31 or 31/5/2024."),
        ("employer_type=%C3%9F", "Employer type must be one of those on the list."),
        ("employer_type=" + "x" * 81, "Employer type must be 80 characters or fewer."),
        ("modality=foo", "Modality must be one of those on the list."),
        ("regulation=everything", "Regulation must be a citation, such as 6(5)(b)."),
        ("regulation=" + "6,%20" * 101 + "6", "Regulation must be 200 characters or fewer."),
        ("region=foo", "Region must be one of those on the list."),
        ("sort=bar", "Sort by must be one of those on the list."),
    ],
)
def test_what_cannot_be_read_names_its_field(client: Client, query: str, said: str) -> None:
    assert _list(client, query).count(said) == 2
    if not query.startswith("sort"):
        told = client.get(f"/register/feed.atom?{query}")
        assert (told.status_code, said in told.content.decode()) == (400, True)


def test_every_filter_names_itself_whatever_is_wrong() -> None:
    asked = dict.fromkeys(ListFilter(QueryDict(), employer_types=[]).form.fields, "\x00" + "<" * 700)
    form = ListFilter(QueryDict(urlencode(asked)), employer_types=[]).form
    assert set(form.errors) == set(form.fields)
    for name, errors in form.errors.items():
        label = "Your search" if name == "q" else str(form.fields[name].label)
        assert all(each.startswith(f"{label} must ") for each in errors)


def test_a_date_that_is_typed_finds_what_was_served_then(client: Client) -> None:
    breach = date(2023, 11, 1)
    entry(employer_name="Alder", breach_on=breach, served_on=date(2023, 11, 14))
    entry(employer_name="Birch", breach_on=breach, served_on=date(2023, 11, 30))
    for typed in ("14 November 2023", "14/11/2023", "2023-11-14"):
        html = _list(client, urlencode({"q": typed}))
        assert "Showing notices that were served on 14 November 2023." in html
        assert f"{typed} (served on 14 November 2023)" in html
        assert ("Alder" in html, "Birch" in html) == (True, False)
    html = _list(client, "q=birch+november+2023")
    assert "Showing notices that were served in November 2023 and hold “birch”." in html
    assert ("Alder" in html, "Birch" in html) == (False, True)


def test_the_filters_by_date_say_days_as_people_do(client: Client) -> None:
    entry(breach_on=date(2024, 2, 1), served_on=date(2024, 3, 1))
    html = _list(client, "served_from=2024-01-01&served_to=31/12/2024")
    assert "were served on or after 1 January 2024 and were served on or before 31 December 2024." in html
    assert html.count("1 January 2024") > 1
    assert html.count("31 December 2024") > 1


def test_filters_find_what_they_say(client: Client) -> None:
    entry(employer_name="Alder", location="North Wing", citations=cited("8(4)(a)(ii)"), modality="")
    entry(
        employer_name="Birch",
        status="complied",
        complied_on=None,
        served_on=date(2023, 5, 1),
        breach_on=date(2023, 4, 1),
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
        "q=north+birch": set(),
        "q=wing+2025+alder": {"Alder"},
        "q=alder+2024": set(),
        "q=AB1+2CD": {"Alder", "Birch", "Cedar"},
        "q=ab1": {"Alder", "Birch", "Cedar"},
        "q=ab2": set(),
        "q=ab12ce": set(),
        "q=reg+8(4)": {"Alder"},
        "q=cedar+reg.+6(5)b": {"Cedar"},
        "q=birches": set(),
        "q=scanners": {"Cedar"},
        "regulation=8(4)&regulation=17(4)": {"Alder", "Birch", "Cedar"},
        "regulation=8(4),+17(4)": {"Alder", "Birch", "Cedar"},
        "served_from=2024-01-01": {"Alder", "Cedar"},
        "served_to=1/5/2023": {"Birch"},
        "served_from=2023-05-02&served_to=2024-12-31": set(),
        "employer_type=nhs-acute-trust&year=2023": {"Birch"},
        "employer_type=dental": set(),
        "region=london": set(),
    }.items():
        assert set(_names(_list(client, query))) == found, query


@pytest.mark.parametrize("sort", ["newest", "oldest", "employer", "changed"])
def test_the_pages_lead_through_all_that_was_found_and_back(client: Client, sort: str) -> None:
    """In the same order both ways, each entry once, with days and names that repeat, and the filters kept."""
    for number in range(45):
        day = date(2024, 1, 1 + number // 9)
        entry(employer_name=f"Trust {number // 4:02}", slug=f"n-{number}", served_on=day, breach_on=day)
    entry(served_on=date(2023, 1, 1), breach_on=date(2023, 1, 1), slug="another-year")
    address = f"/register/?year=2024&sort={sort}"
    pages: list[list[str]] = []
    ends: list[str] = []
    while address:
        html = client.get(address).content.decode()
        pages.append(re.findall(r'href="/register/(n-\d+|another-year)/"', html))
        ends.append(html)
        address = _link(html, "next")
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({slug for page in pages for slug in page} - {"another-year"}) == 45
    back = client.get(_link(ends[-1], "prev")).content.decode()
    assert re.findall(r'href="/register/(n-\d+)/"', back) == pages[1]
    assert not _link(ends[0], "prev")


def _link(html: str, rel: str) -> str:
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*rel="{rel}"', html)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("place", ["2024-13-01.5", "2024-01-01", "2024-01-01.x", "x" * 500, "%00", "1.2.3.4"])
@pytest.mark.parametrize("sort", ["newest", "employer", "changed"])
def test_a_place_of_ones_own_shows_the_first_page(client: Client, place: str, sort: str) -> None:
    made = entry()
    assert made.employer_name in _list(client, f"after={place}&sort={sort}") or sort == "employer"


@pytest.mark.parametrize("size", [3, 60])
def test_the_list_takes_few_queries_at_any_size(client: Client, size: int) -> None:
    for _ in range(size):
        entry()
    with CaptureQueriesContext(connection) as captured:
        _list(client, "q=6(5)(b)&regulation=17&year=2025")
    assert len(captured) <= 6


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
        "regulator.registry",
        "regulator.sheets",
        "regulator.strict",
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
