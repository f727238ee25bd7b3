"""How many notifications a second pass through the services, beside what bare rows cost. By ``make bench``.

The floor is inserting, one by one and through the ORM alone, as many rows as the steps wrote: no rule, no
lock, no event chained. The aim is 50 notifications a second on SQLite. The processor's time is measured,
which a busy machine blurs less than the clock's.
"""

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from time import perf_counter, process_time

import pytest
from django.core.management import call_command
from django.db import connection

import enforcement
from enforcement.year.load import load_year
from enforcement.year.world import Step
from regulator.organisations.models import Employer, Membership, Site

FOLDER = Path(enforcement.__file__).parent / "data" / "years" / "2023-24"
MOST_TIMES_THE_FLOOR = 40
"""Per row written: a step also reads, locks, checks, updates and chains."""


def rows_held() -> int:
    with connection.cursor() as cursor:
        total = 0
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            total += cursor.fetchone()[0]
    return total


def bare_inserts(rows: int) -> float:
    """Seconds of processor time for ``rows`` plain saves of a row with seven columns."""
    employer = Employer.objects.create(key="bench", name="Bench (invented)", type="nhs_acute")
    history = Site.history.model
    site = Site.objects.create(employer=employer, key="bench-0", name="Site")
    plain = {"key": "k", "name": "n", "history_date": site.history.first().history_date, "history_type": "+"}
    started = process_time()
    for number in range(rows):
        history(id=number, employer=employer, **plain).save(force_insert=True)
    return process_time() - started


@pytest.mark.django_db
def test_load_year_speed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference_data", stdout=StringIO())
    measured: dict[str, float] = {}

    def timed(steps: list[Step]) -> Iterable[Step]:
        measured["rows"] = rows_held()
        measured["wall"], measured["processor"] = perf_counter(), process_time()
        yield from steps
        measured["processor"] = process_time() - measured["processor"]
        measured["wall"] = perf_counter() - measured["wall"]
        measured["rows"] = rows_held() - measured["rows"]

    loaded = load_year(FOLDER, progress=timed)
    floor = bare_inserts(2000) / 2000 * measured["rows"]
    ratio = measured["processor"] / floor
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{loaded.notifications} notifications (and all inspections and notices) through the services: "
            f"{loaded.notifications / measured['processor']:.0f} a second of processor time "
            f"({measured['processor']:.1f} s; {measured['wall']:.1f} s by the clock); "
            f"{ratio:.1f} times the bare inserts of the {measured['rows']:.0f} rows ({floor:.1f} s)"
        )
    assert Membership.objects.exists()
    assert ratio < MOST_TIMES_THE_FLOOR
