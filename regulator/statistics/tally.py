"""Arranging counted rows: trees of counts, shares, and whether parts add up to their whole. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from regulator.statistics.rounding import half_up
from regulator.statistics.tables import Mark

__all__ = [
    "by_first",
    "change_percent",
    "disagreements",
    "percent_of",
    "sum_differs",
    "tree_of",
    "with_percent",
]


def by_first(rows: Iterable[tuple[str, str, int]], keys: Sequence[str]) -> dict[str, dict[str, int]]:
    """Rows (first, second, count) as a table: ``keys`` first, in this order, even where nothing counts."""
    table: dict[str, dict[str, int]] = {key: {} for key in keys}
    for first, second, count in rows:
        inner = table.setdefault(first, {})
        inner[second] = inner.get(second, 0) + count
    return table


def tree_of(rows: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, Any]:
    """Rows (path, count) as a tree: label to count at the leaves, and above them label to
    ``{"count": n, "parts": tree}``, in the order in which labels first appear. Paths have one length."""
    grouped: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for path, count in rows:
        grouped.setdefault(path[0], []).append((path[1:], count))
    return {
        label: sum(count for _, count in inner)
        if not inner[0][0]
        else {"count": sum(count for _, count in inner), "parts": tree_of(inner)}
        for label, inner in grouped.items()
    }


def with_percent(counts: Mapping[str, int]) -> dict[str, dict[str, int | str]]:
    """Each count with its share of their sum, as ``percent_of``."""
    total = sum(counts.values())
    return {key: {"count": count, "percent": percent_of(count, total)} for key, count in counts.items()}


def percent_of(count: int, whole: int) -> int | Mark:
    """A share in whole per cent, halves up, as CQC prints it; of nothing it is not applicable, and what is
    not nought but would be printed as such is low."""
    if not whole:
        return Mark.NOT_APPLICABLE
    share = int(half_up(100 * count, whole))
    return Mark.LOW if count and not share else share


def change_percent(count: int, before: int) -> int | Mark:
    """The change on ``before`` in whole per cent, halves away from nought; on nothing not applicable."""
    return int(half_up(100 * (count - before), before)) if before else Mark.NOT_APPLICABLE


def sum_differs(what: str, whole: int, parts: Iterable[int]) -> Iterator[str]:
    """Says so where ``parts`` do not add up to ``whole``."""
    total = sum(parts)
    if total != whole:
        yield f"{what}: the parts add up to {total}, not to {whole}."


def disagreements(what: str, tree: Mapping[str, Any]) -> Iterator[str]:
    """Says, for each node of a tree, where its parts do not add up to its count."""
    for label, node in tree.items():
        if isinstance(node, Mapping):
            yield from sum_differs(f"{what} > {label}", node["count"], map(_count, node["parts"].values()))
            yield from disagreements(f"{what} > {label}", node["parts"])


def _count(node: Any) -> int:
    return int(node["count"] if isinstance(node, Mapping) else node)
