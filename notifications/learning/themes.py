"""The themes of learning, as shipped in ``data/themes.json``: read and checked. Pure.

After the themes of CQC's IR(ME)R annual report 2023/24. A slug is stable: it stands in addresses.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

MOST: Final = 3
"""How many themes one learning case may have."""
FIELDS: Final = frozenset({"rollup", "exposed_group", "foetus_exposed", "sub_modality", "equipment_failure"})
"""The coded answers of a notification that a sign may look at."""
_FILE: Final = Path(__file__).resolve().parent / "data" / "themes.json"


@dataclass(frozen=True, slots=True)
class Sign:
    """A coded answer by which a notification has a theme: the field is one of these values."""

    field: str
    values: tuple[str | bool, ...]

    def fits(self, facts: Mapping[str, Any]) -> bool:
        return facts.get(self.field) in self.values


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. Without signs it cannot be counted among notifications."""

    slug: str
    label: str
    meaning: str
    modalities: tuple[str, ...]
    signs: tuple[Sign, ...]
    source: str
    retired: bool = False

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether a notification with these coded answers is held to have the theme: any sign is enough."""
        return any(sign.fits(facts) for sign in self.signs)


def read_themes(path: Path = _FILE) -> dict[str, Theme]:
    """Every theme by its slug, in file order. Raises ``ValueError`` for a slug that stands twice and for a
    sign of an unknown field."""
    found: dict[str, Theme] = {}
    for row in json.loads(path.read_text("utf-8")):
        signs = tuple(Sign(each["field"], tuple(each["values"])) for each in row["signs"])
        theme = Theme(**{**row, "modalities": tuple(row["modalities"]), "signs": signs})
        if theme.slug in found:
            raise ValueError(f"{path.name}: {theme.slug!r} is listed twice")
        if unknown := {sign.field for sign in signs} - FIELDS:
            raise ValueError(f"{path.name}: {theme.slug!r} looks at unknown {sorted(unknown)}")
        found[theme.slug] = theme
    return found


@cache
def themes() -> dict[str, Theme]:
    """Every theme by its slug, those that are retired too."""
    return read_themes()


def themes_for(modality: str) -> list[Theme]:
    """Those that a new learning case of this modality may have, in file order."""
    return [each for each in themes().values() if modality in each.modalities and not each.retired]


def fitting(modality: str, facts: Mapping[str, Any]) -> list[str]:
    """The themes that a notification's coded answers propose, at most ``MOST``, in file order."""
    return [each.slug for each in themes_for(modality) if each.fits(facts)][:MOST]


def label_of(slug: str) -> str:
    """What a theme is called; its slug where no theme has it."""
    known = themes().get(slug)
    return known.label if known else slug
