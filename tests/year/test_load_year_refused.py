"""A load that cannot be finished leaves nothing: tables that do not add up, an interruption at any step."""

import csv
import shutil
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from enforcement.year.load import load_year
from enforcement.year.plan import plan_year
from enforcement.year.tables import read_year
from enforcement.year.world import Step
from regulator.casework.models import Case, Event
from regulator.outbox.models import Message
from tests.year.conftest import FOLDER

pytestmark = pytest.mark.django_db


class Interrupted(Exception):
    """Stands for whatever may stop a load: Ctrl-C, a full disk, a fault in a service."""


@pytest.fixture(autouse=True)
def _reference_data() -> None:
    call_command("load_reference_data", stdout=StringIO())


def interrupted_after(steps: int, seen: list[object]) -> None:
    """Load the year, note in ``seen`` what ``steps`` steps made, and stop there."""

    def some(all_steps: list[Step]) -> Iterable[Step]:
        yield from all_steps[:steps]
        seen.extend(Case.objects.order_by("source_key").values_list("source_key", "reference", "summary"))
        replayed = Event.objects.filter(case__isnull=False)  # who joined whom is recorded as of today
        seen.extend(replayed.order_by("sequence").values_list("type", "occurred_at"))
        seen.extend(Message.objects.order_by("created_at", "to", "subject").values_list("to", "body"))
        raise Interrupted

    with pytest.raises(Interrupted):
        load_year(FOLDER, progress=some)


def test_an_interrupted_load_leaves_nothing_and_a_second_one_makes_the_same(
    rows_of_every_table: Callable[[], dict[str, int]],
) -> None:
    before = rows_of_every_table()
    first: list[object] = []
    second: list[object] = []
    interrupted_after(90, first)
    assert rows_of_every_table() == before
    interrupted_after(90, second)
    assert rows_of_every_table() == before
    assert len(first) > 300
    assert first == second


def test_the_plan_of_a_year_is_always_the_same() -> None:
    assert plan_year(read_year(FOLDER)) == plan_year(read_year(FOLDER))


def tamper(folder: Path, file: str, line: int, column: str, value: str) -> None:
    with (folder / file).open(newline="", encoding="utf-8") as table:
        rows = list(csv.reader(table))
    rows[line - 1][rows[0].index(column)] = value
    with (folder / file).open("w", newline="", encoding="utf-8") as table:
        csv.writer(table, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize(
    ("file", "line", "column", "value", "told"),
    [
        ("causes.csv", 4, "count", "89", r"tier2_totals\.csv, line \d+ .*100"),
        ("causes.csv", 4, "count", "many", r"causes\.csv, line 4 "),
        ("tier1_totals.csv", 3, "count", "147", r"tier1_totals\.csv, line 3 "),
        ("sectors.csv", 2, "count", "397", r"(sectors|year)\.csv"),
        ("submodalities.csv", 2, "count", "291", r"(submodalities|year)\.csv"),
        ("year.csv", 6, "value", "820", r"year\.csv, line 6 "),
        ("notices.csv", 2, "provisions", "6(99)", r"notices\.csv, line 2 "),
    ],
)
def test_a_table_that_does_not_add_up_is_refused_with_its_row_and_nothing_is_written(
    file: str,
    line: int,
    column: str,
    value: str,
    told: str,
    tmp_path: Path,
    rows_of_every_table: Callable[[], dict[str, int]],
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "2023-24"))
    tamper(folder, file, line, column, value)
    before = rows_of_every_table()
    with pytest.raises(CommandError, match=told):
        call_command("load_year", str(folder), stdout=StringIO(), stderr=StringIO())
    assert rows_of_every_table() == before
