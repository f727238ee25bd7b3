"""How fast the register is given out: its file beside ``COPY``, pages of the API beside their bare SQL, and
what it costs to hear that nothing changed. All ratios are of one run.

With ``DATABASE_URL`` on PostgreSQL at 10,000 and 1,000,000 entries; on SQLite at a hundredth of that, where
only memory and the number of queries are held to anything. Minutes lie between the two sizes, so a page's
growth is that over the floor timed in turns with it: the same request for what stands nowhere.
"""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register import exports
from enforcement.register.asked import every_entry
from enforcement.register.columns import COLUMNS
from enforcement.register.models import RegisterEntry, Revision
from tests.benchmarks.register_entries import fill_register

POSTGRESQL: Final = connection.vendor == "postgresql"
SIZES: Final = (10_000, 1_000_000) if POSTGRESQL else (100, 10_000)
ROUNDS: Final = 9
LEAST_OF_COPY: Final = 1 / 4
MOST_OF_SQL: Final = 3
MOST_GROWTH: Final = 1.5
MOST_MEMORY: Final = 4_000_000
"""Bytes at any moment, whatever the number of rows."""
_FACTS: Final = ["instrument", "reference", "citation", "heading", "in_force_from", "in_force_to"]
_PROVISIONS: Final = (
    "(SELECT jsonb_agg(jsonb_build_object("
    + ", ".join(f"'{each}', c.{each}" for each in _FACTS)
    + ") ORDER BY c.position, c.id) FROM register_citation c WHERE c.entry_id = e.id)"
)
_SELECT: Final = f"SELECT e.*, d.sha256, d.size, {_PROVISIONS} FROM register_registerentry e LEFT JOIN register_document d ON d.entry_id = e.id"  # noqa: E501
_NEWEST: Final = "ORDER BY e.served_on DESC, e.id DESC LIMIT 51"
BY_HAND: Final = {
    "": f"{_SELECT} {_NEWEST}",
    "?status=complied": f"{_SELECT} WHERE e.status = 'complied' {_NEWEST}",
    "?year=2024": f"{_SELECT} WHERE e.served_on >= '2024-01-01' AND e.served_on < '2025-01-01' {_NEWEST}",
    "?sort=-updated_at": (
        f"{_SELECT} JOIN register_entrytext t ON t.entry_id = e.id"
        " ORDER BY t.changed DESC, e.id DESC LIMIT 51"
    ),
}
"""Addresses of pages, and the SQL that answers the same rows."""
SEARCHED: Final = (
    "?q=calibration",
    "?q=brachytherapy",
    "?regulation=15(2)&sort=served_on",
    "?sort=updated_at&updated_since=2020-01-01",
)
"""Addresses of which only the growth is measured: what by hand would be the index of words again. Each fills
its page at both sizes."""
FLOOR: Final = "?q=xylophone"

pytestmark = pytest.mark.django_db


def refill(size: int) -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("register_") and not table.startswith("register_snapshots"):
                cascade = "TRUNCATE {} CASCADE" if POSTGRESQL else "DELETE FROM {}"
                if table.startswith("register_entrytext_"):
                    continue  # the index of words, which belongs to its table
                cursor.execute(cascade.format(table))
    fill_register(size)


