"""How fast a whole report's figures are counted, beside one hand-written ``GROUP BY`` pass for each table.

With ``DATABASE_URL`` on PostgreSQL at 1,000,000 notifications over the year and the year before; on SQLite
at a fiftieth of that. The ratio is of the best of some rounds in one run.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulator.periods import reporting_year
from regulator.statistics.annual import AnnualReport, compose, tables_of
from tests.benchmarks.many_notifications import fill

POSTGRESQL: Final = connection.vendor == "postgresql"
SIZE: Final = 1_000_000 if POSTGRESQL else 20_000
ROUNDS: Final = 3
MOST_OF_SQL: Final = 2
MOST_QUERIES: Final = 20
YEAR: Final = reporting_year("2023/24")
BEFORE: Final = reporting_year("2022/23")

_COUNTED: Final = (
    "FROM notifications_notification v JOIN casework_case c ON c.id = v.case_id"
    " JOIN organisations_employer e ON e.id = c.employer_id"
    " WHERE c.opened_at >= {first} AND c.opened_at < {after} AND c.reference IS NOT NULL"
    " AND v.basis = 'statutory' AND c.status NOT IN ('draft', 'discarded', 'withdrawn', 'not_notifiable',"
    " 'merged')"
)
_CAUSE: Final = _COUNTED.replace(
    " WHERE", " JOIN notifications_cause k ON k.id = v.cqc_cause_id AND c.modality = '{modality}' WHERE"
)
_CLOCKS: Final = _COUNTED.replace(
    " WHERE", " JOIN deadlines_deadline d ON d.case_id = c.id AND d.kind = '{kind}' WHERE"
)


def passes() -> list[str]:
    """One pass for each table over notifications, and for each the year before where it stands beside."""
    modalities = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    year, before = _bounds(YEAR.start.year), _bounds(BEFORE.start.year)
    by_modality = f"SELECT c.modality, count(*) {_COUNTED} GROUP BY c.modality"
    asked = [by_modality.format(**each) for each in (year, year, before)]  # its shares, and the change
    for modality in modalities:
        here = f"{_COUNTED} AND c.modality = '{modality}'"
        kinds = f"SELECT v.sub_modality, count(*) {here} GROUP BY v.sub_modality"
        asked += [kinds.format(**year), kinds.format(**before)]
        asked.append(f"SELECT e.type, count(*) {here} GROUP BY e.type".format(**year))
        causes = f"SELECT k.tier1, k.tier2, k.tier3, count(*) {_CAUSE} GROUP BY k.tier1, k.tier2, k.tier3"
        asked.append(causes.format(modality=modality, **year))
    tier1 = _CAUSE.replace(" AND c.modality = '{modality}'", "")
    asked.append(f"SELECT k.tier1, c.modality, count(*) {tier1} GROUP BY k.tier1, c.modality".format(**year))
    for kind in ("notify", "report"):
        state = "d.met_on <= d.due_on, d.met_on IS NULL"
        asked.append(
            f"SELECT c.modality, {state}, count(*) {_CLOCKS} GROUP BY c.modality, {state}".format(
                kind=kind, **year
            )
        )
    asked.append(
        f"SELECT c.employer_id, c.modality, count(*) {_COUNTED} GROUP BY c.employer_id, c.modality".format(
            **year
        )
    )
    return asked


def _bounds(first: int) -> dict[str, str]:
    return (
        {"first": f"'{first}-03-31 23:00:00+00'", "after": f"'{first + 1}-03-31 23:00:00+00'"}
        if POSTGRESQL
        else {"first": f"'{first}-03-31 23:00:00'", "after": f"'{first + 1}-03-31 23:00:00'"}
    )


def rows_of(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def best(deed: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        deed()
        times.append(perf_counter() - started)
    return min(times)


@pytest.mark.django_db
def test_a_report_is_counted_within_twice_the_time_of_a_pass_for_each_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill(SIZE)
    by_hand = passes()
    reports: list[AnnualReport] = []
    with CaptureQueriesContext(connection) as queries:
        reports.append(compose(YEAR))
    slowest = sorted(queries, key=lambda query: float(query["time"]))[-4:]
    counted = best(lambda: compose(YEAR))
    laid_out = best(lambda: tables_of(reports[0]))
    hand = best(lambda: [rows_of(sql) for sql in by_hand])
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{SIZE:,} notifications on {connection.vendor}: the figures {counted:.2f} s, their tables"
            f" {laid_out * 1000:.0f} ms, {len(by_hand)} passes by hand {hand:.2f} s: {counted / hand:.2f}"
        )
        for query in slowest:
            print(f"  {query['time']} s: {query['sql'][:90]}")  # noqa: T201
    (total,) = [each for each in reports[0].figures if each.name == "notifications"]
    assert total.value["by_modality"] == dict(rows_of(by_hand[0]))
    assert total.previous is not None
    assert total.previous["by_modality"] == dict(rows_of(by_hand[2]))
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= MOST_QUERIES
    assert counted <= MOST_OF_SQL * hand
