"""The deeds on a report, each a page with a form of its own; freezing shows what moved first."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from regulator.accounts.policies import signed_in
from regulator.organisations.attempt import carry
from regulator.organisations.deed_page import answer_deed
from regulator.statistics.annual import Contradiction
from regulator.statistics.reports import services
from regulator.statistics.reports.composing import CasesGone, present
from regulator.statistics.reports.desk_pages.reading import context_of, freeze_of, report_of, shown_content
from regulator.statistics.reports.forms import (
    CorrectForm,
    FreezeForm,
    PublishForm,
    SetAgainForm,
    SignForm,
    StartForm,
)
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.moved import moved
from regulator.statistics.reports.outline import places

METHODS = ["GET", "HEAD", "POST"]
_CONTRADICT: Final = "The figures contradict each other. Until they agree, no report is made of them:"
_GONE: Final = "The text tells what the library tells no more. Until it is taken out, no report is made:"


@require_http_methods(METHODS)
def start_page(request: HttpRequest) -> HttpResponse:
    """Start the report on a year that has none."""
    form = StartForm(request.POST or None)
    by = signed_in(request)

    def deed() -> HttpResponse:
        return _to(services.start(period=form.cleaned_data["year"], by=by))

    return _answer(request, form, deed, title="Start a report", button="Start the report")


@require_http_methods(METHODS)
def freeze_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Compose the figures now, show what moved since the last freeze, and freeze what was shown. Where they
    contradict each other, or a text tells a case that was withdrawn, it says how, and offers nothing to
    press.
    """
    report = report_of(pk)
    by = signed_in(request)
    try:
        content = present(report)
    except (Contradiction, CasesGone) as wrong:
        why = _GONE if isinstance(wrong, CasesGone) else _CONTRADICT
        context = {**context_of(request, report, "Freeze"), "why": why, "faults": str(wrong).split("\n")}
        return TemplateResponse(request, "admin/reports/freezing.html", context)
    form = FreezeForm(request.POST or None, initial={"version": report.version, "seen": content.input_sha256})

    def deed() -> HttpResponse:
        made = services.freeze(report=report, by=by, **form.cleaned_data)
        messages.success(request, f"{made}: done. Its PDF is being made.")
        return _to(report)

    def page(status: HTTPStatus) -> HttpResponse:
        carry(form, {"seen": content.input_sha256})
        former = report.freezes.select_related("frozen_by").order_by("-number").first()
        context = {
            **context_of(request, report, "Freeze"),
            "form": form,
            "content": content,
            "former": former,
            "moved": moved(shown_content(former), content) if former else None,
            "headings": {place: section.heading for place, section in places().items()},
        }
        return TemplateResponse(request, "admin/reports/freezing.html", context, status=status)

    return answer_deed(request, form, deed, page)


@require_http_methods(METHODS)
def set_again_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Have the PDF of a freeze set again that was given up."""
    report, held = report_of(pk), freeze_of(pk, number)
    form = SetAgainForm(request.POST or None, initial={"version": report.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        services.set_again(report=report, freeze=held, by=by, version=form.cleaned_data["version"])
        return _to(report)

    lead = (
        f"The PDF of {str(held).lower()} is tried anew. What was frozen stays as it is; so does a signature."
    )
    return _answer(request, form, deed, report, title="Set the PDF again", button="Set it again", lead=lead)


@require_http_methods(METHODS)
def sign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the last freeze, by somebody who neither froze it nor wrote any of it."""
    report = report_of(pk)
    newest = report.freezes.defer("content").order_by("-number").first()
    start = {"version": report.version, "freeze": newest.number if newest else None}
    form = SignForm(request.POST or None, initial=start)
    by = signed_in(request)

    def deed() -> HttpResponse:
        said = form.cleaned_data
        held = freeze_of(report.pk, said["freeze"])
        services.sign(report=report, freeze=held, by=by, version=said["version"])
        return _to(report)

    lead = f"You sign {newest}, input {newest.input_sha256[:16]}." if newest else "Nothing is frozen yet."
    if newest:
        lead += " You have read it. Whatever is written or frozen after this undoes your signature."
    return _answer(request, form, deed, report, title="Sign", button="Sign this freeze", lead=lead)


@require_http_methods(METHODS)
def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was signed."""
    report = report_of(pk)
    form = PublishForm(request.POST or None, initial={"version": report.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        services.publish(report=report, by=by, version=form.cleaned_data["version"])
        return _to(report)

    lead = "Anybody reads it from now on, and it never changes. A correction is an edition of its own."
    return _answer(request, form, deed, report, title="Publish", button="Publish the report", lead=lead)


@require_http_methods(METHODS)
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the next edition of a published report."""
    report = report_of(pk)
    form = CorrectForm(request.POST or None, initial={"version": report.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        return _to(services.correct(report=report, by=by, **form.cleaned_data))

    lead = "The published edition stands until the corrected one is frozen, signed and published."
    title = "Start a correction"
    return _answer(request, form, deed, report, title=title, button="Start the correction", lead=lead)


def _to(report: Report) -> HttpResponse:
    return redirect("admin:reports_report_change", report.pk)


def _answer(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], HttpResponse],
    report: Report | None = None,
    *,
    title: str,
    button: str,
    lead: str = "",
) -> HttpResponse:
    """302 when done, else the form with what was wrong (400, 403, 409)."""

    def page(status: HTTPStatus) -> HttpResponse:
        context = {
            **context_of(request, report, title),
            "form": form,
            "button": button,
            "lead": lead,
        }
        return TemplateResponse(request, "admin/reports/deed.html", context, status=status)

    return answer_deed(request, form, deed, page, done=f"Done: {title[:1].lower()}{title[1:]}.")
