"""Tables for the public: marks, notes, what hangs on a count; attacked cell by cell as they are printed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.statistics.protecting import (
    EVERY_MODALITY,
    Layout,
    note_of,
    protected,
    protected_by_modality,
    protected_together,
)
from regulator.statistics.suppression import RULE, Key, Sum
from regulator.statistics.tables import Column, Kind, Mark, Row, Table, as_plain, as_rows
from regulator.statistics.tally import with_percent
from tests.statistics.attack import widths

NAME = Column("name", "Cause", Kind.TEXT)
few = st.one_of(st.integers(0, 7), st.integers(0, 60))


def _table(columns: tuple[Column, ...], rows: list[Row], name: str = "t") -> Table:
    return Table(name, "Invented", (NAME, *columns), tuple(rows), unit="notifications", basis="received")


def _cross(cells: list[list[int]], name: str = "t") -> Table:
    columns = tuple(Column(f"c{place}", f"Column {place}") for place in range(len(cells[0])))
    rows = [Row((f"row {number}", *line, sum(line))) for number, line in enumerate(cells)]
    margins = [sum(line) for line in zip(*cells, strict=True)]
    rows.append(Row(("All", *margins, sum(margins)), is_total=True))
    return _table((*columns, Column("all", "All")), rows, name)


def _tree(shape: list[list[list[int]]]) -> Table:
    """Rows of two tiers, columns ``a`` and ``b`` with their sum: a table with a tree on one side."""
    rows: list[Row] = []
    for first, leaves in enumerate(shape):
        both = [sum(column) for column in zip(*leaves, strict=True)]
        rows.append(Row((f"first {first}", *both, sum(both))))
        rows += [
            Row((f"leaf {first}.{place}", *leaf, sum(leaf)), depth=1) for place, leaf in enumerate(leaves)
        ]
    tops = [row.cells for row in rows if not row.depth]
    rows.append(Row(("All", *(sum(int(top[place]) for top in tops) for place in (1, 2, 3))), is_total=True))
    return _table((Column("a", "A"), Column("b", "B"), Column("all", "All")), rows)


def _known_sums(table: Table) -> Iterator[Sum]:
    """Every sum that a reader sees, worked out here from the depths by another way than the product's."""
    rows = list(enumerate(table.rows))
    keys = [column.key for column in table.columns if column.kind is Kind.COUNT]
    for number, row in rows:
        yield Sum((number, "all"), tuple((number, key) for key in keys if key != "all"))
        for key in keys:
            if row.is_total:
                tops = tuple((other, key) for other, each in rows if not each.is_total and each.depth == 0)
                yield Sum((number, key), tops)
                continue
            parts = []
            for other, each in rows[number + 1 :]:
                if each.is_total or each.depth <= row.depth:
                    break
                if each.depth == row.depth + 1:
                    parts.append((other, key))
            if parts:
                yield Sum((number, key), tuple(parts))


def _attack(table: Table, public: Table) -> set[tuple[int, str]]:
    counts: dict[Key, int] = {}
    hidden: set[Any] = set()
    for number, (row, shown) in enumerate(zip(table.rows, public.rows, strict=True)):
        for column, cell, printed in zip(table.columns, row.cells, shown.cells, strict=True):
            if column.kind is not Kind.COUNT:
                continue
            assert isinstance(cell, int)
            counts[number, column.key] = cell
            if printed is Mark.CONFIDENTIAL:
                hidden.add((number, column.key))
            else:
                assert printed == cell
                assert not 0 < cell < RULE.least
    found = widths(counts, list(_known_sums(table)), hidden, hidden)
    assert all(width >= RULE.width for width in found.values()), found
    return hidden


