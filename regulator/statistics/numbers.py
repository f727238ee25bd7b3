"""Single numbers by name, for the prose between the tables: ``{{ wrong_patient_referred }}``.

Each is read from the value of a registered figure, so that a sentence can say nothing else than the table
beside it. Who writes a block chooses from these names; a name that is not registered is refused beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regulator.registry import Registry
from regulator.statistics.figures import Values
from regulator.statistics.layouts import changed
from regulator.statistics.tables import Cell, Kind, Mark
from regulator.statistics.tally import percent_of

__all__ = [
    "NUMBERS",
    "Number",
    "Reader",
    "at",
    "counted_at",
    "register_change",
    "register_count",
    "share_of",
    "sum_of",
]


@dataclass(frozen=True, slots=True)
class Number:
    """``read(values, previous)`` takes the values of all figures of the report and of the year before it
    (of the figures that are compared and held then; else an empty mapping), and gives the number, or the
    mark that says why there is none."""

    meaning: str
    kind: Kind
    read: Callable[[Values, Values], Cell]


NUMBERS: Registry[Number] = Registry("number for prose")


Reader = Callable[[Values], Cell]
"""Reads one number from the values of all figures."""


def at(*path: str, missing: Cell = Mark.NOT_AVAILABLE) -> Reader:
    """Reads what stands at ``path`` (the figure's name, then its keys), or ``missing``."""

    def read(values: Values) -> Cell:
        found: Any = values
        for key in path:
            if not isinstance(found, Mapping) or key not in found:
                return missing
            found = found[key]
        cell: Cell = found
        return cell

    return read


def counted_at(*path: str) -> Reader:
    """As ``at``; in a figure that is known, what is not named counts 0: nothing of it was counted."""

    def read(values: Values) -> Cell:
        return at(*path, missing=0)(values) if path[0] in values else Mark.NOT_AVAILABLE

    return read


def sum_of(*readers: Reader) -> Reader:
    """Reads the sum of counts; not available where one of them is not."""

    def read(values: Values) -> Cell:
        cells = [reader(values) for reader in readers]
        counts = [cell for cell in cells if isinstance(cell, int)]
        return sum(counts) if len(counts) == len(cells) else Mark.NOT_AVAILABLE

    return read


def share_of(count: Reader, whole: Reader) -> Reader:
    """Reads the share of a count in whole per cent, as in the tables."""

    def read(values: Values) -> Cell:
        part, all_of_it = count(values), whole(values)
        if isinstance(part, int) and isinstance(all_of_it, int):
            return percent_of(part, all_of_it)
        return Mark.CONFIDENTIAL if Mark.CONFIDENTIAL in (part, all_of_it) else Mark.NOT_AVAILABLE

    return read


def register_count(name: str, meaning: str, count: Reader, whole: Reader | None = None, of: str = "") -> None:
    """The number ``name``, and with a ``whole`` its share as ``<name>_percent``; ``of`` says of what."""
    NUMBERS.register(name, Number(meaning, Kind.COUNT, lambda values, _: count(values)))
    if whole is not None:
        share = share_of(count, whole)
        NUMBERS.register(
            f"{name}_percent",
            Number(f"{meaning}: share of {of}", Kind.PERCENT, lambda values, _: share(values)),
        )


def register_change(name: str, meaning: str, count: Reader, previous: Reader | None = None) -> None:
    """``<name>_previous``, ``<name>_change`` and ``<name>_change_percent``. ``previous`` reads the year
    before where it is not read as ``count`` is."""
    before = previous or count

    def change(values: Values, earlier: Values) -> Cell:
        return changed(count(values), before(earlier))[2]

    def percent(values: Values, earlier: Values) -> Cell:
        return changed(count(values), before(earlier))[3]

    NUMBERS.register(
        f"{name}_previous",
        Number(f"{meaning}: the year before", Kind.COUNT, lambda _, earlier: before(earlier)),
    )
    NUMBERS.register(f"{name}_change", Number(f"{meaning}: change on the year before", Kind.CHANGE, change))
    NUMBERS.register(
        f"{name}_change_percent",
        Number(f"{meaning}: change on the year before in per cent", Kind.CHANGE_PERCENT, percent),
    )
