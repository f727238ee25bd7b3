"""How the time to suppress a table grows with it: a ratio of processor times in one run."""

from random import Random
from time import process_time
from typing import Final

import pytest

from regulator.statistics.suppression import Key, Sum, suppress
from tests.statistics.test_suppression import two_way

COLUMNS: Final = 11
ROWS: Final = 20
TIMES: Final = 4
ROUNDS: Final = 3
MOST: Final = 2 * TIMES**2
"""Each small count looks at the others: four times the rows, sixteen times the time; and room for chance."""


def table(rows: int) -> tuple[dict[Key, int], list[Sum]]:
    """Mostly small counts, as of regulations by month."""
    chance = Random(3)
    cells = [[0] * COLUMNS for _ in range(rows)]
    for row in cells:
        for _ in range(chance.choice([1, 1, 2, 3, 4, 8, 20, 60])):
            row[chance.randrange(COLUMNS)] += 1
    return two_way(cells)


def seconds(rows: int) -> float:
    """The best of some rounds, the totals being known."""
    counts, sums = table(rows)
    known = [key for key in counts if isinstance(key, tuple) and "all" in key]
    taken = []
    for _ in range(ROUNDS):
        begun = process_time()
        suppress(counts, sums, known=known)
        taken.append(process_time() - begun)
    return min(taken)


def test_four_times_the_table_takes_no_more_than_the_square_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    small, large = seconds(ROWS), seconds(ROWS * TIMES)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nsuppressed: {ROWS} rows {small:.3f} s, {ROWS * TIMES} rows {large:.3f} s: {large / small:.1f}"
        )
    assert large <= MOST * small
