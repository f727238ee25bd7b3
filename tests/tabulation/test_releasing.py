"""Released cross-tables attacked: by themselves, beside each other, and beside what is public of the year."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from notifications.figures import received_in
from notifications.models import Basis, Cause, Notification
from regulator import clock
from regulator.organisations.models import Employer, EmployerType, Modality
from regulator.periods import Period, reporting_year
from regulator.statistics.annual import compose, tables_of
from regulator.statistics.keeping import KEPT_BACK
from regulator.statistics.protecting import EVERY_MODALITY, protected_by_modality
from regulator.statistics.suppression import RULE, Key, Sum
from regulator.statistics.tables import Cell, Mark, Table
from regulator.statistics.tabulation.crossing import Crossed, as_table, in_percent, label_of
from regulator.statistics.tabulation.registries import POPULATIONS, dimensions_of
from regulator.statistics.tabulation.releasing import NotForRelease, for_release, joined
from tests.factories import UserFactory
from tests.reference import ship_reference
from tests.statistics.attack import widths
from tests.statistics.rows import Row, store
from tests.tabulation.conftest import crossed, fill

pytestmark = pytest.mark.django_db
HALF = Period("April to September 2023", date(2023, 4, 1), date(2023, 9, 30))
FREE = ("month", "lateness", "status")
"""Fields that are not public by modality."""


def _attacked(table: Table, released: Table) -> set[Key]:
    """Whoever has the release alone finds no small count in it."""
    counts: dict[Key, int] = {}
    hidden: set[Key] = set()
    keys = [column.key for column in table.columns[1:]]
    for number, (row, shown) in enumerate(zip(table.rows, released.rows, strict=True)):
        for key, cell, printed in zip(keys, row.cells[1:], shown.cells[1:], strict=True):
            assert isinstance(cell, int)
            counts[number, key] = cell
            if printed is Mark.CONFIDENTIAL:
                hidden.add((number, key))
    bottom = len(table.rows) - 1
    sums = [Sum((bottom, key), tuple((number, key) for number in range(bottom))) for key in keys]
    if "all" in keys:
        sums += [Sum((at, "all"), tuple((at, key) for key in keys[:-1])) for at in range(bottom + 1)]
    assert not [key for key, count in counts.items() if 0 < count < RULE.least and key not in hidden]
    assert all(width >= RULE.width for width in widths(counts, sums, hidden, hidden).values())
    return hidden


@pytest.mark.parametrize("seed", range(3))
def test_a_release_survives_the_attack(employers: list[Employer], seed: int) -> None:
    fill(employers, 160, seed=seed)
    hidden: set[Key] = set()
    for rows, columns in (("month", "status"), ("sub_modality", "lateness"), ("tier1", "month")):
        found = crossed(rows, columns, HALF)
        hidden |= _attacked(as_table(joined(found, {})), for_release(found))
    assert hidden


@pytest.mark.parametrize("columns", [None, "harm"])
@pytest.mark.parametrize("rows", ["tier3", "sub_modality"])
def test_of_the_year_that_runs_no_margin_is_public_but_the_modality(
    employers: list[Employer], rows: str, columns: str | None
) -> None:
    running = reporting_year("2024/25")
    ship_reference()
    causes = {each.tier3: each for each in Cause.objects.filter(modality="radiotherapy").order_by("-pk")}
    kinds = ["external_beam", "brachytherapy", "planning_verification"]
    three = zip(list(causes.values())[:3], kinds, [1, 2, 9], strict=True)
    store(
        [
            Row(employers[0], sub_modality=kind, cause=cause, opened_at=datetime(2024, 4, 9, 12, tzinfo=UTC))
            for cause, kind, number in three
            for _ in range(number)
        ],
        coder=UserFactory.create(),
    )
    Notification.objects.filter(pk__in=Notification.objects.order_by("-pk")[:5].values("pk")).update(
        harm="none"
    )
    with clock.at(datetime(2024, 4, 20, 12, tzinfo=UTC)):
        found = crossed(rows, columns, running)
        assert found.total == 12
        whole = as_table(joined(found, {})) if columns else as_table(found)
        released = for_release(found)
        assert _attacked(whole, released) or columns
        by_modality = for_release(crossed("modality", columns, running))
    assert not [
        cell for row in released.rows for cell in row.cells[1:] if isinstance(cell, int) and 0 < cell < 5
    ]
    assert by_modality.rows[0].cells[-1] == by_modality.rows[-1].cells[-1] == 12
    with clock.at(datetime(2025, 4, 1, 12, tzinfo=UTC)):
        over = for_release(crossed(rows, None, running))
    assert sorted(int(str(row.cells[1])) for row in over.rows) == [1, 2, 9, 12]


def test_of_the_year_that_runs_the_dashboard_prints_the_modalities(employers: list[Employer]) -> None:
    store(
        [
            Row(employers[place], modality=name, opened_at=datetime(2024, 4, 9, tzinfo=UTC))
            for place, name in enumerate(["radiotherapy", "nuclear_medicine", "nuclear_medicine"])
        ]
    )
    alone = for_release(crossed("modality", None, reporting_year("2024/25")))
    assert [row.cells[1] for row in alone.rows] == [1, 2, 3]
    store([Row(employers[0], basis=Basis.VOLUNTARY, opened_at=datetime(2024, 4, 9, tzinfo=UTC))])
    apart = for_release(crossed("modality", None, reporting_year("2024/25"), "notifications_apart"))
    assert [row.cells[1] for row in apart.rows] == [Mark.CONFIDENTIAL] * 2


def test_of_a_cause_that_is_counted_once_a_release_tells_no_month(
    employers: list[Employer], year: Period
) -> None:
    fill(employers, 200, seed=4)
    by_cause = {row.cells[0]: row.cells[1] for row in for_release(crossed("tier3", None, year)).rows}
    released = for_release(crossed("tier3", "month", year))
    few = [row for row in released.rows if isinstance(row.cells[-1], int) and 0 < row.cells[-1] < RULE.least]
    assert few
    for row in few:
        assert by_cause[row.cells[0]] == row.cells[-1]
        assert set(row.cells[1:-1]) == {Mark.CONFIDENTIAL}


def _public(year: Period) -> dict[tuple[str, str], Cell]:
    """What is public by modality and type of employer, by the labels of print."""
    fields = dimensions_of("notifications")
    breakdown = POPULATIONS.get("notifications").breakdown
    assert breakdown is not None
    return {
        (
            at if at == EVERY_MODALITY else label_of(fields["modality"], at),
            label_of(fields["employer_type"], kind),
        ): cell
        for (at, kind), cell in breakdown.cells(year).items()
    }


def _incidents(year: Period) -> Counter[tuple[str, ...]]:
    """How many notifications are alike in the type of the employer, the modality and the free fields."""
    fields = dimensions_of("notifications")
    names = ("employer_type", "modality", *FREE)
    asked = {f"_{name}": _expression(name) for name in names}
    found: Counter[tuple[str, ...]] = Counter()
    for values in received_in(year).order_by().annotate(**asked).values_list(*asked):
        found[tuple(label_of(fields[name], value) for name, value in zip(names, values, strict=True))] += 1
    return found


def _expression(name: str) -> Any:
    of = dimensions_of("notifications")[name].of
    return F(of) if isinstance(of, str) else of()


@pytest.mark.parametrize("seed", range(4))
def test_no_release_tells_anything_of_what_the_annual_report_keeps_back(
    employers: list[Employer], year: Period, seed: int
) -> None:
    """The attacker has the public breakdown and three releases at once, and even knows of every incident
    everything but the type of its employer."""
    fill(employers, 60 + 40 * seed, seed=seed)
    public, incidents = _public(year), _incidents(year)
    kinds = sorted({kind for _, kind in public})
    groups = sorted({each[1:] for each in incidents})
    modalities = sorted({group[0] for group in groups})
    counts: dict[Key, int] = {}
    sums: list[Sum] = []

    def add(whole: Key, parts: list[Key]) -> None:
        counts[whole] = sum(counts[part] for part in parts)
        sums.append(Sum(whole, tuple(parts)))

    for group, kind in itertools.product(groups, kinds):
        counts[kind, *group] = incidents[kind, *group]
    unknown: set[Key] = set(counts)
    for modality, kind in itertools.product(modalities, kinds):
        add(("public", modality, kind), [(kind, *group) for group in groups if group[0] == modality])
    for kind in kinds:
        add(("public", EVERY_MODALITY, kind), [("public", each, kind) for each in modalities])
    for group in groups:
        add(("incident", *group), [(kind, *group) for kind in kinds])
    hidden: set[Key] = {("public", *at) for at, cell in public.items() if cell is Mark.CONFIDENTIAL}
    assert hidden
    alone = widths(counts, sums, unknown | hidden, hidden)
    released: set[Key] = set()
    for place, field in enumerate(FREE, start=1):
        table = for_release(crossed("employer_type", field, year))
        lines = [str(row.cells[0]) for row in table.rows[:-1]]
        others = [kind for kind in kinds if kind not in lines]
        values = sorted({group[place] for group in groups})
        columns = [column.heading for column in table.columns[1:-1]]
        together = [value for value in values if value not in columns]
        for row in table.rows[:-1]:
            of = others if str(row.cells[0]) not in kinds else [str(row.cells[0])]
            for column, cell in zip(columns, row.cells[1:-1], strict=True):
                within = together if column not in values else [column]
                key: Key = (field, row.cells[0], column)
                add(key, [(kind, *group) for kind in of for group in groups if group[place] in within])
                assert cell in (counts[key], Mark.CONFIDENTIAL)
                if cell is Mark.CONFIDENTIAL:
                    released.add(key)
    assert widths(counts, sums, unknown | hidden | released, hidden) == alone


def test_by_its_own_fields_a_release_is_what_the_annual_report_and_the_dashboard_show(
    employers: list[Employer], year: Period
) -> None:
    fill(employers, 150, seed=5)
    counted: Counter[tuple[str, str]] = Counter()
    for each in received_in(year).select_related("case__employer"):
        counted[each.case.modality, each.case.employer.type] += 1
    shown = protected_by_modality(counted)
    reported = {table.name: table for table in tables_of(compose(year))}
    alone = {
        str(row.cells[0]): row.cells[1] for row in for_release(crossed("employer_type", None, year)).rows
    }
    crossing = for_release(crossed("employer_type", "modality", year))
    turned = for_release(crossed("modality", "employer_type", year))
    seen = 0
    for kind in EmployerType:
        assert alone.get(kind.label, 0) == shown.get((EVERY_MODALITY, kind.value), 0)
        for modality in Modality:
            cell = shown.get((modality.value, kind.value), 0)
            assert _at(crossing, kind.label, modality.label) == cell
            assert _at(turned, modality.label, kind.label) == cell
            table = reported[f"notifications_by_employer_type_{modality.value}"]
            assert {str(row.cells[0]): row.cells[1] for row in table.rows}.get(kind.label, 0) == cell
            seen += cell is Mark.CONFIDENTIAL
    assert seen
    assert _at(turned, "All", "All") == sum(counted.values())


def _at(table: Table, row: str, column: str) -> Cell:
    place = next((at for at, each in enumerate(table.columns) if each.heading == column), 0)
    found = [each.cells[place] for each in table.rows if each.cells[0] == row and place]
    return found[0] if found else 0


@pytest.mark.parametrize("period", [reporting_year("2023/24"), HALF])
def test_all_releases_of_a_period_show_the_same_totals_of_a_field(
    employers: list[Employer], period: Period
) -> None:
    fill(employers, 140, seed=8)
    for field in FREE:
        totals = []
        for other in ("regime", "significant", *FREE, *(["employer_type"] if period is not HALF else [])):
            if other == field:
                continue
            for table in (for_release(crossed(field, other, period)), _turned(field, other, period)):
                assert Mark.CONFIDENTIAL not in [row.cells[-1] for row in table.rows]
                totals.append({str(row.cells[0]): row.cells[-1] for row in table.rows[:-1]})
        assert all(each == totals[0] for each in totals)
        assert min(int(str(total)) for total in totals[0].values()) >= RULE.least
        alone = for_release(crossed(field, None, period))
        for row in alone.rows[:-1]:
            assert row.cells[1] in (totals[0].get(str(row.cells[0])), Mark.CONFIDENTIAL)


def _turned(field: str, other: str, period: Period) -> Table:
    """The release with the field in the columns, as rows of (value, total)."""
    table = for_release(crossed(other, field, period))
    bottom = table.rows[-1]
    rows = [
        type(bottom)((column.heading, cell))
        for column, cell in zip(table.columns[1:-1], bottom.cells[1:-1], strict=True)
    ]
    return Table("turned", "", table.columns[:2], (*rows, type(bottom)(("All", bottom.cells[-1]))), "", "")


def test_a_count_that_a_published_report_keeps_back_is_kept_back_in_a_release(
    employers: list[Employer], year: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Row(employers[place]) for place, number in enumerate([30, 40, 50]) for _ in range(number)])
    kinds = [each.get_type_display() for each in employers[:4]]
    table = for_release(crossed("employer_type", "modality", year))
    assert [_at(table, kind, "Radiotherapy") for kind in kinds] == [30, 40, 50, 0]
    cells = {("notifications_by_employer_type_radiotherapy", kinds[place], "count") for place in (1, 3)}
    monkeypatch.setitem(KEPT_BACK._items, "reports", lambda period: cells)
    for again in (
        for_release(crossed("employer_type", "modality", year)),
        for_release(crossed("employer_type", None, year)),
    ):
        column = again.columns[1].heading
        shown = [_at(again, kind, column) for kind in kinds]
        assert shown == [30, Mark.CONFIDENTIAL, 50, Mark.CONFIDENTIAL]
    beside = for_release(crossed("employer_type", "month", year))
    assert [row.cells[0] for row in beside.rows] == [kinds[0], kinds[2], "2 values together", "All"]


@pytest.mark.parametrize(
    ("rows", "columns", "period", "said"),
    [
        ("employer_type", "month", HALF, "for a whole reporting year"),
        ("employer_type", None, HALF, "Ask for 2023/24"),
        ("modality", "employer_type", reporting_year("2024/25"), "2024/25 is not over"),
        ("employer_type", "sub_modality", reporting_year("2023/24"), "Sub-modality is public by modality"),
        ("tier3", "employer_type", reporting_year("2023/24"), "Cause, tier 3 is public by modality"),
        ("tier2", "employer_type", reporting_year("2023/24"), "Choose modality, or a field"),
    ],
)
def test_what_cannot_be_made_safe_is_refused(
    employers: list[Employer], rows: str, columns: str | None, period: Period, said: str
) -> None:
    fill(employers, 60)
    with pytest.raises(NotForRelease, match=said):
        for_release(crossed(rows, columns, period))


def test_a_year_is_released_by_type_of_employer_from_the_day_after_it(
    employers: list[Employer], year: Period
) -> None:
    store([Row(employers[0]) for _ in range(9)])
    with clock.at(datetime(2024, 3, 31, 12, tzinfo=UTC)), pytest.raises(NotForRelease, match="not over"):
        for_release(crossed("employer_type", None, year))
    with clock.at(datetime(2024, 4, 1, 12, tzinfo=UTC)):
        assert for_release(crossed("employer_type", None, year)).rows[0].cells[1] == 9


def test_other_populations_and_fields_are_released_as_before(employers: list[Employer]) -> None:
    fill(employers, 120)
    for of in ("notifications_apart", "inspections", "notices"):
        other = "status" if of != "notices" else "type"
        assert for_release(crossed("employer_type", other, HALF, of)).rows


def test_published_margins_of_a_year_stay_and_those_of_a_half_year_do_not(
    employers: list[Employer], year: Period
) -> None:
    store([Row(employers[0], modality="radiotherapy") for _ in range(3)])
    store([Row(employers[1], modality="nuclear_medicine") for _ in range(40)])
    whole = for_release(crossed("employer_type", "modality", year))
    assert 3 in whole.rows[-1].cells
    assert whole.rows[0].cells[1] is Mark.CONFIDENTIAL
    half = for_release(crossed("status", "modality", HALF))
    assert 3 not in half.rows[-1].cells


def test_a_release_costs_at_most_two_queries_more(employers: list[Employer], year: Period) -> None:
    for seed in (1, 2):
        fill(employers, 80, seed=seed)
        for columns, most in (("status", 2), ("modality", 2)):
            found: Crossed = crossed("employer_type", columns, year)
            with CaptureQueriesContext(connection) as asked:
                for_release(found)
            assert len(asked) == most
        with CaptureQueriesContext(connection) as asked:
            for_release(crossed("month", "status", year))
        assert len(asked) == 1


def test_an_empty_period_gives_an_empty_release(year: Period) -> None:
    assert for_release(crossed("modality", None, year)).rows[0].cells == ("All", 0)
    assert for_release(crossed("modality", "status", year)).rows[0].cells[-1] == 0
    assert for_release(crossed("employer_type", "status", year)).rows[0].cells[-1] == 0


def test_percentages_of_a_released_table_show_nothing_of_what_is_kept_back(
    employers: list[Employer], year: Period
) -> None:
    store([Row(employers[0]) for _ in range(3)] + [Row(employers[1]) for _ in range(40)])
    released = for_release(crossed("employer_type", "modality", year))
    assert Mark.CONFIDENTIAL in released.rows[0].cells
    for share in ("row", "column", "all"):
        shares = in_percent(released, share)
        for row, counted in zip(shares.rows, released.rows, strict=True):
            for cell, count in zip(row.cells, counted.cells, strict=True):
                assert cell is Mark.CONFIDENTIAL or count is not Mark.CONFIDENTIAL
