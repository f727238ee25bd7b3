"""Cross-tables: any two fields add up to the figure, in one query."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.figures import received_in
from notifications.models import Notification
from regulator.organisations.models import Employer, EmployerType
from regulator.periods import Period, reporting_year
from regulator.statistics.annual import compose
from regulator.statistics.tables import Kind, Mark
from regulator.statistics.tabulation import crossing
from regulator.statistics.tabulation.crossing import as_table, in_percent
from regulator.statistics.tabulation.registries import DIMENSIONS, POPULATIONS, dimensions_of
from tests.statistics.rows import Row, store
from tests.tabulation.conftest import crossed, fill

pytestmark = pytest.mark.django_db


def test_any_two_fields_add_up_to_the_figure_in_one_query(employers: list[Employer], year: Period) -> None:
    fill(employers, 120)
    for of, population in POPULATIONS.items():
        total = population.total(year)
        for rows, columns in itertools.permutations(dimensions_of(of), 2):
            with CaptureQueriesContext(connection) as asked:
                found = crossed(rows, columns, year, of)
            assert len(asked) == 1, (rows, columns)
            assert asked[0]["sql"].count("GROUP BY") == 1
            assert found.total == total, (of, rows, columns)
            table = as_table(found)
            assert table.rows[-1].cells[-1] == total


def test_every_dimension_is_of_a_population_that_counts_a_registered_figure() -> None:
    values = compose(reporting_year("2023/24")).figures
    names = {each.name for each in values}
    for population in POPULATIONS.values():
        assert population.figure in names
    assert {each.population for each in DIMENSIONS.values()} == set(POPULATIONS)
    assert len(dimensions_of("notifications")) >= 15


def test_the_counts_are_those_of_a_count_by_hand(employers: list[Employer], year: Period) -> None:
    fill(employers, 150)
    by_hand: Counter[tuple[str, str]] = Counter()
    for each in received_in(year).select_related("case__employer"):
        by_hand[each.case.get_modality_display(), each.case.employer.get_type_display()] += 1
    found = crossed("modality", "employer_type", year)
    assert {place: count for place, count in found.counts.items() if count} == dict(by_hand)
    order = [label for _, label in EmployerType.choices]
    assert sorted(found.columns, key=order.index) == list(found.columns)


def test_months_are_those_of_london(employers: list[Employer], year: Period) -> None:
    """23:30 on 31 May by UTC is June in London."""
    store(
        [
            Row(employers[0], opened_at=datetime(2023, 5, 31, 23, 30, tzinfo=UTC)),
            Row(employers[0], opened_at=datetime(2024, 1, 31, 23, 30, tzinfo=UTC)),
        ]
    )
    assert crossed("month", None, year).counts == {("June 2023", ""): 1, ("January 2024", ""): 1}
    assert crossed("quarter", None, year).rows == ("April to June 2023", "January to March 2024")


@pytest.mark.parametrize(
    ("discovered", "band"),
    [
        (date(2023, 9, 1), "Within 14 days of discovery"),
        (date(2023, 8, 18), "Within 14 days of discovery"),
        (date(2023, 8, 17), "15 to 28 days"),
        (date(2023, 8, 4), "15 to 28 days"),
        (date(2023, 8, 3), "29 to 84 days"),
        (date(2023, 6, 9), "29 to 84 days"),
        (date(2023, 6, 8), "More than 84 days"),
        (date(2023, 9, 2), "Before discovery"),
        (None, "Not stated"),
    ],
)
def test_lateness_is_counted_in_whole_days(
    employers: list[Employer], year: Period, discovered: date | None, band: str
) -> None:
    store([Row(employers[0], opened_at=datetime(2023, 9, 1, 22, 59, tzinfo=UTC))])
    Notification.objects.update(discovered_on=discovered)
    assert crossed("lateness", None, year).counts == {(band, ""): 1}


def test_too_many_values_are_joined_and_said_to_be(
    employers: list[Employer], year: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(Row(employers[0]) for _ in range(12))
    for number, each in enumerate(Notification.objects.all()):
        Notification.objects.filter(pk=each.pk).update(equipment_manufacturer=f"Maker {number // 2}")
    monkeypatch.setattr(crossing, "MOST_ROWS", 4)
    found = crossed("equipment_manufacturer", "modality", year)
    assert found.rows == ("Maker 0", "Maker 1", "Maker 2", "Others (3 values)")
    assert found.total == 12
    assert as_table(found).notes == (
        "Equipment, manufacturer: the 3 values counted least are joined as “Others (3 values)”.",
    )


def test_percentages_are_of_what_they_say(employers: list[Employer], year: Period) -> None:
    store(Row(employers[place % 3], modality="radiotherapy" if place < 4 else "") for place in range(10))
    table = as_table(crossed("modality", "employer_type", year))
    by_row = in_percent(table, "row")
    assert all(str(row.cells[-1]) == "100.0" for row in by_row.rows)
    by_column = in_percent(table, "column")
    assert all(str(cell) == "100.0" for cell in by_column.rows[-1].cells[1:])
    of_all = in_percent(table, "all")
    assert str(of_all.rows[0].cells[-1]) == "40.0"
    assert {column.kind for column in of_all.columns[1:]} == {Kind.PERCENT}
    assert of_all.notes[0].startswith("Percentages of all")
    assert in_percent(table, "count") is table


def test_an_empty_period_gives_an_empty_table(year: Period) -> None:
    table = as_table(crossed("modality", "month", year))
    assert [row.cells for row in table.rows] == [("All", 0)]
    assert in_percent(table, "all").rows[0].cells == ("All", Mark.NOT_APPLICABLE)
