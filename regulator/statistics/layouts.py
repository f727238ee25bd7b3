"""Rows and columns that the tables of several figures have in common. Pure.

Shares and changes are whole per cent, halves up, as CQC prints them. A share of nothing, and a change on a
year that is not known, is a mark and not a nought.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from regulator.statistics.changes import Change, Verdict, change, statement
from regulator.statistics.rounding import sum_note
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row
from regulator.statistics.tally import change_percent, percent_of

__all__ = [
    "ALL_MODALITIES",
    "COUNT",
    "MODALITY",
    "NOISE",
    "PERCENT",
    "beside_columns",
    "change_columns",
    "changed",
    "compared_rows",
    "cross_columns",
    "cross_rows",
    "in_words",
    "is_marked",
    "rounded_note",
    "share_rows",
    "tree_rows",
    "with_total",
]

MODALITY: Final = Column("modality", "Modality", Kind.TEXT)
ALL_MODALITIES: Final = "All modalities"
COUNT: Final = Column("count", "Number")
PERCENT: Final = Column("percent", "Share", Kind.PERCENT)
NOISE: Final = (
    Column("change_lower", "95% interval from", Kind.CHANGE_PERCENT),
    Column("change_upper", "to", Kind.CHANGE_PERCENT),
    Column("verdict", "What may be said", Kind.TEXT),
)
"""What stands beside a change: its exact interval in whole per cent, and whether it is more than chance."""
_VERDICTS: Final = {
    Verdict.MORE: "A rise beyond what chance would give",
    Verdict.FEWER: "A fall beyond what chance would give",
    Verdict.CHANCE: "No more than chance would give",
    Verdict.UNKNOWN: "Neither a rise nor a fall can be stated",
}

Label = Callable[[str], str]


def is_marked(counts: Mapping[str, Cell]) -> bool:
    """Whether a mark stands among the counts, so that they have no sum."""
    return any(isinstance(cell, Mark) for cell in counts.values())


def share_rows(counts: Mapping[str, Cell], label: Label, total: str) -> tuple[Row, ...]:
    """A row for each count with its share of their sum, and the sum as the row ``total``. Where a count is a
    mark, none has a share, and the sum is not available."""
    numbers = {key: cell for key, cell in counts.items() if isinstance(cell, int)}
    if len(numbers) < len(counts):
        unknown = Mark.NOT_AVAILABLE
        marked = [Row((label(key), cell, unknown)) for key, cell in counts.items()]
        return (*marked, Row((total, unknown, unknown), is_total=True))
    whole = sum(numbers.values())
    rows = [Row((label(key), count, percent_of(count, whole))) for key, count in numbers.items()]
    return (*rows, Row((total, whole, percent_of(whole, whole)), is_total=True))


def rounded_note(rows: tuple[Row, ...], at: int = 2) -> tuple[str, ...]:
    """The note that shares do not add up to 100, where those in column ``at`` do not; total rows apart."""
    parts = [cell for row in rows if not row.is_total and isinstance(cell := row.cells[at], int)]
    note = sum_note(parts)
    return (note,) if note else ()


def change_columns(now: str, before: str) -> tuple[Column, ...]:
    """The count of the year ``now``, that of the year ``before``, and the change."""
    return (
        Column("count", now),
        Column("previous", before),
        Column("change", "Change", Kind.CHANGE),
        Column("change_percent", "Change in per cent", Kind.CHANGE_PERCENT),
    )


def beside_columns(now: str, before: str) -> tuple[Column, ...]:
    """The modality, ``change_columns``, and whether the change is more than chance: over ``with_total``."""
    return (MODALITY, *change_columns(now, before), *NOISE)


def changed(now: Cell, before: Cell) -> tuple[Cell, ...]:
    """The cells under ``change_columns``."""
    if isinstance(now, int) and isinstance(before, int):
        return (now, before, now - before, change_percent(now, before))
    return (now, before, Mark.NOT_AVAILABLE, Mark.NOT_AVAILABLE)


def compared_rows(
    counts: Mapping[str, int], previous: Mapping[str, Any] | None, label: Label
) -> tuple[Row, ...]:
    """A row for each count beside the year before's, where that is known."""
    before = previous or {}
    return tuple(
        Row((label(key), *changed(count, before.get(key, Mark.NOT_AVAILABLE))))
        for key, count in counts.items()
    )


