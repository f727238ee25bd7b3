"""Suppression attacked: no count that is kept back can be worked out, nor narrowed below the stated width."""

import itertools
from collections.abc import Collection, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.statistics.suppression import RULE, Key, Rule, Sum, Suppression, suppress
from tests.statistics.attack import FAR, widths

few = st.one_of(st.integers(0, 7), st.integers(0, 60))
Tables = tuple[dict[Key, int], list[Sum]]


def two_way(cells: Sequence[Sequence[int]], name: str = "t") -> Tables:
    """A table with its margins; rows and columns are numbered, the margins are called "all"."""
    counts: dict[Key, int] = {}
    height, across = range(len(cells)), range(len(cells[0]))
    for row, column in itertools.product(height, across):
        counts[name, row, column] = cells[row][column]
    sums = [Sum((name, row, "all"), tuple((name, row, column) for column in across)) for row in height]
    sums += [Sum((name, "all", column), tuple((name, row, column) for row in height)) for column in across]
    sums.append(Sum((name, "all", "all"), tuple((name, row, "all") for row in height)))
    sums.append(Sum((name, "all", "all"), tuple((name, "all", column) for column in across)))
    for each in sums:
        counts[each.whole] = sum(counts[part] for part in each.parts)
    return counts, sums


def tree(shape: Sequence[Sequence[Sequence[int]]]) -> Tables:
    """A tree of three tiers below one total; a node is its path."""
    counts: dict[Key, int] = {}
    sums: list[Sum] = []
    for first, second_tier in enumerate(shape):
        for second, leaves in enumerate(second_tier):
            for third, count in enumerate(leaves):
                counts[first, second, third] = count
            parts = tuple((first, second, third) for third in range(len(leaves)))
            sums.append(Sum((first, second), parts))
        sums.append(Sum((first,), tuple((first, second) for second in range(len(second_tier)))))
    sums.append(Sum((), tuple((first,) for first in range(len(shape)))))
    for each in sums:
        counts[each.whole] = sum(counts[part] for part in each.parts)
    return counts, sums


def linked(cells: Sequence[Sequence[Sequence[int]]]) -> Tables:
    """Two tables of one cube (a by b, a by c), which share the margin a and the total."""
    left = [[sum(line) for line in sheet] for sheet in cells]
    right = [[sum(line[c] for line in sheet) for c in range(len(cells[0][0]))] for sheet in cells]
    one, two = two_way(left, "t"), two_way(right, "u")

    def shared(key: Key) -> Key:
        assert isinstance(key, tuple)
        return ("t", *key[1:]) if key[0] == "u" and key[2] == "all" else key

    counts = one[0] | {shared(key): count for key, count in two[0].items()}
    more = [Sum(shared(each.whole), tuple(map(shared, each.parts))) for each in two[1]]
    return counts, one[1] + [each for each in more if each not in one[1]]


def cube(cells: Sequence[Sequence[Sequence[int]]]) -> Tables:
    """A table of three dimensions with all its margins of two, one and no dimension."""
    spans = (range(len(cells)), range(len(cells[0])), range(len(cells[0][0])))
    counts: dict[Key, int] = {(a, b, c): cells[a][b][c] for a, b, c in itertools.product(*spans)}
    sums: list[Sum] = []
    for axis in range(3):
        others = [[*spans[each], "all"] if each != axis else ["all"] for each in range(3)]
        for whole in itertools.product(*others):
            parts = tuple((*whole[:axis], place, *whole[axis + 1 :]) for place in spans[axis])
            sums.append(Sum(whole, parts))
    waiting = list(sums)
    while waiting:
        ready = [each for each in waiting if all(part in counts for part in each.parts)]
        for each in ready:
            counts[each.whole] = sum(counts[part] for part in each.parts)
        waiting = [each for each in waiting if each not in ready]
    return counts, sums


def _sheet(least: int, most: int) -> st.SearchStrategy[list[list[int]]]:
    return st.integers(least, most).flatmap(
        lambda across: st.lists(
            st.lists(few, min_size=across, max_size=across), min_size=least, max_size=most
        )
    )


def _cubes(most: int) -> st.SearchStrategy[list[list[list[int]]]]:
    def of(b: int, c: int) -> st.SearchStrategy[list[list[list[int]]]]:
        line = st.lists(few, min_size=c, max_size=c)
        return st.lists(st.lists(line, min_size=b, max_size=b), min_size=2, max_size=most)

    return st.tuples(st.integers(2, most), st.integers(2, most)).flatmap(lambda size: of(*size))


trees = st.lists(
    st.lists(st.lists(few, min_size=1, max_size=4), min_size=1, max_size=3), min_size=1, max_size=4
)


def _attacked(
    tables: Tables, known: Collection[Key] = (), rule: Rule = RULE, hidden: Collection[Key] = ()
) -> Suppression:
    """Suppress, and then assert all that is promised, by what the attacker finds."""
    counts, sums = tables
    found = suppress(counts, sums, rule, known, hidden)
    assert found.kept_back >= set(hidden)
    assert found.small == {
        key for key, count in counts.items() if 0 < count < rule.least and key not in set(known)
    }
    assert found.small <= found.kept_back
    assert not found.kept_back & set(known)
    assert found.narrow <= found.kept_back
    open_ = widths(counts, sums, found.kept_back, found.kept_back)
    at_most = widths(counts, sums, set(counts) - set(known), found.narrow)
    for key, width in open_.items():
        if key in found.narrow:
            assert width >= min(rule.width, at_most[key]), key
        else:
            assert width >= rule.width, key
    return found


