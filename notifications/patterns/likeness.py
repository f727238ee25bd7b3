"""How alike two notifications of one employer and one modality are. Pure: no Django, no database.

A proposal to a person, never a decision: two people exposed on one day may be told of in the same words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

DAYS_APART: Final = 3
"""How far apart two dates of one incident may have been told, in days."""
ALIKE: Final = 0.5
"""From this share of their phrases in common two texts are alike whatever else differs."""
SOMEWHAT_ALIKE: Final = 0.15
"""From this share they are where the day, the site and the examination are the same too."""
PHRASE: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared. ``on`` is the day of the incident, or of its discovery where none was told."""

    on: date
    text: str
    site: int | None = None
    examination: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two notifications may tell of one incident, in words, the strongest first."""

    shared: float
    reasons: tuple[str, ...]


def phrases(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words of a text, in lower case; of a shorter text the whole as one."""
    words = _WORD.findall(text.casefold())
    if not words:
        return frozenset()
    last = max(len(words) - PHRASE, 0)
    return frozenset(tuple(words[start : start + PHRASE]) for start in range(last + 1))


def shared(one: str, other: str) -> float:
    """Which share of their phrases two texts have in common, 0 to 1 (Jaccard); 0 where either is empty."""
    mine, theirs = phrases(one), phrases(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def plain(words: str) -> str:
    """A name as it is compared: lower case, without punctuation, single spaces."""
    return " ".join(_WORD.findall(words.casefold()))


def alike(one: Told, other: Told) -> Likeness | None:
    """Why these two, of one employer and one modality, may tell of one incident; ``None`` where nothing says
    so. Symmetric."""
    apart = abs((one.on - other.on).days)
    if apart > DAYS_APART:
        return None
    share = shared(one.text, other.text)
    site = one.site is not None and one.site == other.site
    examination = bool(plain(one.examination)) and plain(one.examination) == plain(other.examination)
    if share < ALIKE and not (share >= SOMEWHAT_ALIKE and apart == 0 and site and examination):
        return None
    return Likeness(share, tuple(_reasons(share, apart, site, examination, one.examination)))


def _reasons(share: float, apart: int, site: bool, examination: bool, name: str) -> Sequence[str]:
    said = [f"{share:.0%} of the phrases are the same."]
    said.append("The day is the same." if apart == 0 else f"The days are {apart} apart.")
    if site:
        said.append("The site is the same.")
    if examination:
        said.append(f"The examination is the same: {name.strip()}.")
    return said
