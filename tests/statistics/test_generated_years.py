"""Any folder in the documented format gives exactly its own numbers back: in the tables, and in the JSON."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from enforcement.year.plan import plan_year
from enforcement.year.tables import read_year
from regulator.statistics.annual import compose, tables_of
from regulator.statistics.reports.working import as_json
from regulator.statistics.tables import Table
from tests.statistics.years import DrawnYear, expected_cells, generated_years, store_plan, write

Found = dict[tuple[str, tuple[str, ...], str], object]


def cells_of(tables: Sequence[Table]) -> Found:
    """Every cell by table, row (of a tree from the top down) and column."""
    return {
        (table.name, path, column.key): cell
        for table in tables
        for path, cells in _paths([(row.depth, row.is_total, row.cells) for row in table.rows])
        for column, cell in zip(table.columns, cells, strict=True)
    }


def cells_of_json(text: str) -> Found:
    """The same, read from a report as JSON."""
    found: Found = {}
    for table in json.loads(text)["tables"]:
        keys = [column["key"] for column in table["columns"]]
        rows = [(row["depth"], row["is_total"], [row[key] for key in keys]) for row in table["rows"]]
        for path, cells in _paths(rows):
            found |= {(table["name"], path, key): cell for key, cell in zip(keys, cells, strict=True)}
    return found


def _paths(
    rows: Sequence[tuple[int, bool, Sequence[Any]]],
) -> Iterator[tuple[tuple[str, ...], Sequence[Any]]]:
    above: list[str] = []
    for depth, _, cells in rows:
        above = [*above[:depth], str(cells[0])]
        yield tuple(above), cells


class GeneratedYears(TestCase):
    def differences(self, found: Found, year: DrawnYear) -> Mapping[object, object]:
        expected = expected_cells(year)
        return {key: (found.get(key), cell) for key, cell in expected.items() if found.get(key) != cell}

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(generated_years())
    def test_totals_leaves_and_shares_come_out_as_they_went_in(self, drawn: DrawnYear) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write(drawn, Path(folder))
            year = read_year(Path(folder))
        store_plan(plan_year(year), year)
        report = compose(year.period)
        found = cells_of(tables_of(report))
        assert self.differences(found, drawn) == {}
        assert self.differences(cells_of_json(as_json(year.period, report)), drawn) == {}
        leaves = {
            path
            for table, path, column in found
            if table.startswith("notifications_by_cause_") and column == "count" and len(path) == 3
        }
        assert leaves == {path[1:] for path in drawn.causes}
