"""What moved between two freezes: exactly the cells that differ, whatever was added in between."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.reports.frozen import Content, written_table
from regulator.statistics.reports.moved import NOT_THERE, moved
from regulator.statistics.tables import Column, Kind, Mark, Row, Table

COLUMNS = (
    Column("what", "What", Kind.TEXT),
    Column("count", "Number"),
    Column("share", "Share", Kind.PERCENT),
)


def table(rows: list[Row], name: str = "t") -> Table:
    return Table(name, "A table", COLUMNS, tuple(rows), "notifications", "By day.")


def content(tables: list[Table], numbers: dict[str, int] | None = None, **texts: str) -> Content:
    told: list[dict[str, Any]] = [
        {"name": name, "meaning": "", "kind": "count", "value": value}
        for name, value in (numbers or {}).items()
    ]
    return Content(
        {
            "year": "2023/24",
            "as_of": "2024-05-01",
            "values_sha256": "",
            "figures": [],
            "tables": [written_table(each) for each in tables],
            "numbers": told,
            "sections": [],
            "texts": texts,
        }
    )


def test_a_row_in_between_moves_nothing_but_itself() -> None:
    before = content([table([Row(("A", 1, 50)), Row(("B", 1, 50))])])
    after = content([table([Row(("A", 1, 50)), Row(("New", 2, 50)), Row(("B", 1, 50))])])
    [found] = moved(before, after).tables
    assert [(cell.row, cell.column, cell.before, cell.after) for cell in found.cells] == [
        ("New", "Number", NOT_THERE, "2"),
        ("New", "Share", NOT_THERE, "50%"),
    ]


def test_rows_of_one_name_under_different_parents_are_not_mixed_up() -> None:
    rows = [
        Row(("Top", 3, 100)),
        Row(("Other", 1, 33), 1),
        Row(("Second", 5, 100)),
        Row(("Other", 5, 100), 1),
    ]
    later = [*rows[:3], Row(("Other", 4, 100), 1)]
    [found] = moved(content([table(rows)]), content([table(later)])).tables
    assert [(cell.row, cell.before, cell.after) for cell in found.cells] == [("Second > Other", "5", "4")]


def test_a_mark_in_place_of_a_number_is_a_move_and_so_is_a_table_that_went() -> None:
    before = content([table([Row(("A", 1, 50))]), table([Row(("A", 1, 50))], "gone")], {"n": 1}, intro="a")
    after = content([table([Row(("A", Mark.CONFIDENTIAL, 50))])], {"n": 2}, intro="b")
    said = moved(before, after)
    assert [(each.name, len(each.cells)) for each in said.tables] == [("t", 1), ("gone", 2)]
    assert (said.tables[0].cells[0].before, said.tables[0].cells[0].after) == ("[c]", "[c]")
    assert [(each.name, each.before, each.after) for each in said.numbers] == [("n", "1", "2")]
    assert said.texts == ("intro",)
    assert not moved(after, after)


def test_a_case_that_came_went_or_was_revised_is_told_and_a_withdrawn_one_without_its_title() -> None:
    def telling(*cases: tuple[int, str]) -> Content:
        empty = ("modality", "cause", "path", "system", "what_happened", "actions", "learning")
        held = [{**dict.fromkeys(empty, ""), "number": number, "title": title} for number, title in cases]
        return Content({**content([]).data, "cases": held})

    before, after = (
        telling((1, "One"), (2, "Two"), (3, "Three")),
        telling((2, "Two"), (3, "More"), (4, "Four")),
    )
    said = moved(before, after)
    assert [(each.number, each.title, each.what) for each in said.cases] == [
        (1, "One", "is no longer told"),
        (3, "More", "was revised in the library"),
        (4, "Four", "is told now"),
    ]
    assert said
    assert not moved(after, after)
    gone = moved(replace(before, withdrawn={1: date(2026, 7, 1)}), after)
    assert (gone.cases[0].called, gone.cases[0].what) == ("Case 1", "was withdrawn from the library")
    assert moved(content([]), after).cases  # a freeze of before there were cases reads


cells = st.integers(0, 5)
trees = st.lists(st.tuples(st.sampled_from("ABC"), cells, st.integers(0, 1)), min_size=1, max_size=8)


@given(trees, st.data())
def test_of_any_tree_exactly_the_changed_cells_are_told(
    drawn: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    rows = [
        Row((name, number, 0), depth if place else 0) for place, (name, number, depth) in enumerate(drawn)
    ]
    changes = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True))
    later = [
        Row((row.cells[0], row.cells[1] + 1, 0), row.depth) if place in changes else row  # type: ignore[operator]
        for place, row in enumerate(rows)
    ]
    said = moved(content([table(rows)]), content([table(later)]))
    assert said.cells == len(changes)
    assert Content.read(content([table(later)]).written()).tables["t"] == table(later)
