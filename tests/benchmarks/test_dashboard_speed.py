"""How fast the public dashboard is over the totals of 10,000 notifications and of 1,000,000, and how long a
turn of counting takes beside them.

The totals are those of so many notifications over fifteen years, each modality, and every value of every
dimension; on SQLite, which is for some thousands, the larger is a tenth. Times are the best of several,
because what else the machine does only ever adds to them.
"""

from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator.statistics.totals.following import follow
from regulator.statistics.totals.models import Revision, Total
from tests.factories import Cast, notification_in
from tests.reference import ship_reference
from tests.totals.rows import put, spread

ROUNDS: Final = 9
MOST_GROWTH: Final = 1.5
MOST_QUERIES: Final = 8
MOST_SECONDS: Final = 0.5
"""Of one page on a busy machine; the time itself is printed."""
FROM, TO = date(2012, 4, 1), date(2026, 11, 20)
PAGES: Final = {
    "the page as it opens": "/statistics/",
    "a year that is over": "/statistics/?year=2025/26",
    "one modality of it": "/statistics/?year=2025/26&modality=radiotherapy",
    "the trend as CSV": "/statistics/tables/trend.csv",
    "a breakdown as JSON": "/statistics/tables/employer-type.json?year=2025/26",
}


def sizes() -> tuple[int, int]:
    return (10_000, 1_000_000) if connection.vendor == "postgresql" else (10_000, 100_000)


def best(do: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        started = perf_counter()
        do()
        times.append(perf_counter() - started)
    return min(times[1:])


def fill(number: int) -> None:
    Total.objects.all().delete()
    Revision.objects.all().delete()
    put(spread(number, FROM, TO), counted_on=TO)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def a_turn(cast: Cast) -> float:
    notification_in("submitted", cast=cast)
    started = perf_counter()
    assert follow() > 0
    return perf_counter() - started


@pytest.mark.django_db
def test_the_dashboard_is_as_fast_with_a_hundred_times_the_notifications(client: Client) -> None:
    ship_reference()
    cast = Cast()
    times: dict[int, dict[str, float]] = {}
    for size in sizes():
        fill(size)
        times[size] = {}
        for name, path in PAGES.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            assert len(captured) <= MOST_QUERIES
            times[size][name] = best(lambda path=path: client.get(path))  # type: ignore[misc]
        times[size]["a turn of counting"] = min(a_turn(cast) for _ in range(ROUNDS))
    small, large = sizes()
    print(f"\n{connection.vendor}: {Total.objects.count():,} totals of {large:,} notifications")  # noqa: T201
    for name, seconds in times[large].items():
        ratio = seconds / times[small][name]
        print(f"{name:>22}: {1000 * seconds:6.1f} ms, {ratio:.2f} of the time at {small:,}")  # noqa: T201
        assert ratio <= MOST_GROWTH, name
        assert seconds <= MOST_SECONDS, name
