"""The ready checklists as shipped: each version a file of its own, which never changes once it was used.

Read from ``data/<key>-<version>.json``; the wording is the portal's own. Pure: no Django.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "data"
IN_ORDER: Final = (
    "on_site",
    "procedures",
    "carers",
    "mrt_pregnancy",
    "mpe_support",
    "inventory",
    "drls",
    "training",
)
"""The keys of the lists that are offered, in the order in which people are shown them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: its lasting key, what to look at, what good looks like, the provisions (the first
    says under which regulation it stands), and the modalities that it concerns (none: all)."""

    key: str
    look: str
    good: str
    provisions: tuple[str, ...]
    modalities: frozenset[str] = frozenset()

    def concerns(self, modality: str) -> bool:
        """Whether it is looked at in ``modality``; in one that is not stated, always."""
        return not modality or not self.modalities or modality in self.modalities

    @property
    def root(self) -> str:
        """The regulation or Schedule of the first provision: ``6`` of ``6(5)(b)``."""
        return self.provisions[0].partition("(")[0]


@dataclass(frozen=True, slots=True)
class Ready:
    """One version of one list, with the SHA-256 (hex) of its file."""

    key: str
    version: int
    title: str
    lead: str
    items: tuple[Item, ...]
    sha256: str

    def item(self, key: str) -> Item | None:
        """The item of that key, if the list has one."""
        return next((each for each in self.items if each.key == key), None)


@cache
def ready(key: str, version: int) -> Ready:
    """One version of a list. Raises ``LookupError`` where there is none, ``ValueError`` for a file that
    contradicts its name or names an item twice."""
    file = FOLDER / f"{key}-{version}.json"
    if (key, version) not in _versions():
        raise LookupError(f"no checklist {key!r} of version {version}")
    content = file.read_bytes()
    told = json.loads(content)
    if (told["key"], told["version"]) != (key, version):
        raise ValueError(f"{file.name} says it is {told['key']} {told['version']}")
    items = tuple(_item(row) for row in told["items"])
    if len({each.key for each in items}) < len(items):
        raise ValueError(f"{file.name} names an item twice")
    return Ready(key, version, told["title"], told["lead"], items, hashlib.sha256(content).hexdigest())


def current(key: str) -> Ready:
    """The newest version of a list. Raises ``LookupError`` for a key that there is not."""
    versions = [version for name, version in _versions() if name == key]
    if not versions:
        raise LookupError(f"no checklist {key!r}")
    return ready(key, max(versions))


def offered() -> tuple[Ready, ...]:
    """The newest version of every list, in order."""
    return tuple(current(key) for key in IN_ORDER)


@cache
def _versions() -> frozenset[tuple[str, int]]:
    """Every list and version that there is a file of."""
    found = (file.stem.rpartition("-") for file in FOLDER.glob("*-*.json"))
    return frozenset((key, int(version)) for key, _, version in found)


def _item(row: dict[str, Any]) -> Item:
    return Item(
        key=row["key"],
        look=row["look"],
        good=row["good"],
        provisions=tuple(row["provisions"]),
        modalities=frozenset(row.get("modalities", ())),
    )
