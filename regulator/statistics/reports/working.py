"""A working copy of a report, made now and never kept: the figures as the cases stand, with the text of the
newest edition of the year."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string

from regulator import clock
from regulator.periods import Period
from regulator.statistics.annual import AnnualReport
from regulator.statistics.files import json_of
from regulator.statistics.reports import files
from regulator.statistics.reports.assembling import chapters
from regulator.statistics.reports.composing import content_of, texts_of
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.pictures import page_chart
from regulator.statistics.reports.setting import set_content
from regulator.statistics.showing import drawn

_NOT_FROZEN: Final = {"edition": 0, "freeze": 0, "corrected": ""}


def _content(period: Period, report: AnnualReport) -> Content:
    """With the text. Raises ``composing.CasesGone``."""
    newest = Report.objects.filter(starts_on=period.start).order_by("-edition").first()
    texts = texts_of(newest) if newest else {}
    return content_of(report, {place: block.text for place, block in texts.items()})


def as_html(period: Period, report: AnnualReport) -> str:
    """One page that stands by itself."""
    content = _content(period, report)
    context = {
        "content": content,
        "chapters": chapters(content),
        "drawn": drawn,
        "chart": page_chart,
        "portal": settings.PORTAL_URL,
    }
    return render_to_string("reports/standing_alone.html", context)


def as_pdf(period: Period, report: AnnualReport) -> bytes:
    return set_content(_content(period, report), made_at=clock.now(), about=_NOT_FROZEN)


def as_ods(period: Period, report: AnnualReport) -> bytes:
    """Tables alone, so whatever its text tells."""
    return files.whole_ods(content_of(report, {}))


def as_csv(period: Period, report: AnnualReport) -> bytes:
    """As ``as_ods``."""
    return b"".join(files.long_csv(content_of(report, {})))


def as_json(period: Period, report: AnnualReport) -> str:
    """In the shape of a published report's JSON. The same figures and text on the same day have the same
    bytes; ``input_sha256`` says at a glance whether a reprint says the same on any day."""
    return json_of(files.as_plain_report(_content(period, report), settings.PORTAL_URL)).decode()


FORMS: Final[dict[str, Callable[[Period, AnnualReport], str | bytes]]] = {
    "html": as_html,
    "pdf": as_pdf,
    "ods": as_ods,
    "csv": as_csv,
    "json": as_json,
}
"""By the name that the command gives them."""
