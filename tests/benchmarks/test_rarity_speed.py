"""How fast it is counted whether what a learning case tells is rare, beside SQL by hand that says the same.

With ``DATABASE_URL`` on PostgreSQL among 1,000,000 notifications; on SQLite among a fiftieth of that. By hand
it is one pass too: what each notification shares in an inner statement, the sums in an outer one; and one for
what was typed of equipment. The ratio is of the best of some rounds in one run.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from notifications.learning.equipment import kind_of
from notifications.learning.rarity import weigh
from notifications.learning.themes import themes
from notifications.learning.uniqueness import RECENT_YEARS, TIERS, Finding, Profile, Tally, coarser
from notifications.models import Cause, Notification
from regulator.clock import at
from tests.benchmarks.many_notifications import EMPLOYERS, fill

POSTGRESQL: Final = connection.vendor == "postgresql"
SIZE: Final = 1_000_000 if POSTGRESQL else 20_000
ROUNDS: Final = 5
MOST_OF_SQL: Final = 2
MOST_QUERIES: Final = 2
NOW: Final = datetime(2028, 4, 1, 12, tzinfo=UTC)
"""So that half of what is held is of the last years."""
SINCE: Final = NOW - timedelta(days=RECENT_YEARS * 365)
TOLD_THEMES: Final = ("patient-identification", "paediatric-exposures")


def profiles() -> dict[str, Profile]:
    """What tells the most, and what tells little."""
    of_identity = Q(sub_modality="ct", cqc_cause__rollup__in=("Wrong patient", "Patient ID error"))
    causes = Notification.objects.filter(of_identity).order_by().values_list("cqc_cause")
    commonest, _ = causes.annotate(number=Count("pk")).order_by("-number", "cqc_cause")[0]
    cause = Cause.objects.get(pk=commonest)
    tiers = (cause.tier1, cause.rollup_tier2, cause.rollup)
    return {
        "all that can be told": Profile("diagnostic_imaging", "ct", tiers, "ct_scanner", TOLD_THEMES),
        "kind and cause": Profile("diagnostic_imaging", "ct", tiers),
        "modality and equipment": Profile("diagnostic_imaging", equipment="mobile_x_ray"),
    }


def by_hand(profile: Profile) -> Finding:
    """The same, in as few statements as it takes."""
    conditions: dict[tuple[str, Any], tuple[str, list[Any]]] = {}
    if profile.sub_modality:
        conditions["sub_modality", profile.sub_modality] = ("v.sub_modality = %s", [profile.sub_modality])
    for column, tier in zip(TIERS, profile.tiers, strict=False):
        conditions["tiers", tier] = (f"k.{column} = %s", [tier])
    if profile.equipment:
        typed = rows_of(
            "SELECT DISTINCT equipment_type FROM notifications_notification WHERE equipment_type <> ''"
        )
        held = [each for (each,) in typed if kind_of(each) == profile.equipment]
        conditions["equipment", profile.equipment] = (f"v.equipment_type IN ({marks(held)})", held)
    for slug in profile.counted_themes:
        told = [(("k" if sign.field == "rollup" else "v"), sign) for sign in themes()[slug].signs]
        sql = " OR ".join(f"{table}.{sign.field} IN ({marks(sign.values)})" for table, sign in told)
        conditions["themes", slug] = (sql, [value for _, sign in told for value in sign.values])
    names = {key: f"s{place}" for place, key in enumerate(conditions)}
    inner = ", ".join(f"({sql}) AS {names[key]}" for key, (sql, _) in conditions.items())
    groups = ", ".join(str(place) for place in range(1, len(names) + 3))
    outer, wanted = [], [profile, *(step.profile for step in coarser(profile))]
    for each in wanted:
        has = " AND ".join([name for key, name in names.items() if tells(each, key)] or ["TRUE"])
        for within in (has, f"{has} AND lately"):
            outer.append(f"coalesce(sum(n) FILTER (WHERE {within}), 0)")
            outer.append(f"count(DISTINCT employer_id) FILTER (WHERE {within})")
    sql = (
        f"SELECT {', '.join(outer)} FROM (SELECT c.employer_id, c.opened_at >= %s AS lately"
        f"{', ' if inner else ''}{inner}, count(*) AS n"
        " FROM notifications_notification v JOIN casework_case c ON c.id = v.case_id"
        " LEFT JOIN notifications_cause k ON k.id = v.cqc_cause_id"
        " WHERE c.modality = %s AND c.reference IS NOT NULL AND v.basis = 'statutory'"
        " AND c.status NOT IN ('draft', 'discarded', 'withdrawn', 'not_notifiable', 'merged')"
        f" GROUP BY {groups}) g"
    )
    since = SINCE if POSTGRESQL else f"{SINCE:%Y-%m-%d %H:%M:%S}"
    params = [since, *(value for _, values in conditions.values() for value in values), profile.modality]
    (row,) = rows_of(sql, params)
    tallies = [Tally(*map(int, row[first : first + 4])) for first in range(0, len(row), 4)]
    return Finding(profile, tallies[0], tuple(zip(coarser(profile), tallies[1:], strict=True)))


def tells(profile: Profile, key: tuple[str, Any]) -> bool:
    name, said = key
    value = getattr(profile, name)
    return said in value if isinstance(value, tuple) else said == value


def marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))


def rows_of(sql: str, params: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def best(deed: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        deed()
        times.append(perf_counter() - started)
    return min(times)


@pytest.mark.django_db
def test_rarity_is_counted_within_twice_the_time_of_sql_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    fill(SIZE)
    with at(NOW):
        for name, profile in profiles().items():
            with CaptureQueriesContext(connection) as captured:
                found = weigh(profile)
            assert len(captured) <= MOST_QUERIES
            assert found == by_hand(profile)
            tally = found.tally
            assert 0 < tally.recent < tally.notifications
            assert tally.employers <= EMPLOYERS
            counted, hand = best(lambda each=profile: weigh(each)), best(lambda each=profile: by_hand(each))  # type: ignore[misc]
            with capsys.disabled():
                print(  # noqa: T201
                    f"\n{SIZE:,} notifications on {connection.vendor}, {name},"
                    f" {tally.notifications:,} of them:"
                    f" {counted:.2f} s, by hand {hand:.2f} s: {counted / hand:.2f}"
                )
            assert counted <= MOST_OF_SQL * hand, name
