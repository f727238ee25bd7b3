"""Setting a freeze as one tagged PDF: the same freeze gives the same bytes."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from regulator.documents import render
from regulator.statistics.files import notes_of
from regulator.statistics.reports.assembling import assembled
from regulator.statistics.reports.frozen import Content, day_in_words
from regulator.statistics.reports.models import Freeze
from regulator.statistics.reports.pictures import described, wide_chart
from regulator.statistics.tables import Kind, Row, Table, shown

TEMPLATE: Final = Path(__file__).parent / "documents" / "annual.typ"
_PARAGRAPHS: Final = re.compile(r"\s*\n\s*")
Progress = Callable[[int, str], None]


def set_report(freeze: Freeze, *, progress: Progress = lambda percent, words: None) -> bytes:
    """The PDF of a freeze (PDF/UA-1), of the moment at which it was frozen. No query beyond its report."""
    content = Content.read(freeze.content)
    about = {
        "edition": freeze.report.edition,
        "freeze": freeze.number,
        "corrected": freeze.report.why_corrected,
    }
    return set_content(content, made_at=freeze.frozen_at, about=about, progress=progress)


def set_content(
    content: Content,
    *,
    made_at: datetime,
    about: dict[str, Any],
    progress: Progress = lambda percent, words: None,
) -> bytes:
    """A report as PDF. ``about`` says which edition and freeze it is; 0 for what was never frozen."""
    progress(10, "Reading the figures")
    facts = facts_of(content, about)
    progress(40, "Setting the pages")
    made = render(TEMPLATE, facts, made_at=made_at)
    progress(90, "Keeping the document")
    return made


def facts_of(content: Content, about: dict[str, Any]) -> dict[str, Any]:
    """What the template is told: texts only, addresses in full, and charts as SVG."""
    return {
        **about,
        "year": content.period.label,
        "from": day_in_words(content.period.start),
        "to": day_in_words(content.period.end),
        "as_of": day_in_words(content.as_of),
        "input": content.input_sha256,
        "sections": [
            {
                "level": section.level,
                "heading": section.heading,
                "items": [
                    _table(item.table) if item.table is not None else {"prose": _prose(item.prose)}
                    for item in section.items
                ],
            }
            for section in assembled(content)
        ],
    }


def _prose(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"case": _case(part["case"])} if "case" in part else dict(part) for part in parts]


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    if "withdrawn_on" in case:
        return dict(case)
    cause = f" Cause: {case['cause']}." if case["cause"] else ""
    told = [
        {"heading": each["heading"], "paragraphs": _PARAGRAPHS.split(each["text"])} for each in case["told"]
    ]
    return {
        "title": case["title"],
        "kinds": f"{case['modality']}.{cause}",
        "url": f"{settings.PORTAL_URL}{case['path']}",
        "told": told,
    }


def _table(table: Table) -> dict[str, Any]:
    chart = wide_chart(table)
    return {
        "table": {
            "number": table.number,
            "title": table.title,
            "headings": [column.heading for column in table.columns],
            "texts": [column.kind is Kind.TEXT for column in table.columns],
            "names": table.headings,
            "rows": [_row(table, row) for row in table.rows],
            "notes": [list(pair) for pair in notes_of(table)],
            "chart": str(chart) if chart else "",
            "alt": f"{table.title}. {described(table)}" if chart else "",
        }
    }


def _row(table: Table, row: Row) -> dict[str, Any]:
    cells = [shown(cell, column.kind) for cell, column in zip(row.cells, table.columns, strict=True)]
    return {"cells": cells, "depth": row.depth, "total": row.is_total}
