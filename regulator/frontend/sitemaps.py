"""Public pages that come and go, as each app names them to search engines. ``regulator.sitemap`` writes them
down."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, IntegerField, QuerySet
from django.db.models.functions import Cast

from regulator.frontend.caching import Publication
from regulator.registry import Registry

__all__ = ["SITEMAPS", "Place", "Places", "Sitemap", "parts_of"]

Place = tuple[str, datetime]
"""The address of a page below the portal's own, and when what it says changed last."""
Places = Generator[Place, None, None]


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages of one publication that a search engine should know: those that stand, and nothing private.

    Each page has a key, a number from 1. ``parts(size)`` answers which spans of ``size`` keys hold a page,
    the first being 1; ``places(first, last)`` the pages whose keys lie there, a few at a time.
    """

    publication: Publication
    parts: Callable[[int], Iterable[int]]
    places: Callable[[int, int], Places]


SITEMAPS: Final[Registry[Sitemap]] = Registry("sitemap")
"""By the name that stands in the addresses of its parts."""


def parts_of(pages: QuerySet[Any], size: int, key: str = "pk") -> list[int]:
    """Which spans of ``size`` keys hold any of ``pages`` (one query)."""
    block = Cast((F(key) - 1) / size, IntegerField())
    found = pages.order_by().annotate(block=block).values_list("block", flat=True).distinct()
    return sorted(each + 1 for each in found)