def with_total(
    value: Mapping[str, Any],
    previous: Mapping[str, Any] | None,
    label: Label,
    breaks: Sequence[str] = (),
) -> tuple[Row, ...]:
    """The rows of a value ``{"total": n, "by_modality": counts}`` under ``beside_columns``, its total as the
    last. ``breaks`` are the reasons for which the two years were not counted alike."""
    before = previous or {}
    whole = changed(value["total"], before.get("total", Mark.NOT_AVAILABLE))
    rows = (
        *compared_rows(value["by_modality"], before.get("by_modality"), label),
        Row((ALL_MODALITIES, *whole), is_total=True),
    )
    return tuple(
        Row((*row.cells, *_noise(row.cells[1], row.cells[2], breaks)), row.depth, row.is_total)
        for row in rows
    )


def _noise(now: Cell, before: Cell, breaks: Sequence[str]) -> tuple[Cell, ...]:
    """The cells under ``NOISE``."""
    if not isinstance(now, int) or not isinstance(before, int):
        return (Mark.NOT_AVAILABLE,) * len(NOISE)
    found = change(before, now, breaks=breaks)
    return (*_limits(found), _VERDICTS[found.verdict])


def in_words(now: Cell, before: Cell, breaks: Sequence[str]) -> tuple[str, ...]:
    """What a change says, in a sentence for a note; none where a number is not known, or the two were not
    counted alike, which the reasons say."""
    if breaks or not isinstance(now, int) or not isinstance(before, int):
        return ()
    return (statement(change(before, now)),)


def _limits(found: Change) -> tuple[Cell, Cell]:
    """In whole per cent, outwards: never narrower than computed."""
    if found.percent is None:
        return (Mark.NOT_APPLICABLE, Mark.NOT_APPLICABLE)
    shown = found.percent.rounded(0)
    return (int(shown.lower), Mark.NOT_APPLICABLE if shown.upper.is_infinite() else int(shown.upper))


def tree_rows(tree: Mapping[str, Any], whole: int, depth: int = 0) -> Iterator[Row]:
    """The nodes of a tree of counts (as ``tally.tree_of``), each with its share of ``whole``, in the order of
    the tree: a node that has parts is a sum of the rows below it."""
    for label, node in tree.items():
        if isinstance(node, Mapping):
            count = int(node["count"])
            yield Row((label, count, percent_of(count, whole)), depth, is_total=True)
            yield from tree_rows(node["parts"], whole, depth + 1)
        else:
            yield Row((label, int(node), percent_of(int(node), whole)), depth)


def cross_columns(first: Column, keys: Iterable[str], label: Label, total: str) -> tuple[Column, ...]:
    """The columns of a table with one column for each of ``keys`` and one for their sum."""
    return (first, *(Column(key, label(key)) for key in keys), Column("total", total))


def cross_rows(
    rows: Iterable[tuple[str, Mapping[str, int]]], keys: Sequence[str], total: str = ""
) -> tuple[Row, ...]:
    """Rows (label, count by key) under ``cross_columns``; with a row ``total`` where the rows are parts of
    one whole, and none where a thing may stand in several of them."""
    made = [(label, [counts.get(key, 0) for key in keys]) for label, counts in rows]
    sums = [sum(column) for column in zip(*(cells for _, cells in made), strict=True)] or [0 for _ in keys]
    told = tuple(Row((label, *cells, sum(cells))) for label, cells in made)
    return (*told, Row((total, *sums, sum(sums)), is_total=True)) if total else told
