"""The pages of which readers may say whether they were useful. Each app registers its own kind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the public can read now; ``version`` is of what it says, where it has versions."""

    title: str
    address: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PageKind:
    """``find`` answers the page with a key, ``None`` where the public reads none; ``titles`` those of many,
    by their keys, also of pages that are shown no more. One query each. ``name`` is a ``Feedback.Kind``."""

    name: str
    label: str
    find: Callable[[str], Page | None]
    titles: Callable[[Collection[str]], Mapping[str, str]]


PAGES: Final[Registry[PageKind]] = Registry("kind of page")
