"""A year broken down further than by modality, with whatever could point to one case kept back.

Each dimension is protected as a whole, over all modalities, so that the page of one modality and that of all
show the same cells; the totals by modality are known to everybody, and counted on by whoever subtracts.
"""

from collections.abc import Collection, Mapping
from typing import Final

from regulator.organisations.models import Modality
from regulator.statistics.keeping import KeptBack, kept_by_modality
from regulator.statistics.protecting import EVERY_MODALITY, protected_by_modality
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.totals.cells import SOURCES, Dimension

__all__ = ["breakdown"]

Counts = Mapping[tuple[str, str], int]
"""By modality and value."""
_KEPT_BACK: Final = (
    "Counts from 1 to 4 are kept back, and others with them, so that nobody can be recognised and nothing "
    "that is kept back can be worked out from the rest of this page. The annual report on a year, once it is "
    "signed, prints that year’s national numbers by kind of examination or treatment and by cause in full."
)
"""What is kept back, and where it is not (docs/decisions/0038)."""


def breakdown(
    name: str,
    series: str,
    counts: Counts,
    modality: str,
    label: str,
    basis: str,
    source: str,
    kept_back: Collection[KeptBack] = (),
) -> Table:
    """One dimension of a year, of one modality or ("") of all, the most frequent first unless its values
    have an order of their own. ``kept_back`` is what the published reports on the year keep back."""
    held = SOURCES.get(series)
    dimension = held.dimensions[name]
    labels = {**dimension.labels, "": dimension.unknown}
    figure = f"{held.figure}_by_{name}"
    hidden = kept_by_modality(kept_back, figure, [*Modality.values, ""], labels)
    cells = protected_by_modality(counts, hidden)
    values = _in_order(cells, dimension)
    of = modality or EVERY_MODALITY
    rows = [(value, cells.get((of, value), 0)) for value in values]
    shown = [(value, cell) for value, cell in rows if cell != 0]
    where = f", {Modality(modality).label.lower()}" if modality else ""
    return Table(
        name=name.replace("_", "-"),
        title=f"Notifications in {label} by {dimension.heading[:1].lower()}{dimension.heading[1:]}{where}",
        columns=(Column(name, dimension.heading, Kind.TEXT), Column("notifications", "Notifications")),
        rows=tuple(Row((dimension.label_of(value), cell)) for value, cell in shown),
        unit="notifications",
        basis=basis,
        notes=(_KEPT_BACK,) if any(cell is Mark.CONFIDENTIAL for _, cell in shown) else (),
        source=source,
    )


def _in_order(cells: Mapping[tuple[str, str], Cell], dimension: Dimension) -> list[str]:
    """The values that occur: in the order of the labels, else by the number over all modalities; what is not
    stated last. Which of two kept-back counts is the larger is no matter: they are sorted by name."""
    found = {value for _, value in cells}
    if dimension.labels:
        places = {value: place for place, value in enumerate(dimension.labels)}
        return sorted(found, key=lambda value: (value == "", places.get(value, len(places)), value))
    return sorted(found, key=lambda value: (value == "", _sinking(cells[EVERY_MODALITY, value]), value))


def _sinking(cell: Cell) -> tuple[int, int]:
    return (0, -cell) if isinstance(cell, int) else (1, 0)
