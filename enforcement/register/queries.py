"""The reads on the register. They touch its own tables, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from enforcement.register.index import IN_ALL
from enforcement.register.models import Address, IndexLine, ProvisionText, RegisterEntry
from enforcement.register.paging import Found, Place, Wanted, find, find_marked, place_of

A_PAGE: Final = 100
"""Lines of the index on one page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: its entries, where the pages before and after it begin ("" for none), and the
    rest of what was found."""

    entries: list[RegisterEntry]
    before: str
    after: str
    found: Found


def entries() -> QuerySet[RegisterEntry]:
    """Every entry, the latest service first, with its citations (two queries)."""
    return RegisterEntry.objects.prefetch_related("citations").order_by("-served_on", "-pk")


def listed(wanted: Wanted, order: str, place: Place | None = None) -> Listed:
    """One page of the entries that are wanted (at most four queries at any size)."""
    return _listed(find(wanted, order, place), order)


def listed_of(mark: str, counted: int, order: str, place: Place | None = None) -> Listed:
    """One page of the entries of a mark, of which the index counts so many (at most three queries)."""
    return _listed(find_marked(mark, counted, order, place), order)


def _listed(found: Found, order: str) -> Listed:
    held = RegisterEntry.objects.select_related("search_text").defer("search_text__words")
    rows = held.in_bulk(found.keys)  # what each cites it holds in words
    shown = [rows[key] for key in found.keys if key in rows]
    return Listed(
        entries=shown,
        before=place_of(shown[0].search_text, order) if shown and found.before else "",
        after=place_of(shown[-1].search_text, order) if shown and found.after else "",
        found=found,
    )


def lines(kind: str, begins_with: str = "", after: str = "") -> list[IndexLine]:
    """Lines of the index in their order, one more than a page of them (one query): of one letter, or those
    that begin with none for "0"."""
    found = IndexLine.objects.filter(kind=kind, year=IN_ALL).order_by("sort", "key")
    if begins_with == "0":
        found = found.filter(sort__lt="a")
    elif begins_with:
        found = found.filter(sort__gte=begins_with, sort__lt=f"{begins_with}\U0010ffff")
    if after:
        found = found.filter(sort__gt=after)
    return list(found[: A_PAGE + 1])


def all_lines(kind: str) -> list[IndexLine]:
    """Every line of a kind of which there are few (one query)."""
    return list(IndexLine.objects.filter(kind=kind, year=IN_ALL).order_by("sort", "key"))


def line_by_year(kind: str, key: str) -> tuple[list[IndexLine], list[IndexLine]]:
    """A line's number of entries, in all and then year by year, the latest first, nothing where it does not
    stand; and the parts of it that have lines of their own, as provisions have (one query)."""
    wanted = Q(key=key) | Q(key__startswith=f"{key}(", year=IN_ALL)
    found = list(IndexLine.objects.filter(wanted, kind=kind).order_by("sort", "-year"))
    own = [line for line in found if line.key == key]
    return sorted(own, key=lambda line: line.year != IN_ALL), [line for line in found if line.key != key]


def texts_of(reference: str) -> list[ProvisionText]:
    """The texts of a provision, the latest first (one query)."""
    return list(ProvisionText.objects.filter(reference=reference).order_by("-in_force_from"))


def headings(references: Sequence[str]) -> dict[str, str]:
    """The latest heading of each of these provisions that has one (one query)."""
    texts = ProvisionText.objects.filter(reference__in=references).order_by("in_force_from")
    return dict(texts.values_list("reference", "heading"))


def former(slug: str) -> Address | None:
    """An address at which an entry once stood, with the entry (one query)."""
    return Address.objects.select_related("entry").filter(slug=slug).first()
