"""How fast the register is searched, filtered and walked: at 10,000 entries and at 1,000,000 on
PostgreSQL, in one run, beside the SQL that somebody would write by hand for the same rows.

On SQLite, which is for a register of some thousands, the sizes are a twentieth, and only growth is looked at.
Times are the best of several, because what else the machine does only ever adds to them. Minutes lie between
the two sizes, so growth is that of a request over the floor timed in turns with it: the same page where
nothing is found, which reads no entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.filters import ListFilter
from enforcement.register.paging import Place, read_place
from enforcement.register.queries import listed
from tests.benchmarks.register_entries import fill_register

ROUNDS: Final = 7
FLOOR: Final = "q=xylophone"
MOST_TIMES_BY_HAND: Final = 3
MOST_GROWTH: Final = 1.5
MOST_GROWTH_ON_SQLITE: Final = 10
MOST_QUERIES: Final = 6
WORDS: Final = {
    "the whole, newest": ("", "true"),
    "the whole, recently changed": ("sort=changed", "true"),
    "the whole, near its end": ("after=2018-03-20.5", "(served_on, entry_id) < ('2018-03-20', 5)"),
    "a word in half of all": ("q=calibration", "vector @@ 'calibration'"),
    "a word in one of ten": ("q=dosimetry", "vector @@ 'dosimetry'"),
    "a word in one of a hundred": ("q=brachytherapy", "vector @@ 'brachytherapy'"),
    "a word in one of a thousand": ("q=phantom", "vector @@ 'phantom'"),
    "a word in one of ten thousand": ("q=collimator", "vector @@ 'collimator'"),
    "a common word, near the end": (
        "q=calibration&after=2018-03-20.5",
        "vector @@ 'calibration' AND (served_on, entry_id) < ('2018-03-20', 5)",
    ),
    "a word, by employer": ("q=dosimetry&sort=employer", "vector @@ 'dosimetry'"),
    "a year": ("year=2021", "served_on BETWEEN '2021-01-01' AND '2021-12-31'"),
    "a word in a year": (
        "q=calibration+2021",
        "vector @@ 'calibration' AND served_on BETWEEN '2021-01-01' AND '2021-12-31'",
    ),
    "a regulation": ("regulation=15(2)", "vector @@ '_cites_15_2'"),
    "a status": ("status=in_force", "vector @@ '_status_in_force'"),
    "an employer": ("q=employer+7", ""),
    "a word that stands nowhere": ("q=xylophone", ""),
}
"""What is asked for, and the condition that somebody would write by hand; none where it would not be
alike."""
SEVERAL: Final = {
    "two words that never meet": ("q=evens+odds", "vector @@ '''evens'' & ''odds'''"),
    "a word and a status": (
        "q=dosimetry&status=in_force",
        "vector @@ '''dosimetry'' & ''_status_in_force'''",
    ),
    "four filters": (
        "type=improvement&status=in_force&region=london&modality=radiotherapy",
        "vector @@ '''_type_improvement'' & ''_status_in_force'' & ''_region_london'' & "
        "''_modality_radiotherapy'''",
    ),
}
"""Several things that are each common: all of one index must be read to count them (decision 29), so these
are held to the SQL by hand alone."""
ORDER: Final = {
    "changed": "changed DESC, entry_id DESC",
    "employer": "employer, served_on DESC, entry_id DESC",
}


@dataclass(frozen=True)
class Measured:
    """Seconds: of the whole request, of the floor beside it, of the reads behind it, and of the SQL by hand
    (0 where there is none)."""

    request: float
    floor: float
    reads: float
    by_hand: float
    queries: int

    def growth_since(self, few: "Measured") -> float:
        return (self.request / self.floor) / (few.request / few.floor)


def best(*deeds: Callable[[], object]) -> list[float]:
    """The least time that each took of some rounds, in which they take turns."""
    rounds = [[_timed(do) for do in deeds] for _ in range(ROUNDS + 1)]
    return [min(times) for times in zip(*rounds[1:], strict=True)]


def _timed(do: Callable[[], object]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


def by_hand(condition: str, order: str) -> None:
    """The rows of a page, their citations, and how many there are up to 10,001."""
    by = ORDER.get(order, "served_on DESC, entry_id DESC")
    everything = condition.partition(" AND (served_on, entry_id)")[0]
    everything = "true" if everything.startswith("(served_on, entry_id)") else everything
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT entry.* FROM (SELECT * FROM register_entrytext WHERE {condition} ORDER BY {by} LIMIT 21)"
            f" AS t JOIN register_registerentry AS entry ON entry.id = t.entry_id ORDER BY {by}"
        )
        keys = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT * FROM register_citation WHERE entry_id = ANY(%s)", [keys])
        cursor.fetchall()
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM register_entrytext WHERE {everything} LIMIT 10001) AS found"
        )
        cursor.fetchall()


def measured(client: Client, query: str, condition: str) -> Measured:
    filterset = ListFilter(QueryDict(query), employer_types=[])
    key = read_place(QueryDict(query).get("after", ""), filterset.order)
    place = Place(key) if key else None
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/register/?{query}").status_code == 200
        queries = len(captured)  # the next request clears the log
    is_alike = bool(condition) and connection.vendor == "postgresql"
    request, floor = best(
        lambda: client.get(f"/register/?{query}"), lambda: client.get(f"/register/?{FLOOR}")
    )
    reads, theirs = best(
        lambda: listed(filterset.wanted, filterset.order, place),
        lambda: by_hand(condition, filterset.order) if is_alike else None,
    )
    return Measured(request, floor, reads, theirs if is_alike else 0, queries)


def test_register_speed(transactional_db: None, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    on_postgresql = connection.vendor == "postgresql"
    sizes = (10_000, 1_000_000) if on_postgresql else (500, 5_000)
    found: list[dict[str, Measured]] = []
    for size in sizes:
        empty()
        fill_register(size)
        found.append({name: measured(client, *asked) for name, asked in (WORDS | SEVERAL).items()})
    small, large = found
    lines = [f"{connection.vendor}, {sizes[0]:,} entries, then {sizes[1]:,}"]
    for name in small:
        few, many = small[name], large[name]
        lines.append(
            f"{name:30} {few.request * 1000:6.1f} ms, then {many.request * 1000:6.1f}"
            f" ({many.growth_since(few):.2f} times over its floor); reads {many.reads * 1000:6.1f} ms, by"
            f" hand {many.by_hand * 1000:7.1f}; {many.queries} queries"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201
    for name, many in large.items():
        assert many.queries <= MOST_QUERIES, name
        if many.by_hand:
            assert many.reads < MOST_TIMES_BY_HAND * many.by_hand, name
        if name in WORDS or not on_postgresql:
            most = MOST_GROWTH if on_postgresql else MOST_GROWTH_ON_SQLITE
            assert many.growth_since(small[name]) < most, name


def empty() -> None:
    """Take everything off the register, as a test may and nobody else can."""
    tables = (
        "word",
        "indexline",
        "provisiontext",
        "change",
        "revision",
        "citation",
        "entrytext",
        "registerentry",
    )
    with connection.cursor() as cursor:
        for each in tables:
            cursor.execute(f"DELETE FROM register_{each}")
