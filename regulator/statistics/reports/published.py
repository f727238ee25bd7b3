"""What the public reads: published editions, from this application's own tables alone."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils import timezone

from regulator.periods import Period, reporting_year, reporting_year_of
from regulator.statistics.keeping import KeptBack
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Document, Freeze, FrozenCase, Report
from regulator.statistics.reports.moved import row_names
from regulator.statistics.tables import Mark

__all__ = [
    "Edition",
    "contents_of",
    "edition_of",
    "editions",
    "every_edition",
    "kept_back",
    "listed",
    "pdf_of",
    "signed_off",
    "withdrawn_of",
    "year_of",
]

_COLUMNS: Final = (
    "starts_on",
    "edition",
    "state",
    "why_corrected",
    "published_at",
    "case_withdrawn_at",
    "superseded_at",
    "signed_freeze",
    "signed_freeze__number",
    "signed_freeze__frozen_at",
    "signed_freeze__as_of",
    "signed_freeze__input_sha256",
    "signed_freeze__document__size",
    "signed_freeze__document__sha256",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition, without its content. ``case_withdrawn_at`` is when a case that it tells was last
    withdrawn from the library: its pages and files for programs say so in the case's place, its PDF cannot.
    """

    starts_on: date
    number: int
    is_replaced: bool
    why_corrected: str
    published_at: datetime
    case_withdrawn_at: datetime | None
    superseded_at: datetime | None
    freeze: int
    freeze_number: int
    frozen_at: datetime
    as_of: date
    input_sha256: str
    pdf_size: int
    pdf_sha256: str

    @property
    def label(self) -> str:
        return f"{self.starts_on.year}/{(self.starts_on.year + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        return self.label.replace("/", "-")

    def content(self) -> Content:
        """What it says, without the cases that were withdrawn since (1 query, and 1 where any was)."""
        return contents_of([self])[self.freeze]


def year_of(slug: str) -> date | None:
    """The first day of the reporting year written ``2023-24``; ``None`` for any other text."""
    first, _, second = slug.partition("-")
    if not (first.isascii() and first.isdigit() and len(first) == 4):
        return None
    try:
        return reporting_year(f"{first}/{second}").start
    except ValueError:
        return None


def signed_off() -> dict[str, date]:
    """The years of which a report is published, and the day as of which its figures stand (1 query)."""
    held = Report.objects.public().exclude(state=Report.State.SUPERSEDED).order_by("starts_on")
    rows = held.values_list("starts_on", "signed_freeze__as_of")
    return {reporting_year_of(start).label: day for start, day in rows if day is not None}


def kept_back(period: Period) -> frozenset[KeptBack]:
    """The cells that any published edition of a reporting year keeps back, those that were replaced too: they
    stay readable. None for a period that is no reporting year (1 query at most, and 1 for each edition that
    is asked for the first time)."""
    if period != reporting_year_of(period.start):
        return frozenset()
    found = Report.objects.public().filter(starts_on=period.start).order_by("edition")
    rows = found.values_list("signed_freeze", "signed_freeze__input_sha256")
    return frozenset(each for freeze, digest in rows if freeze for each in _kept_back_in(freeze, digest))


@lru_cache(maxsize=64)
def _kept_back_in(freeze: int, digest: str) -> frozenset[KeptBack]:
    """What a freeze keeps back, by its key and the digest of everything in it (1 query). Kept, because the
    dashboard asks for it at each view; a freeze is never changed."""
    text = Freeze.objects.values_list("content", flat=True).get(pk=freeze, input_sha256=digest)
    return frozenset(
        (table.name, name, column.key)
        for table in Content.read(text).tables.values()
        for name, row in zip(row_names(table), table.rows, strict=True)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell is Mark.CONFIDENTIAL
    )


def listed() -> list[Edition]:
    """The edition of each year that holds, the latest year first (1 query)."""
    return [each for each in _read() if not each.is_replaced]


def editions(slug: str) -> list[Edition]:
    """Every published edition of a year, the newest first; none for a text that is no year (1 query at
    most)."""
    start = year_of(slug)
    return _read(starts_on=start) if start else []


def every_edition(first: int, last: int) -> list[Edition]:
    """Every published edition whose key lies there, replaced ones too, the latest year first (1 query)."""
    return _read(pk__gte=first, pk__lte=last)


def edition_of(slug: str, number: int | None = None) -> tuple[Edition, list[Edition]] | None:
    """The edition of a year that holds, or that of a number, with all of the year; ``None`` where there is
    none (1 query)."""
    found = editions(slug)
    wanted = [each for each in found if each.number == number or (number is None and not each.is_replaced)]
    return (wanted[0], found) if wanted else None


def contents_of(editions: Collection[Edition]) -> dict[int, Content]:
    """What each says, by its freeze, without the cases that were withdrawn since (1 query, and 1 where any
    was)."""
    found = Report.objects.public().filter(signed_freeze__in=[each.freeze for each in editions])
    rows = found.values_list("signed_freeze", "signed_freeze__content")
    withdrawn = withdrawn_of([each.freeze for each in editions if each.case_withdrawn_at is not None])
    return {
        freeze: replace(Content.read(text), withdrawn=withdrawn.get(freeze, {}))
        for freeze, text in rows
        if freeze is not None
    }


def withdrawn_of(freezes: Collection[int]) -> dict[int, dict[int, date]]:
    """By freeze (its key), the cases that it tells and that were withdrawn from the library since, by number
    with the day (1 query; none where no freeze is asked for)."""
    withdrawn: dict[int, dict[int, date]] = {}
    if freezes:
        found = FrozenCase.objects.filter(freeze__in=freezes, withdrawn_at__isnull=False)
        for freeze, number, moment in found.values_list("freeze", "number", "withdrawn_at"):
            if moment is not None:
                withdrawn.setdefault(freeze, {})[number] = timezone.localdate(moment)
    return withdrawn


def pdf_of(edition: Edition) -> bytes:
    """The bytes of its PDF (1 query)."""
    held = Document.objects.filter(freeze=edition.freeze, state=Document.State.READY)
    return bytes(held.values_list("pdf", flat=True).get() or b"")


def _read(**wanted: object) -> list[Edition]:
    rows = Report.objects.public().filter(**wanted).order_by("-starts_on", "-edition")
    return [
        Edition(
            starts_on=row[0],
            number=row[1],
            is_replaced=row[2] == Report.State.SUPERSEDED,
            why_corrected=row[3],
            published_at=row[4],
            case_withdrawn_at=row[5],
            superseded_at=row[6],
            freeze=row[7],
            freeze_number=row[8],
            frozen_at=row[9],
            as_of=row[10],
            input_sha256=row[11],
            pdf_size=row[12] or 0,
            pdf_sha256=row[13] or "",
        )
        for row in rows.values_list(*_COLUMNS)
    ]
