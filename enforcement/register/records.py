"""An entry as a program gets it: one shape for the API and for JSON Lines, made in one statement."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from enforcement.register import licence
from enforcement.register.columns import nested_provisions
from enforcement.register.models import EntryText, RegisterEntry

PLAIN: Final = (
    "slug",
    "reference",
    "form",
    "employer_name",
    "employer_type",
    "location",
    "postcode",
    "region",
    "notice_type",
    "legal_power",
    "served_on",
    "breach_on",
    "timeline",
    "description",
    "compliance_due_on",
    "status",
    "complied_on",
    "how_closed",
    "modality",
    "source_url",
    "origin",
    "employer_is_invented",
    "published_at",
    "updated_at",
    "version",
)
"""The fields of an entry that are told as they stand."""
FIELDS: Final = ("url", *PLAIN[:12], "provisions", *PLAIN[12:], "document", "licence")
"""Every name of a record, in its order."""
_SELECTED: Final = (*PLAIN, "told_provisions", "document__sha256", "document__size")
_PLACES: Final = {name: place for place, name in enumerate(_SELECTED)}
_CHUNK: Final = 500

Row = tuple[Any, ...]


def records(queryset: QuerySet[RegisterEntry], names: Sequence[str] = FIELDS) -> Iterator[dict[str, Any]]:
    """What the entries say, of each the parts called ``names``, read row by row: one query, in memory that
    does not grow with their number."""
    for row in _selected(queryset).iterator(chunk_size=_CHUNK):
        yield record(row, names)


def rows_by_key(queryset: QuerySet[RegisterEntry]) -> dict[int, tuple[Row, EntryText]]:
    """A few entries by their key: each row, and where it stands in the orders of the list (one query)."""
    placed = _selected(queryset).values_list(*_SELECTED, "pk", "search_text__changed")
    found = {}
    for *row, key, changed in placed:
        served_on = row[_PLACES["served_on"]]
        found[key] = tuple(row), EntryText(entry_id=key, served_on=served_on, changed=changed)
    return found


def record(row: Row, names: Sequence[str]) -> dict[str, Any]:
    """What one row says, ready for JSON."""
    return {name: _TELL[name](row) for name in names}


def page_address(slug: str) -> str:
    """Where the public reads an entry."""
    return f"{settings.PORTAL_URL}{page_path(slug)}"


def page_path(slug: str) -> str:
    """The same below the portal's own address."""
    return f"/register/{slug}/"


def document_address(slug: str) -> str:
    """Where the public takes its document away."""
    return f"{settings.PORTAL_URL}{reverse('register:document', args=[slug])}"


def _selected(queryset: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry, Row]:
    plain = queryset.prefetch_related(None).annotate(told_provisions=nested_provisions())
    return plain.values_list(*_SELECTED)


def _plain(name: str) -> Callable[[Row], Any]:
    place = _PLACES[name]

    def tell(row: Row) -> Any:
        value = row[place]
        if isinstance(value, datetime):
            return in_utc(value)
        return value.isoformat() if isinstance(value, date) else value

    return tell


def in_utc(moment: datetime) -> str:
    """2025-01-10T09:30:00Z: to the second, as everywhere in the open data."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _document(row: Row) -> dict[str, Any] | None:
    sha256 = row[_PLACES["document__sha256"]]
    if sha256 is None:
        return None
    address = document_address(row[_PLACES["slug"]])
    return {"url": address, "sha256": sha256, "size": row[_PLACES["document__size"]]}


_TELL: Final[dict[str, Callable[[Row], Any]]] = {
    **{name: _plain(name) for name in PLAIN},
    "url": lambda row: page_address(row[_PLACES["slug"]]),
    "provisions": lambda row: row[_PLACES["told_provisions"]] or [],
    "document": _document,
    "licence": lambda row: licence.SPDX,
}