@settings(max_examples=30, deadline=None)
@given(cells=st.lists(st.lists(few, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_cross_table_is_attacked_as_printed(cells: list[list[int]]) -> None:
    table = _cross(cells)
    hidden = _attack(table, protected(table, total="all"))
    if not hidden:
        assert protected(table, total="all") is table


@settings(max_examples=30, deadline=None)
@given(
    shape=st.lists(
        st.lists(st.lists(few, min_size=2, max_size=2), min_size=1, max_size=4), min_size=1, max_size=3
    )
)
def test_a_tree_with_columns_is_attacked_as_printed(shape: list[list[list[int]]]) -> None:
    table = _tree(shape)
    _attack(table, protected(table, total="all"))


def test_the_table_says_so_in_every_form() -> None:
    public = protected(_cross([[3, 20, 30], [10, 20, 30], [40, 50, 60]]), total="all")
    assert public.notes == (note_of(),)
    assert public.notes[0].startswith("[c] stands for a count from 1 to 4,")
    assert public.marks() == [Mark.CONFIDENTIAL]
    assert as_plain(public)["rows"][0]["c0"] == "[c]"
    assert "3" not in [str(cell) for cell in list(as_rows(public))[1]]


def test_shares_go_with_the_counts_of_their_row() -> None:
    counts = {"a": 3, "b": 20, "c": 40, "d": 37}
    shares = with_percent(counts)
    rows = [Row((key, each["count"], each["percent"])) for key, each in shares.items()]
    rows.append(Row(("All", 100, Decimal(100)), is_total=True))
    table = _table((Column("count", "Notifications"), Column("percent", "Share", Kind.PERCENT)), rows)
    public = protected(table, total=None)
    assert public.rows[0].cells == ("a", Mark.CONFIDENTIAL, Mark.CONFIDENTIAL)
    for row in public.rows:
        assert (row.cells[1] is Mark.CONFIDENTIAL) == (row.cells[2] is Mark.CONFIDENTIAL)
    assert public.rows[-1].cells == ("All", 100, Decimal(100))
    assert sum(row.cells[1] is Mark.CONFIDENTIAL for row in public.rows) == 2


@pytest.mark.parametrize("mark", [Mark.LOW, Mark.NOT_APPLICABLE])
def test_the_mark_of_a_share_goes_with_its_count(mark: Mark) -> None:
    """A share that rounds to nought tells of one or two where the whole is known, and one of nothing that the
    whole is nought."""
    rows = [Row(("a", 1, mark)), Row(("b", 2, mark)), Row(("c", 997, Decimal(100)))]
    rows.append(Row(("All", 1000, Decimal(100)), is_total=True))
    table = _table((Column("count", "Notifications"), Column("percent", "Share", Kind.PERCENT)), rows)
    public = protected(table, total=None)
    for row in public.rows:
        assert (row.cells[1] is Mark.CONFIDENTIAL) == (row.cells[2] is Mark.CONFIDENTIAL)
    assert mark not in [cell for row in public.rows for cell in row.cells]


def test_what_is_not_available_says_nothing_of_a_count_and_stays() -> None:
    rows = [Row(("a", 1, Mark.NOT_AVAILABLE)), Row(("All", 1, Mark.NOT_AVAILABLE), is_total=True)]
    table = _table((Column("count", "Notifications"), Column("change", "Change", Kind.CHANGE)), rows)
    public = protected(table, total=None)
    assert [row.cells[1:] for row in public.rows] == [(Mark.CONFIDENTIAL, Mark.NOT_AVAILABLE)] * 2


def test_shares_all_go_where_the_whole_is_kept_back() -> None:
    """6 is 60% of a whole that is kept back: the share would give away 10, and so the rest."""
    rows = [Row(("a", 3, Decimal("100"))), Row(("All", 3, Decimal("100")), is_total=True)]
    rows.insert(0, Row(("b", 0, Decimal("0"))))
    table = _table((Column("count", "Notifications"), Column("percent", "Share", Kind.PERCENT)), rows)
    public = protected(table, total=None)
    assert [row.cells[2] for row in public.rows] == [Mark.CONFIDENTIAL] * 3


def test_two_tables_beside_each_other_do_not_give_each_other_away() -> None:
    """Each by itself would be safe: the pair hidden in one is read off the other, which shares its rows."""
    one, other = _cross([[3, 20], [30, 40]], "one"), _cross([[3, 20], [30, 40]], "other")
    same = [
        [("one", row, column), ("other", row, column)] for row in range(3) for column in ("c0", "c1", "all")
    ]
    together = protected_together([Layout(one, "all"), Layout(other, "all")], same)
    marks = [[[cell is Mark.CONFIDENTIAL for cell in row.cells] for row in each.rows] for each in together]
    assert marks[0] == marks[1]
    assert any(any(row) for row in marks[0])


def test_what_can_be_read_elsewhere_stays() -> None:
    public = protected(_cross([[2, 9], [9, 9]]), total="all", known=[(0, "all"), (2, "all")])
    assert public.rows[0].cells[3] == 11
    assert public.rows[2].cells[3] == 29
    assert public.rows[0].cells[1] is Mark.CONFIDENTIAL


def test_what_is_kept_back_elsewhere_is_kept_back_in_every_table_that_shows_it() -> None:
    one, other = _cross([[13, 20], [30, 40]], "one"), _cross([[13, 20], [30, 40]], "other")
    public = protected(one, total="all", hidden=[(0, "c0")])
    assert public.rows[0].cells[1] is Mark.CONFIDENTIAL
    assert (0, "c0") in _attack(one, public)
    hidden = Layout(one, "all", hidden=frozenset([(0, "c0")]))
    same = [
        [("one", row, column), ("other", row, column)] for row in range(3) for column in ("c0", "c1", "all")
    ]
    together = protected_together([hidden, Layout(other, "all")], same)
    assert all(each.rows[0].cells[1] is Mark.CONFIDENTIAL for each in together)


Counts = dict[tuple[str, str], int]
breakdowns = st.dictionaries(
    st.tuples(st.sampled_from(["m1", "m2", "m3"]), st.sampled_from("abcdef")), few, min_size=2
)


@settings(max_examples=40, deadline=None)
@given(counts=breakdowns, total=st.integers(1, RULE.least - 1))
def test_of_a_modality_that_counts_next_to_nothing_no_type_is_shown(counts: Counts, total: int) -> None:
    held = {at: count for at, count in counts.items() if at[0] != "m1"} | {("m1", "a"): total, ("m2", "b"): 9}
    cells = protected_by_modality(held)
    assert {cell for at, cell in cells.items() if at[0] == "m1"} == {Mark.CONFIDENTIAL}


def _hidden_in(counts: Counts, hidden: set[tuple[str, str]] | None = None) -> set[tuple[str, str]]:
    """The cells, without the sums over all modalities, which no report prints."""
    cells = protected_by_modality(counts, hidden or set())
    return {at for at, cell in cells.items() if cell is Mark.CONFIDENTIAL and at[0] != EVERY_MODALITY}


@settings(max_examples=40, deadline=None)
@given(counts=breakdowns, data=st.data())
def test_a_breakdown_hides_what_a_report_keeps_back_already(counts: Counts, data: st.DataObject) -> None:
    every = sorted({(modality, value) for modality, _ in counts for _, value in counts})
    hidden = data.draw(st.sets(st.sampled_from([*every, ("m1", "gone")]), max_size=5))
    cells = protected_by_modality(counts, hidden)
    full: dict[Key, int] = {at: counts.get(at, 0) for at in cells if at[0] != EVERY_MODALITY}
    sums = []
    modalities = {modality for modality, _ in cells if modality != EVERY_MODALITY}
    values = {value for _, value in cells}
    for value in values:
        parts = tuple((modality, value) for modality in modalities)
        full[EVERY_MODALITY, value] = sum(full[part] for part in parts)
        sums.append(Sum((EVERY_MODALITY, value), parts))
    for modality in modalities:
        parts = tuple((modality, value) for value in values)
        full["total", modality] = sum(full[part] for part in parts)
        sums.append(Sum(("total", modality), parts))
    kept_back = {at for at, cell in cells.items() if cell is Mark.CONFIDENTIAL}
    assert hidden <= kept_back
    known = {("total", modality) for modality in modalities}
    at_most = widths(full, sums, full.keys() - known, kept_back)
    for at, width in widths(full, sums, kept_back, kept_back).items():
        assert width >= min(RULE.width, at_most[at]), at


@settings(max_examples=60, deadline=None)
@given(counts=breakdowns, data=st.data())
def test_two_editions_tell_no_more_than_the_first_of_what_did_not_change(
    counts: Counts, data: st.DataObject
) -> None:
    """The second is of other counts, in cells that the first shows; the rest is one and the same."""
    first = _hidden_in(counts)
    shown = sorted({(modality, value) for modality, _ in counts for value in "abcdefg"} - first)
    changes = data.draw(st.dictionaries(st.sampled_from(shown), few, max_size=4)) if shown else {}
    later = counts | changes
    second = _hidden_in(later, first)
    assert first <= second
    alone = _both_editions(counts, first, counts, first)
    both = _both_editions(counts, first, later, second)
    for at in first:
        assert both[at] == alone[at], at


def _both_editions(
    counts: Counts, hidden: set[tuple[str, str]], later: Counts, hidden_later: set[tuple[str, str]]
) -> dict[Any, int]:
    """How open each count of the first edition is to one who has both and knows which counts are the same."""
    full: dict[Key, int] = {}
    sums, kept_back = [], set()
    for edition, numbers, marks in ((1, counts, hidden), (2, later, hidden_later)):
        for modality in {modality for modality, _ in numbers}:
            parts: list[Any] = []
            for value in "abcdefg":
                at = (modality, value)
                same = counts.get(at, 0) == later.get(at, 0)
                key: Key = at if same or edition == 1 else (edition, at)
                full[key] = numbers.get(at, 0)
                parts.append(key)
                if at in marks and not (same and at not in hidden):
                    kept_back.add(key)
            whole: Key = ("total", edition, modality)
            full[whole] = sum(full[part] for part in parts)
            sums.append(Sum(whole, tuple(parts)))
    return widths(full, sums, kept_back, hidden)


def test_without_the_first_edition_the_second_would_give_it_away() -> None:
    counts = {("m1", "dental"): 6, ("m1", "independent"): 40, ("m1", "nhs"): 3}
    later = counts | {("m1", "chiropractic"): 7}
    first = _hidden_in(counts)
    assert first == {("m1", "dental"), ("m1", "nhs")}
    forgetful = _hidden_in(later)
    assert ("m1", "dental") not in forgetful  # 9 together in the first, 6 in the second: 3
    assert first <= _hidden_in(later, first)


def test_a_table_that_does_not_add_up_is_refused() -> None:
    rows = [Row(("a", 3)), Row(("All", 4), is_total=True)]
    with pytest.raises(ValueError, match="add up to 3"):
        protected(_table((Column("count", "Notifications"),), rows), total=None)
    with pytest.raises(ValueError, match="is no count"):
        protected(_table((Column("count", "N"),), [Row(("a", Mark.NOT_AVAILABLE))]), total=None)
    one, other = _cross([[3, 20]], "one"), _cross([[4, 20]], "other")
    with pytest.raises(ValueError, match="called the same"):
        protected_together(
            [Layout(one, "all"), Layout(other, "all")], [[("one", 0, "c0"), ("other", 0, "c0")]]
        )