@settings(max_examples=60, deadline=None)
@given(cells=_sheet(1, 6))
def test_tables_with_margins(cells: list[list[int]]) -> None:
    found = _attacked(two_way(cells))
    assert not found.narrow  # nothing is known from elsewhere: every count can be protected


@settings(max_examples=40, deadline=None)
@given(cells=_sheet(2, 5), data=st.data())
def test_tables_of_which_margins_are_known_from_elsewhere(
    cells: list[list[int]], data: st.DataObject
) -> None:
    counts, sums = two_way(cells)
    margins = sorted({each.whole for each in sums}, key=repr)
    known = data.draw(st.sets(st.sampled_from(margins)))
    found = _attacked((counts, sums), known)
    limits = widths(counts, sums, set(counts) - known, found.narrow)
    assert all(limits[key] < RULE.width for key in found.narrow)  # truly narrow, not given up


@settings(max_examples=40, deadline=None)
@given(cells=_sheet(2, 5), data=st.data())
def test_what_is_kept_back_elsewhere_is_kept_back_and_protected_too(
    cells: list[list[int]], data: st.DataObject
) -> None:
    counts, sums = two_way(cells)
    hidden = data.draw(st.sets(st.sampled_from(sorted(counts, key=repr)), max_size=6))
    margins = sorted({each.whole for each in sums} - hidden, key=repr)
    known = data.draw(st.sets(st.sampled_from(margins))) if margins else set()
    found = _attacked((counts, sums), known, hidden=hidden)
    limits = widths(counts, sums, set(counts) - known, found.narrow)
    assert all(limits[key] < RULE.width for key in found.narrow)


@settings(max_examples=40, deadline=None)
@given(shape=trees, data=st.data())
def test_trees(shape: list[list[list[int]]], data: st.DataObject) -> None:
    counts, sums = tree(shape)
    known = data.draw(st.sets(st.sampled_from([(), *((first,) for first in range(len(shape)))])))
    found = _attacked((counts, sums), known)
    limits = widths(counts, sums, set(counts) - known, found.narrow)
    assert all(limits[key] < RULE.width for key in found.narrow)


@settings(max_examples=40, deadline=None)
@given(cells=_cubes(4))
def test_linked_tables_that_share_a_margin(cells: list[list[list[int]]]) -> None:
    _attacked(linked(cells))


@settings(max_examples=20, deadline=None)
@given(cells=_cubes(3), total_is_known=st.booleans())
def test_tables_of_three_dimensions(cells: list[list[list[int]]], total_is_known: bool) -> None:
    _attacked(cube(cells), [("all", "all", "all")] if total_is_known else [])


@settings(max_examples=25, deadline=None)
@given(cells=_sheet(2, 4), least=st.integers(2, 11), width=st.integers(1, 12))
def test_any_rule(cells: list[list[int]], least: int, width: int) -> None:
    _attacked(two_way(cells), rule=Rule(least, width))


@given(cells=_sheet(1, 5))
def test_the_same_table_gives_the_same_answer(cells: list[list[int]]) -> None:
    counts, sums = two_way(cells)
    assert suppress(counts, sums) == suppress(dict(counts), list(sums))


def test_the_attacker_of_these_tests_does_find_a_count_that_stands_alone() -> None:
    counts, sums = two_way([[3, 20, 30], [10, 20, 30]])
    alone: list[Key] = [("t", 0, 0)]
    assert widths(counts, sums, alone, alone) == {("t", 0, 0): 0}
    pair: list[Key] = [("t", 0, 0), ("t", 0, 1), ("t", 1, 0), ("t", 1, 1)]
    assert widths(counts, sums, pair, pair[:1]) == {("t", 0, 0): 13}


def test_one_small_count_takes_a_rectangle_and_no_more() -> None:
    found = _attacked(two_way([[3, 20, 30], [10, 20, 30], [40, 50, 60]]))
    assert found.small == {("t", 0, 0)}
    assert len(found.kept_back) == 4
    assert all("all" not in key for key in found.kept_back if isinstance(key, tuple))


def test_two_ones_in_a_row_do_not_hide_each_other() -> None:
    # 1 + 1 = 2: each would be 0, 1 or 2
    found = _attacked(two_way([[1, 1, 30, 30], [30, 30, 30, 30], [30, 30, 30, 30]]))
    assert len(found.kept_back & {("t", 0, column) for column in range(4)}) > 2


def test_a_row_of_one_count_and_noughts_hides_a_nought_or_the_row() -> None:
    found = _attacked(two_way([[3, 0, 0], [10, 20, 30], [40, 50, 60]]))
    # the row's own total is small as well
    assert {("t", 0, 0), ("t", 0, "all")} <= found.kept_back


