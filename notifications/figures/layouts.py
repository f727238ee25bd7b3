"""The tables of the figures of notifications."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from notifications.figures.counts import EMPLOYER_TYPES, NOT_HELD, NOT_STATED
from notifications.models import Basis, SubModality
from regulator.organisations.models import Modality
from regulator.statistics.figures import Reported
from regulator.statistics.layouts import (
    ALL_MODALITIES,
    COUNT,
    MODALITY,
    PERCENT,
    beside_columns,
    change_columns,
    changed,
    in_words,
    is_marked,
    rounded_note,
    share_rows,
    tree_rows,
    with_total,
)
from regulator.statistics.protecting import note_of, protected_by_modality
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.tally import percent_of

Typed: TypeAlias = tuple[str, str]
"""A modality and a type of employer."""
LABELS: Final[Mapping[str, str]] = {
    **dict(Modality.choices),
    **dict(SubModality.choices),
    Basis.VOLUNTARY.value: "Voluntary reports",
    Basis.LICENCE_BREACH.value: "Licence breaches",
    NOT_STATED: "Not stated",
}
EMPLOYER_LABELS: Final[Mapping[str, str]] = {
    **dict(Modality.choices),
    **EMPLOYER_TYPES,
}
"""Of types of employer: "dental" is a kind of imaging and a kind of practice."""
_SUB_MODALITY_NUMBERS: Final[Mapping[str, str]] = dict(
    zip(Modality.values, ("Figure 2", "Figure 4", "Figure 6"), strict=True)
)
_CAUSE_NUMBERS: Final[Mapping[str, str]] = dict(
    zip(Modality.values, ("Figure 3", "Figure 5", "Figure 7"), strict=True)
)
_TIERS: Final = (
    "Tier 1: the duty holder, or the equipment, from whom the error arose. Tier 2: the point in the pathway "
    "at which it first occurred. Tier 3: what went wrong."
)


def of_notifications(reported: Reported) -> tuple[Table, ...]:
    """The shares of the modalities (Figure 1), and the change on the year before."""
    counts = reported.value["by_modality"]
    rows = share_rows(counts, reported.label, ALL_MODALITIES)
    shares = reported.table(
        "by_modality",
        "Notifications by modality",
        (MODALITY, COUNT, PERCENT),
        rows,
        number="Figure 1",
        notes=rounded_note(rows),
    )
    changes = with_total(reported.value, reported.previous, reported.label, reported.breaks)
    columns = beside_columns(reported.period.label, reported.before.label)
    told = in_words(changes[-1].cells[1], changes[-1].cells[2], reported.breaks)
    change = reported.table("change", "Notifications and the year before", columns, changes, notes=told)
    return (shares, change)


def of_sub_modalities(reported: Reported) -> tuple[Table, ...]:
    """One table for each modality (Figures 2, 4 and 6)."""
    previous = (reported.previous or {}).get("by_modality", {})
    totals = (reported.previous or {}).get("totals", {})
    return tuple(
        _of_kinds(
            reported,
            modality,
            counts,
            previous.get(modality),
            totals[modality] if modality in totals else _sum_of(previous.get(modality)),
        )
        for modality, counts in reported.value["by_modality"].items()
    )


def _of_kinds(
    reported: Reported,
    modality: str,
    counts: Mapping[str, int],
    previous: Mapping[str, Cell] | None,
    whole: Cell,
) -> Table:
    """``whole`` is what the modality counted the year before, ``previous`` what is known of its parts."""
    counts = _with_former(counts, previous)
    shares = share_rows(counts, reported.label, _total(reported, modality))
    before = [_before(previous, kind) for kind in counts]
    rows = tuple(
        Row((*share.cells, *changed(share.cells[1], earlier)[1:]), is_total=share.is_total)
        for share, earlier in zip(shares, [*before, whole], strict=True)
    )
    columns = (
        Column("sub_modality", "Sub-modality", Kind.TEXT),
        COUNT,
        PERCENT,
        *change_columns(reported.period.label, reported.before.label)[1:],
    )
    return reported.table(
        modality,
        f"{reported.label(modality)} notifications by sub-modality",
        columns,
        rows,
        number=_SUB_MODALITY_NUMBERS.get(modality, ""),
        notes=rounded_note(rows),
    )


def _sum_of(counts: Mapping[str, Cell] | None) -> Cell:
    """What the parts of a year that was counted add up to; of a year that is not held nothing is known."""
    if counts is None or any(isinstance(cell, Mark) for cell in counts.values()):
        return Mark.NOT_AVAILABLE
    return sum(cell for cell in counts.values() if isinstance(cell, int))


def _with_former(counts: Mapping[str, int], previous: Mapping[str, Cell] | None) -> Mapping[str, int]:
    """With a nought for each kind that was counted the year before and not in this one, which would be
    missing from the sum of that year."""
    gone = [kind for kind, cell in (previous or {}).items() if isinstance(cell, int) and cell]
    held = {**dict.fromkeys(gone, 0), **counts}
    order = [*SubModality.values, NOT_STATED]
    return {kind: held[kind] for kind in sorted(held, key=order.index)}


def _before(previous: Mapping[str, Cell] | None, kind: str) -> Cell:
    """What is not in a counted year counts 0 there; of a year that is not held nothing is known."""
    return Mark.NOT_AVAILABLE if previous is None else previous.get(kind, 0)


def of_employer_types(reported: Reported) -> tuple[Table, ...]:
    """One table for each modality. Some types are a handful of employers, so small counts are kept back
    (decision 38), the same as wherever else this breakdown is public."""
    cells = protected_types(reported.value)
    return tuple(
        _of_types(reported, modality, table, cells)
        for modality, table in reported.value["by_modality"].items()
    )


def protected_types(value: Mapping[str, Any]) -> Mapping[Typed, Cell]:
    """Of the value of the figure by type of employer, each count by modality and type, and by type over all
    modalities (``EVERY_MODALITY``), or the mark of one that is kept back."""
    return _protected_types(
        tuple(
            (modality, kind, row["count"])
            for modality, table in value["by_modality"].items()
            for kind, row in table.items()
        ),
        tuple((modality, kind) for modality, kinds in value.get("kept_back", {}).items() for kind in kinds),
    )


@lru_cache(maxsize=8)
def _protected_types(
    rows: tuple[tuple[str, str, int], ...], kept_back: tuple[Typed, ...]
) -> Mapping[Typed, Cell]:
    return protected_by_modality({(modality, kind): count for modality, kind, count in rows}, kept_back)


def _of_types(
    reported: Reported,
    modality: str,
    table: Mapping[str, Mapping[str, int]],
    cells: Mapping[Typed, Cell],
) -> Table:
    hidden = {kind for (of, kind), cell in cells.items() if of == modality and cell is Mark.CONFIDENTIAL}
    kinds = [kind for kind in EMPLOYER_TYPES if kind in table or kind in hidden]
    counts = {kind: table[kind]["count"] if kind in table else 0 for kind in kinds}
    rows = share_rows(counts, reported.label, _total(reported, modality))
    shown = tuple(
        Row((row.cells[0], Mark.CONFIDENTIAL, Mark.CONFIDENTIAL)) if kind in hidden else row
        for kind, row in zip([*counts, ""], rows, strict=True)
    )
    return reported.table(
        modality,
        f"{reported.label(modality)} notifications by type of employer",
        (Column("employer_type", "Type of employer", Kind.TEXT), COUNT, PERCENT),
        shown,
        notes=(note_of(),) if hidden else rounded_note(rows),
    )


def of_causes(reported: Reported) -> tuple[Table, ...]:
    """Tier 1 over all modalities, and the tree of the three tiers for each modality (Figures 3, 5 and 7)."""
    trees = reported.value["by_modality"]
    return (_tier1(reported, trees), *(_tree(reported, name, tree) for name, tree in trees.items()))


def _tier1(reported: Reported, trees: Mapping[str, Any]) -> Table:
    uncoded = reported.value["not_yet_coded"]
    rows = [
        _across(label, [_count(tree.get(label, 0)) for tree in trees.values()])
        for label in reported.value["tier1"]
    ]
    waiting = [uncoded.get(name, 0) for name in trees]
    if any(waiting):
        rows.append(_across("Not yet coded", waiting))
    wholes = [_whole(tree, uncoded.get(name, 0)) for name, tree in trees.items()]
    rows.append(_across("All notifications", wholes, is_total=True))
    columns = (
        Column("tier1", "Tier 1", Kind.TEXT),
        *(Column(name, reported.label(name)) for name in trees),
        Column("total", ALL_MODALITIES),
    )
    return reported.table("tier1", "From whom the error arose", columns, rows)


def _across(label: str, counts: list[int], *, is_total: bool = False) -> Row:
    return Row((label, *counts, sum(counts)), is_total=is_total)


def _tree(reported: Reported, modality: str, tree: Mapping[str, Any]) -> Table:
    uncoded = reported.value["not_yet_coded"].get(modality, 0)
    whole = _whole(tree, uncoded)
    rows = [*tree_rows(tree, whole)]
    if uncoded:
        rows.append(Row(("Not yet coded", uncoded, percent_of(uncoded, whole))))
    rows.append(Row((_total(reported, modality), whole, percent_of(whole, whole)), is_total=True))
    return reported.table(
        modality,
        f"{reported.label(modality)} notifications by cause",
        (Column("cause", "Cause", Kind.TEXT), COUNT, PERCENT),
        rows,
        number=_CAUSE_NUMBERS.get(modality, ""),
        notes=(_TIERS, *rounded_note(_lowest(rows))),
    )


def _lowest(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that are not sums, and the last, which is the sum of them all."""
    held = list(rows)
    return (*(row for row in held if not row.is_total), held[-1])


def _whole(tree: Mapping[str, Any], uncoded: int) -> int:
    return sum(_count(node) for node in tree.values()) + uncoded


def _count(node: Any) -> int:
    return int(node["count"] if isinstance(node, Mapping) else node)


def _total(reported: Reported, modality: str) -> str:
    return f"All {reported.label(modality).lower()} notifications"


def of_those_apart(reported: Reported) -> tuple[Table, ...]:
    """Voluntary reports and licence breaches."""
    rows = [Row((reported.label(kind), number)) for kind, number in reported.value.items()]
    return (
        reported.table(
            "",
            "Voluntary reports and licence breaches",
            (Column("kind", "Kind", Kind.TEXT), COUNT),
            rows,
            notes=(NOT_HELD,) if is_marked(reported.value) else (),
        ),
    )
