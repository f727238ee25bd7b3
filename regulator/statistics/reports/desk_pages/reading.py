"""An edition as staff read it: its outline, its freezes, what was done to it; and one freeze whole."""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.casework.kinds import EVENTS
from regulator.statistics.reports import queries
from regulator.statistics.reports.assembling import assembled
from regulator.statistics.reports.composing import texts_of
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Document, Freeze, Report
from regulator.statistics.reports.moved import moved
from regulator.statistics.reports.permissions import PUBLISH, SIGN, WRITE
from regulator.statistics.reports.published import withdrawn_of
from regulator.statistics.reports.signable import Newest, newest_of
from regulator.statistics.showing import drawn


def report_of(pk: int) -> Report:
    found = Report.objects.select_related("started_by", "signed_by", "published_by", "signed_freeze")
    return get_object_or_404(found.defer("signed_freeze__content"), pk=pk)


def context_of(request: HttpRequest, report: Report | None, title: str) -> dict[str, Any]:
    """What every page of a report shows around its own."""
    return {**admin.site.each_context(request), "title": title, "report": report, "opts": Report._meta}


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The outline with what is written, the freezes with the progress of their PDFs and which of these may
    not be passed on, and what was done.

    At most 11 SQL queries at any size."""
    by, report = signed_in(request), report_of(pk)
    texts, freezes = texts_of(report), list(queries.freezes_of(report))
    newest = newest_of(report) if report.is_open else None
    withdrawn = withdrawn_of([each.pk for each in freezes])
    public = None if report.is_open else report.signed_freeze_id
    context = {
        **context_of(request, report, str(report)),
        "lines": queries.lines_of(texts),
        "freezes": [(each, sorted(withdrawn.get(each.pk, {}))) for each in freezes],
        "is_making": any(
            each.document.state in (Document.State.WAITING, Document.State.RUNNING) for each in freezes
        ),
        "facts": _facts(report),
        "overtaken": newest.overtaken if newest else (),
        "withdrawn": sorted(withdrawn.get(public or 0, {}).items()),
        "history": [(EVENTS.get(event.type), event) for event in queries.history_of(report)],
        **_offers(report, newest, by),
    }
    return TemplateResponse(request, "admin/reports/report.html", context)


@require_safe
def freeze_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One freeze as it would be read: every text and table, without the cases that were withdrawn from the
    library since; and what moved since the freeze before it.

    At most 9 SQL queries at any size."""
    report, freeze = report_of(pk), freeze_of(pk, number)
    content = shown_content(freeze)
    former = report.freezes.filter(number__lt=number).order_by("-number").first()
    context = {
        **context_of(request, report, f"{report}: {freeze}"),
        "freeze": freeze,
        "sections": [
            (section, [(item, drawn(item.table) if item.table else None) for item in section.items])
            for section in assembled(content)
        ],
        "former": former,
        "moved": moved(shown_content(former), content) if former else None,
    }
    return TemplateResponse(request, "admin/reports/freeze.html", context)


@require_safe
def freeze_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The PDF of a freeze, to be read before it is signed; 404 until it is ready."""
    freeze = freeze_of(pk, number)
    held = Document.objects.filter(freeze=freeze, state=Document.State.READY).first()
    if held is None or held.pdf is None:
        raise Http404("This PDF is not ready.")
    answer = HttpResponse(bytes(held.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="annual-report-freeze-{number}.pdf"'
    return answer


def freeze_of(pk: int, number: int) -> Freeze:
    """A freeze by its number. Raises ``Http404``."""
    found = Freeze.objects.select_related("frozen_by", "report")
    return get_object_or_404(found, report=pk, number=number)


def shown_content(freeze: Freeze) -> Content:
    """What a freeze says, without the cases that were withdrawn from the library since (1 query)."""
    return replace(Content.read(freeze.content), withdrawn=withdrawn_of([freeze.pk]).get(freeze.pk, {}))


def _facts(report: Report) -> FactSection:
    rows: list[tuple[str, object]] = [
        ("State", report.get_state_display()),
        ("Started", report.started_at),
        ("Started by", report.started_by),
    ]
    if report.why_corrected:
        rows.append(("What it corrects", report.why_corrected))
    if report.signed_freeze is not None:
        rows += [
            ("Signed", report.signed_at),
            ("Signed by", report.signed_by),
            ("What was signed", report.signed_freeze),
            ("Digest of everything in it (SHA-256)", report.signed_freeze.input_sha256),
        ]
    if report.published_by is not None:
        rows += [("Published", report.published_at), ("Published by", report.published_by)]
    if report.superseded_at is not None:
        rows.append(("Replaced", report.superseded_at))
    return FactSection("How it stands", tuple(rows))


def _offers(report: Report, newest: Newest | None, by: User) -> dict[str, object]:
    """What this person may do with it now, and where their role signs, why they may not: that the library
    tells a case otherwise since the page says to everybody. ``newest`` is that of an open report."""
    grants, is_overtaken = by.staff_grants, newest is not None and bool(newest.overtaken)
    is_signed = report.state == Report.State.SIGNED
    refusal = newest.refusal(by) if newest is not None and not is_signed and SIGN in grants else None
    is_frozen = newest is not None and newest.freeze is not None
    return {
        "may_write": WRITE in grants and report.is_open,
        "may_sign": refusal == "",
        "why_not_sign": refusal if is_frozen and not is_overtaken else "",
        "may_publish": PUBLISH in grants and is_signed and not is_overtaken,
        "may_set_again": WRITE in grants,
        "may_correct": WRITE in grants and report.state == Report.State.PUBLISHED,
    }