def test_a_single_type_of_employer_is_hidden_with_its_total() -> None:
    found = _attacked(two_way([[2]]))
    assert found.kept_back == {("t", 0, 0), ("t", 0, "all"), ("t", "all", 0), ("t", "all", "all")}


def test_noughts_and_large_counts_alone_are_all_published() -> None:
    found = _attacked(two_way([[0, 5, 0], [80, 0, 7]]))
    assert found == Suppression(frozenset(), frozenset(), frozenset())


def test_what_is_known_to_be_small_leaves_its_parts_narrow() -> None:
    found = _attacked(two_way([[1, 2], [20, 30]]), known=[("t", 0, "all")])
    assert found.narrow == {("t", 0, 0), ("t", 0, 1)}


def _below_small(counts: dict[Key, int], sums: list[Sum], known: Collection[Key]) -> set[Key]:
    """What lies at any depth below a known total of which 1 to 4 are not known themselves."""
    found: set[Key] = set()
    while True:
        below = set()
        for each in sums:
            rest = sum(counts[part] for part in each.parts if part not in known)
            if each.whole in found or (each.whole in known and 0 < rest < RULE.least):
                below |= set(each.parts) - set(known)
        if below <= found:
            return found
        found |= below


@settings(max_examples=60, deadline=None)
@given(cells=_sheet(2, 5), data=st.data())
def test_below_a_known_total_that_is_small_nothing_is_shown(
    cells: list[list[int]], data: st.DataObject
) -> None:
    cells[0] = [1] + [0] * (len(cells[0]) - 1)
    counts, sums = two_way(cells)
    margins = sorted({each.whole for each in sums} - {("t", 0, "all")}, key=repr)
    known = {("t", 0, "all"), *data.draw(st.sets(st.sampled_from(margins)))}
    found = _attacked((counts, sums), known)
    assert {("t", 0, column) for column in range(len(cells[0]))} <= found.kept_back
    assert _below_small(counts, sums, known) <= found.kept_back


@settings(max_examples=40, deadline=None)
@given(shape=trees)
def test_below_a_known_top_that_is_small_the_whole_tree_is_kept_back(shape: list[list[list[int]]]) -> None:
    shape[0] = [[0, 2], [0]]
    counts, sums = tree(shape)
    found = _attacked((counts, sums), [(0,), ()])
    assert {(0, 0), (0, 1), (0, 0, 0), (0, 0, 1), (0, 1, 0)} <= found.kept_back
    assert found.kept_back >= _below_small(counts, sums, [(0,), ()])


def test_below_a_small_total_of_a_large_table_enough_is_kept_back() -> None:
    chance = Random(3)
    cells = [[0] * 11 for _ in range(85)]
    for row in cells:
        for _ in range(chance.choice([1, 1, 2, 3, 4, 8, 20, 60])):
            row[chance.randrange(11)] += 1
    counts, sums = two_way(cells)
    known = [key for key in counts if isinstance(key, tuple) and "all" in key]
    found = suppress(counts, sums, known=known)
    assert _below_small(counts, sums, known) <= found.kept_back


def test_nothing_known_twice_over_is_kept_back() -> None:
    counts, sums = two_way([[2, 9], [9, 9]])
    assert suppress(counts, sums, known=counts) == Suppression(frozenset(), frozenset(), frozenset())


def test_a_table_of_some_hundred_counts_keeps_the_width_and_little_more_than_it_must() -> None:
    chance = Random(7)
    cells = [[int(chance.expovariate(0.1)) for _ in range(15)] for _ in range(30)]
    counts, sums = two_way(cells)
    found = suppress(counts, sums)
    some = sorted(found.kept_back, key=repr)[::12]
    assert min(widths(counts, sums, found.kept_back, some).values()) >= RULE.width
    assert len(found.kept_back) < 2 * len(found.small) + 10


def test_a_large_count_that_is_kept_back_elsewhere_takes_a_rectangle() -> None:
    counts, sums = two_way([[13, 20, 30], [10, 20, 30], [40, 50, 60]])
    assert not suppress(counts, sums).kept_back
    found = _attacked((counts, sums), hidden=[("t", 0, 0)])
    assert ("t", 0, 0) in found.kept_back
    assert len(found.kept_back) == 4
    assert not found.small


def test_what_is_kept_back_elsewhere_is_counted_and_not_known() -> None:
    counts: dict[Key, int] = {"a": 30, "b": 50}
    for known, hidden in ((["a"], ["a"]), ([], ["c"])):
        with pytest.raises(ValueError, match="kept back elsewhere"):
            suppress(counts, [], known=known, hidden=hidden)


def test_without_any_sum_a_small_count_is_simply_kept_back() -> None:
    counts: dict[Key, int] = {"a": 3, "b": 5}
    assert suppress(counts, []).kept_back == {"a"}
    assert widths(counts, [], ["a"], ["a"]) == {"a": FAR}


def test_what_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="its parts add up to 3"):
        suppress({"all": 4, "a": 3}, [Sum("all", ("a",))])
    with pytest.raises(ValueError, match="0 or more"):
        suppress({"a": -1}, [])
