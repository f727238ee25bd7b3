"""What the desk reads of annual reports."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from regulator.casework.models import Event
from regulator.statistics.reports.models import Block, Freeze, Report
from regulator.statistics.reports.outline import TEXT, Section, outline

MOST_HISTORY: Final = 200
"""So many of the latest events of a report are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A section of the outline as the desk shows it: its places for text with what stands there, and its
    tables."""

    section: Section
    texts: tuple[tuple[str, Block | None], ...]
    tables: tuple[str, ...]


def lines_of(texts: dict[str, Block]) -> list[Line]:
    """The outline beside what is written (no query)."""
    return [
        Line(
            section,
            tuple((each.name, texts.get(each.name)) for each in section.holds if each.what == TEXT),
            tuple(each.name for each in section.holds if each.what != TEXT),
        )
        for section in outline()
    ]


def freezes_of(report: Report) -> "QuerySet[Freeze]":
    """Its freezes with how far their PDFs are, the newest first, without their content (1 query)."""
    held = report.freezes.select_related("frozen_by", "document").defer("content", "document__pdf")
    return held.order_by("-number")


def history_of(report: Report) -> "QuerySet[Event]":
    """What was done to it lately, the newest first (1 query): of events that are of no case alone."""
    found = Event.objects.filter(case=None, type__startswith="reports.", payload__report=report.pk)
    return found.select_related("actor", "typed").order_by("-sequence")[:MOST_HISTORY]
