"""The outline of the annual report: its sections in order, and which tables and texts stand where.

The order is that of the report on 2023/24; the headings are the portal's own words (``data/README.md``).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["Held", "Section", "modality_of", "outline", "places", "ready_texts"]

_DATA: Final = Path(__file__).parent / "data"
TEXT: Final = "text"
TABLE: Final = "table"
FURTHER: Final = "further"
"""The key of the section for tables that no other section holds."""
_MODALITIES: Final = {
    "imaging": "diagnostic_imaging",
    "radiotherapy": "radiotherapy",
    "nuclear": "nuclear_medicine",
}
"""By how the places of a chapter begin."""


@dataclass(frozen=True, slots=True)
class Held:
    """``what`` is ``text`` or ``table``; ``name`` the place of the text or the name of the table."""

    what: str
    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """``level`` is that of its heading: 2 for a chapter, 3 for a part of one."""

    key: str
    level: int
    heading: str
    holds: tuple[Held, ...]


@cache
def outline() -> tuple[Section, ...]:
    """The sections in order. Raises ``ValueError`` where the file is wrong: a table or a text that stands
    twice, or an entry that is neither."""
    told = tomllib.loads((_DATA / "outline.toml").read_text(encoding="utf-8"))
    sections = tuple(
        Section(each["key"], each["level"], each["heading"], tuple(map(_held, each.get("holds", ()))))
        for each in told["section"]
    )
    _check(sections)
    return sections


def _held(told: str) -> Held:
    what, _, name = told.partition(":")
    if what not in (TEXT, TABLE) or not name:
        raise ValueError(f"outline.toml: {told!r} is neither a table nor a text")
    return Held(what, name)


def _check(sections: Iterable[Section]) -> None:
    seen: set[Held | str] = set()
    for section in sections:
        keys: tuple[Held | str, ...] = (section.key, *section.holds)
        for each in keys:
            if each in seen:
                raise ValueError(f"outline.toml: {each} stands twice")
            seen.add(each)


@cache
def places() -> dict[str, Section]:
    """Every place for a text, with the section in which it stands, in order."""
    return {each.name: section for section in outline() for each in section.holds if each.what == TEXT}


def modality_of(place: str) -> str:
    """The key of the modality whose chapter the place is in; ``""`` for a place that is of all."""
    return _MODALITIES.get(place.partition("_")[0], "")


@cache
def ready_texts(slug: str) -> dict[str, str]:
    """The texts that ship with the portal for a year (``2023-24``), by place; none for other years."""
    file = _DATA / "texts" / f"{slug}.toml"
    if not file.is_file():
        return {}
    told: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {place: text.strip() for place, text in told.items()}
