"""Writing one text of a report, with a preview that needs no script."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from regulator.accounts.policies import signed_in
from regulator.organisations.attempt import add_errors, attempt
from regulator.statistics.annual import Contradiction, compose, numbers_of
from regulator.statistics.numbers import NUMBERS
from regulator.statistics.reports import services
from regulator.statistics.reports.desk_pages.reading import context_of, report_of
from regulator.statistics.reports.forms import BlockForm
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.outline import places
from regulator.statistics.reports.prose import filled, names_in
from regulator.statistics.reports.services.writing import checked_text
from regulator.statistics.tables import shown

LOOK: Final = "look"
FIND: Final = "find"
MOST_NAMES: Final = 40
"""How many names of numbers a page lists; whoever looks for more says it in more words."""


@require_http_methods(["GET", "HEAD", "POST"])
def block_page(request: HttpRequest, pk: int, place: str) -> HttpResponse:
    """GET shows the text as it stands, its earlier versions, and the names of numbers with what they are now.
    POST shows how it would read, or keeps it (302); else the form with what was wrong (400, 403, 409). Where
    somebody else wrote it meanwhile, their text stands beside what was typed."""
    if place not in places():
        raise Http404("The outline has no such place.")
    report = report_of(pk)
    newest = report.blocks.filter(place=place).order_by("-number").first()
    if request.method != "POST":
        start = {"version": newest.number if newest else 0, "text": newest.text if newest else ""}
        return _page(request, report, place, BlockForm(initial=start))
    form = BlockForm(request.POST)
    if not form.is_valid():
        return _page(request, report, place, form, status=HTTPStatus.BAD_REQUEST)
    said = form.cleaned_data
    if request.POST.get("step") == FIND:
        return _page(request, report, place, form)
    if request.POST.get("step") == LOOK:
        try:
            looked = checked_text(said["text"])
        except ValidationError as wrong:
            add_errors(form, wrong)
            return _page(request, report, place, form, status=HTTPStatus.BAD_REQUEST)
        return _page(request, report, place, form, looked=looked)
    by = signed_in(request)
    outcome = attempt(
        form,
        lambda: services.write_block(
            report=report, place=place, text=said["text"], by=by, version=said["version"]
        ),
    )
    if outcome.done:
        messages.success(request, "The text is kept.")
        return redirect("admin:reports_report_change", report.pk)
    theirs = report.blocks.filter(place=place).order_by("-number").first() if outcome.stale else None
    return _page(request, report, place, form, theirs=theirs, status=outcome.status)


def _page(
    request: HttpRequest,
    report: Report,
    place: str,
    form: BlockForm,
    *,
    looked: str | None = None,
    theirs: Block | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    numbers, contradicts = _numbers(report)
    names = _names(str(form["text"].value() or ""), str(form["find"].value() or ""))
    versions = report.blocks.filter(place=place).select_related("written_by").order_by("-number")
    context: dict[str, Any] = {
        **context_of(request, report, f"Text: {places()[place].heading}"),
        "form": form,
        "place": place,
        "numbers": [(name, NUMBERS.get(name).meaning, numbers.get(name, "")) for name in names],
        "known": len(NUMBERS),
        "contradicts": contradicts,
        "preview": filled(looked, numbers or {name: f"[{name}]" for name in NUMBERS})
        if looked is not None
        else None,
        "theirs": theirs,
        "versions": list(versions),
    }
    return TemplateResponse(request, "admin/reports/block.html", context, status=status)


def _names(text: str, wanted: str) -> list[str]:
    """The names that the text holds, and those whose name or meaning has all the words that are looked for,
    the shortest first."""
    words = wanted.lower().replace("_", " ").split()
    found = [
        name
        for name, number in NUMBERS.items()
        if words and all(word in f"{name.replace('_', ' ')} {number.meaning.lower()}" for word in words)
    ]
    used = [name for name in names_in(text) if name in NUMBERS]
    return list(dict.fromkeys([*sorted(found, key=len)[:MOST_NAMES], *used]))


def _numbers(report: Report) -> tuple[dict[str, str], str]:
    """Each number as the text would show it now, and where the figures contradict each other, how: then there
    are no numbers to show."""
    try:
        found = numbers_of(compose(report.period))
    except Contradiction as contradiction:
        return {}, str(contradiction)
    return {name: shown(cell, number.kind) for name, (number, cell) in found.items()}, ""
