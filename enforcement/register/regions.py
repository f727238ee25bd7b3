"""The nine regions of England, and in which of them a postcode lies.

``data/regions.csv`` is the project's own, drawn up from general knowledge of the postcode areas and not
checked against the postcode directory of the Office for National Statistics, which is the authority. Its
limits: it goes by district (the first half of a postcode), and a district that a region's border runs
through, or of which we were not sure, is left out. Such a postcode has no region here; none is guessed.
Neither have Wales, Scotland and Northern Ireland.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.text import slugify

__all__ = ["NAMES", "REGIONS", "region_of"]

NAMES: Final = (
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
)
REGIONS: Final = tuple((slugify(name), name) for name in NAMES)
"""Each as an address says it, and its name."""
_TABLE: Final = Path(__file__).resolve().parent / "data" / "regions.csv"
_POSTCODE: Final = re.compile(r"([A-Z]{1,2})([0-9]{1,2})[A-Z]?[0-9][A-Z]{2}")


def region_of(postcode: str) -> str:
    """The name of the region in which a full postcode lies; ``""`` where we do not know, or it is none."""
    found = _POSTCODE.fullmatch("".join(postcode.upper().split()))
    if found is None:
        return ""
    area, district = found.groups()
    table = _table()
    return table.get((area, district), table.get((area, ""), ""))


@cache
def _table() -> dict[tuple[str, str], str]:
    """The region of each district that the file names, and of an area ("") where it names the rest of one."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["area"], district): row["region"]
            for row in csv.DictReader(file)
            for district in _districts(row["districts"])
        }


def _districts(said: str) -> Iterator[str]:
    """The districts of "1-5 7"; of nothing, all that are not named elsewhere."""
    if not said:
        yield ""
    for part in said.split():
        first, _, last = part.partition("-")
        yield from map(str, range(int(first), int(last or first) + 1))
