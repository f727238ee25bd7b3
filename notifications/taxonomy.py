"""The taxonomy of causes and the sub-modalities, as shipped in ``data/``: read and checked, never counted.

Pure. Tier 1 says whose error it was, tier 2 at which step of the pathway it began, and tier 3 what the error
was (as in the figures of CQC's IR(ME)R annual report 2023/24).
"""

import csv
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

__all__ = [
    "MODALITIES",
    "TAXONOMY",
    "Leaf",
    "Submodality",
    "checked_leaves",
    "read_submodalities",
    "read_taxonomy",
]

MODALITIES = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
_DATA = Path(__file__).resolve().parent / "data"
TAXONOMY = _DATA / "taxonomy_2023_24.csv"
_SUBMODALITIES = _DATA / "submodalities.csv"


@dataclass(frozen=True)
class Leaf:
    """One tier 3 cause under its parents, as the report labels them.

    ``slug`` is stable from year to year. ``rollup_tier2`` and ``rollup`` join what CQC labels in more than
    one way ("set-up" and "setup", the ways of failing to cancel), so that figures add up across modalities.
    """

    slug: str
    modality: str
    tier1: str
    tier2: str
    tier3: str
    rollup_tier2: str
    rollup: str

    @property
    def path(self) -> tuple[str, str, str, str]:
        """The leaf's place in the tree: modality and the three labels."""
        return (self.modality, self.tier1, self.tier2, self.tier3)


@dataclass(frozen=True)
class Submodality:
    """One kind of imaging or treatment within a modality."""

    modality: str
    submodality: str
    label: str


def read_taxonomy(path: Path = TAXONOMY) -> tuple[Leaf, ...]:
    """Every leaf in file order; ``ValueError`` names the line of an empty cell or repeated slug."""
    return _apart(path.name, _read(path, Leaf))


def checked_leaves(rows: Iterable[Mapping[str, str]]) -> tuple[Leaf, ...]:
    """The leaves of ``rows``, each with a cell for every field of ``Leaf``; faults as in ``read_taxonomy``,
    where the first row is line 2."""
    name = "the list"
    leaves = tuple(_record(name, line, dict(row), Leaf) for line, row in enumerate(rows, start=2))
    return _apart(name, leaves)


def _apart(name: str, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    _refuse_repeats(name, [leaf.slug for leaf in leaves])
    _refuse_repeats(name, [leaf.path for leaf in leaves])
    return leaves


def read_submodalities(path: Path = _SUBMODALITIES) -> tuple[Submodality, ...]:
    """Every sub-modality in file order; ``ValueError`` names the line of an empty or repeated one."""
    kinds = _read(path, Submodality)
    _refuse_repeats(path.name, [kind.submodality for kind in kinds])
    return kinds


Record = TypeVar("Record", Leaf, Submodality)


def _read(path: Path, make: Callable[..., Record]) -> tuple[Record, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        return tuple(_record(path.name, reader.line_num, cells, make) for cells in reader)


def _record(name: str, line: int, cells: dict[str, str], make: Callable[..., Record]) -> Record:
    try:
        record = make(**cells)
    except TypeError as error:
        raise ValueError(f"{name} line {line}: the columns are not those expected ({error})") from error
    if not all(cells.values()):
        raise ValueError(f"{name} line {line}: a cell is empty")
    if record.modality not in MODALITIES:
        raise ValueError(f"{name} line {line}: {record.modality!r} is not a modality")
    return record


def _refuse_repeats(name: str, keys: Sequence[Hashable]) -> None:
    """``keys`` are in file order, one a line after the heading."""
    seen: set[Hashable] = set()
    for line, key in enumerate(keys, start=2):
        if key in seen:
            raise ValueError(f"{name} line {line}: {key!r} is listed twice")
        seen.add(key)
