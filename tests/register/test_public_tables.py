"""Every public route of the register reads the register's own tables, and no other.

The routes are taken from the portal's own table of routes: whatever the register's package serves, a page,
the API, a feed or an export, is asked here by itself once it is routed, and fails here until it can be
reached.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from enforcement.register.models import Address, RegisterEntry
from enforcement.register.services import put_entry, remove_entry
from tests.register.entries import entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions")

PACKAGE: Final = "enforcement.register."
_NAMED: Final = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_][a-z0-9_]*)"?', re.IGNORECASE)
_NOT_TABLES: Final = {"select", "found", "ahead", "passed", "walked"}
"""What stands after FROM and is a subquery's own name."""
_FUNCTIONS: Final = {"register_gathered", "register_counted"}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        path = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _routes(each, path)
        elif isinstance(each, URLPattern):
            yield path, each


def _served() -> list[str]:
    """The patterns of all routes whose view stands in the register's package."""
    found = []
    for path, route in _routes(get_resolver()):
        view = getattr(route.callback, "cls", None) or getattr(route.callback, "view_class", route.callback)
        module = getattr(view, "__module__", "") or type(view).__module__
        if module.startswith(PACKAGE) or f"{module}.".startswith(PACKAGE):
            found.append(path)
    return found


ROUTES: Final = _served()


def _address(pattern: str, parts: dict[str, str]) -> str:
    """The address of a pattern, its parts filled in from what stands on the register."""
    kinds = {"employers": "employer", "places": "place", "regions": "region", "regulations": "regulation"}
    section = pattern.removeprefix("register/").lstrip("^").partition("/")[0]
    path = re.sub(r"\(\?P<version>[^)]*\)|<str:version>", "v1", pattern)
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\)|\[[^\]]*\])*\)", r"<\1>", path)
    path = path.replace("<slug:", "<").replace("<str:", "<").replace("<int:", "<").replace("<path:", "<")
    path = path.replace("<key>", parts[kinds.get(section, "employer")])
    for name, value in parts.items():
        path = path.replace(f"<{name}>", value)
    return "/" + path.replace("^", "").replace(r"\Z", "").replace("$", "").replace("\\.", ".")


def _parts(made: RegisterEntry) -> dict[str, str]:
    return {
        "slug": made.slug,
        "employer": made.employer_slug,
        "place": made.premises_slug,
        "region": "london",
        "regulation": "6(5)(b)",
        "form": "csv",
        "name": "pages",
    }


def _tables(queries: list[dict[str, str]]) -> set[str]:
    named = {name.lower() for query in queries for name in _NAMED.findall(query["sql"])}
    return named - _NOT_TABLES - _FUNCTIONS


def test_the_routes_of_the_register_are_found() -> None:
    assert "register/" in ROUTES
    assert any(path.startswith("api/") for path in ROUTES)
    assert len(ROUTES) >= 13


@pytest.mark.parametrize("pattern", ROUTES)
@pytest.mark.parametrize(
    "query", ["", "?q=invented+6(5)(b)&status=in_force&regulation=17&year=2025&region=london"]
)
def test_it_reads_the_registers_tables_alone(client: Client, pattern: str, query: str) -> None:
    said = snapshot(region="London")
    made = put_entry(said, document=b"%PDF-1.7")
    address = _address(pattern, _parts(made))
    assert "<" not in address, "a part of the address that this test cannot fill in"
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{address}{query}")
        content = b"".join(response) if response.streaming else response.content
    # Of one entry and of the changes nothing of that can be asked; said so, it reads no more tables.
    refuses = bool(query) and address.startswith(
        ("/api/v1/register/changes/", f"/api/v1/register/{made.slug}/")
    )
    assert response.status_code == (400 if refuses else 200), (address, content[:200])
    tables = _tables(captured.captured_queries)
    assert {each for each in tables if not each.startswith("register_")} == set()


_OF_ONE: Final = [
    each for each in ROUTES if "slug" in each and not each.startswith(("register/enforcement-", "sitemap-"))
]


@pytest.mark.parametrize("pattern", _OF_ONE)
def test_so_it_does_of_what_was_removed_or_never_was(client: Client, pattern: str) -> None:
    made = entry()
    remove_entry(made.slug)
    assert Address.objects.filter(slug=made.slug, entry=None).exists()
    for slug in (made.slug, "never-was"):
        with CaptureQueriesContext(connection) as captured:
            status = client.get(_address(pattern, _parts(made) | {"slug": slug})).status_code
        assert status in (404, 410)
        assert {
            each for each in _tables(captured.captured_queries) if not each.startswith("register_")
        } == set()


def test_a_table_of_another_is_seen() -> None:
    """The test itself: it knows the statements that it watches for."""
    put_entry(replace(snapshot(), served_on=date(2025, 1, 10)))
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM casework_case JOIN organisations_employer ON true LIMIT 1")
    assert _tables(captured.captured_queries) == {"casework_case", "organisations_employer"}