def seconds(*deeds: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The least that each took, after one to warm up; they take turns, and what else the machine does only
    ever adds."""
    times = [[_timed(deed) for deed in deeds] for _ in range(rounds + 1)]
    return [min(each) for each in zip(*times[1:], strict=True)]


def _timed(deed: Callable[[], object]) -> float:
    started = perf_counter()
    deed()
    return perf_counter() - started


def rows_of(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def copied(sql: str) -> int:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy:
        return sum(len(row) for row in copy)


def peak(pieces: Iterable[bytes]) -> int:
    """The most memory that Python held while the pieces passed."""
    tracemalloc.start()
    for _ in pieces:
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def some(pieces: Iterator[bytes], rows: int) -> Iterator[bytes]:
    return islice(pieces, rows // 250 + 1)


def page_sql(client: Client, query: str) -> list[str]:
    """The statements by which the API finds and reads the page's entries."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/v1/register/{query}").status_code == 200
    return [each["sql"] for each in captured.captured_queries if "register_revision" not in each["sql"]]


def run_all(statements: list[str]) -> int:
    """How many rows the last of them answers."""
    return [len(rows_of(each)) for each in statements][-1]


def middle(client: Client) -> str:
    """The query of a page that begins after half of the register."""
    days = RegisterEntry.objects.order_by("served_on").values_list("served_on", "pk")
    day, key = days[RegisterEntry.objects.count() // 2]
    return f"?cursor={day.isoformat()}.{key}"


def test_the_open_data_at_both_sizes(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = [connection.vendor]
    pages: dict[str, list[tuple[float, float]]] = {}
    memory: dict[str, list[int]] = {}
    too_slow: list[str] = []
    for size in SIZES:
        refill(size)
        for query in [*BY_HAND, *SEARCHED, "the middle"]:
            address = middle(client) if query == "the middle" else query
            whole, floor = seconds(
                *(partial(client.get, f"/api/v1/register/{each}") for each in (address, FLOOR))
            )
            pages.setdefault(query, []).append((whole, floor))
            if POSTGRESQL and query in BY_HAND:
                ours, theirs = page_sql(client, address), BY_HAND[query]
                assert run_all(ours) == len(rows_of(theirs)) - 1
                own, by_hand = seconds(partial(run_all, ours), partial(rows_of, theirs))
                ratio = own / by_hand
                told.append(f"{size:,} {query or 'first page'}: {ratio:.2f} times the SQL by hand")
                too_slow += [told[-1]] if ratio > MOST_OF_SQL else []
        memory.setdefault("CSV", []).append(peak(exports.written_csv(every_entry())))
        lines = exports.FORMATS["jsonl"].written(every_entry())
        memory.setdefault("JSON Lines", []).append(peak(some(lines, min(size, 100_000))))
        nothing_changed(client)
    if POSTGRESQL:
        share = share_of_copy()
        told.append(f"CSV of {SIZES[1]:,}: {share:.2f} of the rate of COPY of the same columns in that order")
        too_slow += [told[-1]] if share < LEAST_OF_COPY else []
    for query, ((small, its_floor), (large, floor)) in pages.items():
        growth = (large / floor) / (small / its_floor)
        told.append(
            f"{query or 'first page'}: {small * 1000:.1f} and {large * 1000:.1f} ms, {growth:.2f} times"
        )
        too_slow += [told[-1]] if POSTGRESQL and growth > MOST_GROWTH else []
    for form, most in memory.items():
        told.append(f"{form}: {most[0] // 1000:,} and {most[1] // 1000:,} kB at most")
        too_slow += [told[-1]] if most[1] > MOST_MEMORY else []
    with capsys.disabled():
        print("", *told, sep="\n")  # noqa: T201
    assert too_slow == []


def share_of_copy() -> float:
    """Of the rate at which PostgreSQL alone copies the same columns in the same order, the export's."""
    plain = [column.path for column in COLUMNS if column.path in _fields()]
    by_hand = f"SELECT {', '.join(plain)} FROM register_registerentry ORDER BY served_on DESC, id DESC"
    copy, own = seconds(
        lambda: copied(by_hand), lambda: sum(map(len, exports.written_csv(every_entry()))), rounds=2
    )
    return copy / own


def _fields() -> set[str]:
    return {field.attname for field in RegisterEntry._meta.concrete_fields}


def nothing_changed(client: Client) -> None:
    """Who has the present answer hears so from one row, which is not an entry's."""
    tag = client.get("/api/v1/register/")["ETag"]
    assert Revision.objects.count() == 1
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/api/v1/register/", headers={"if-none-match": tag})
    assert answer.status_code == 304
    [asked] = captured.captured_queries
    assert "register_registerentry" not in asked["sql"]
