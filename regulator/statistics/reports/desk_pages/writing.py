"""Writing one text of a report, with a preview that needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from regulator.statistics.reports.composing import CasesGone, cases_told
from regulator.statistics.reports.desk_pages.reading import context_of, report_of
from regulator.statistics.reports.forms import BlockForm
from regulator.statistics.reports.frozen import Content, written_cases
from regulator.statistics.reports.models import Block, Freeze, Report
from regulator.statistics.reports.outline import modality_of, places
from regulator.statistics.reports.prose import filled, names_in, placed
from regulator.statistics.reports.services.writing import checked_text, told_at
from regulator.statistics.tables import shown
from regulator.statistics.told import CaseChoice, library

LOOK: Final = "look"
COUNT: Final = "count"
FIND: Final = "find"
MOST_NAMES: Final = 40
"""How many names of numbers a page lists; whoever looks for more says it in more words."""
MOST_CASES: Final = 20
"""How many cases of the library a page lists: the newest, or of those that were looked for."""


@dataclass(frozen=True, slots=True)
class Known:
    """What each number is, as it is shown, by name: as ``freeze`` has it, or counted now where that is
    ``None``. ``contradicts`` says how the figures contradict each other: then there are no numbers to
    show."""

    numbers: Mapping[str, str]
    freeze: Freeze | None = None
    contradicts: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A case of the library that may be told: what is typed for it, and the heading under which the report
    tells it already (empty where it does not)."""

    case: CaseChoice
    typed: str
    told_in: str


@require_http_methods(["GET", "HEAD", "POST"])
def block_page(request: HttpRequest, pk: int, place: str) -> HttpResponse:
    """GET shows the text as it stands, its earlier versions, the names of numbers with what they are in the
    newest freeze (counted now where there is none), and the cases of the library that can be told there. POST
    shows how it would read, on demand with the numbers counted now, or keeps it (302); else the form with
    what was wrong (400, 403, 409). Where somebody else wrote it meanwhile, their text stands beside what was
    typed.

    At most 12 SQL queries at any size, where nothing is counted."""
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
    step = request.POST.get("step")
    if step == FIND:
        return _page(request, report, place, form)
    if step in (LOOK, COUNT):
        return _look(request, report, place, form, known=_numbers(report, now=step == COUNT))
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


def _look(request: HttpRequest, report: Report, place: str, form: BlockForm, *, known: Known) -> HttpResponse:
    """How the text would read (200), or what is wrong with it (400)."""
    try:
        looked = checked_text(form.cleaned_data["text"], report=report, place=place)
        cases = Content({"cases": written_cases(cases_told({place: looked}).values())}).cases
    except ValidationError as wrong:
        add_errors(form, wrong)
    except CasesGone as gone:
        form.add_error("text", str(gone))
    else:
        names = {name: f"[{name}]" for name in NUMBERS}
        preview = filled(looked, names | dict(known.numbers), cases)
        return _page(request, report, place, form, known=known, preview=preview)
    return _page(request, report, place, form, known=known, status=HTTPStatus.BAD_REQUEST)


def _page(
    request: HttpRequest,
    report: Report,
    place: str,
    form: BlockForm,
    *,
    known: Known | None = None,
    preview: list[dict[str, Any]] | None = None,
    theirs: Block | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    known = known or _numbers(report)
    wanted = str(form["find"].value() or "")
    names = _names(str(form["text"].value() or ""), wanted)
    versions = report.blocks.filter(place=place).select_related("written_by").order_by("-number")
    context: dict[str, Any] = {
        **context_of(request, report, f"Text: {places()[place].heading}"),
        "form": form,
        "place": place,
        "numbers": [(name, NUMBERS.get(name).meaning, known.numbers.get(name, "")) for name in names],
        "known": known,
        "number_names": len(NUMBERS),
        "preview": preview,
        "offers": _offers(report, place, wanted),
        "most_offers": MOST_CASES,
        "wanted": wanted,
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


def _offers(report: Report, place: str, wanted: str) -> list[Offer]:
    """The cases of the library that can be told at ``place`` and have the words that are looked for, the
    newest first (2 queries)."""
    found = library().choices(modality_of(place), wanted, MOST_CASES)
    told = told_at(report)
    return [
        Offer(each, placed(each.number), places()[told[each.number]].heading if each.number in told else "")
        for each in found
    ]


def _numbers(report: Report, *, now: bool = False) -> Known:
    """Each number as the newest freeze has it (1 query), or counted ``now`` and where nothing is frozen yet:
    the figures' own queries, on a large year seconds."""
    newest = None if now else report.freezes.order_by("-number").first()
    if newest is not None:
        return Known(Content.read(newest.content).number_texts, newest)
    try:
        found = numbers_of(compose(report.period))
    except Contradiction as contradiction:
        return Known({}, contradicts=str(contradiction))
    return Known({name: shown(cell, number.kind) for name, (number, cell) in found.items()})
