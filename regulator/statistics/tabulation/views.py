"""The pages of tabulation on the desk. Each reads its address, asks one thing, and shows the answer."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.models import Case
from regulator.casework.queue.exporting import FORMATS
from regulator.periods import Period
from regulator.sheets import csv_lines, spreadsheet
from regulator.statistics.showing import drawn
from regulator.statistics.tables import MEANING_OF, Kind, Mark, Table
from regulator.statistics.tabulation.crossing import as_table, cross, in_percent
from regulator.statistics.tabulation.forms import CrossForm, PeriodForm, latest_year
from regulator.statistics.tabulation.models import CrossTable, DataFault
from regulator.statistics.tabulation.registries import (
    POPULATIONS,
    QUALITY,
    Population,
    QualityCheck,
    dimensions_of,
)
from regulator.statistics.tabulation.releasing import NotForRelease, for_release

PER_PAGE: Final = 50
INTERNAL: Final = "Internal: small counts are not kept back. Not for anybody outside CQC."
RELEASED: Final = "For release: small counts are kept back."


@require_safe
def cross_page(request: HttpRequest) -> HttpResponse:
    """Asks for two fields and a period; with them, the table. Two queries at any size: the table's, and that
    of the figure which it must add up to; for a release two more at most. 400 for an address that makes no
    sense, and for a release that is refused, with the reason beside its box."""
    name, population = _population(request)
    form = _cross_form(request, name)
    context: dict[str, Any] = {
        "form": form,
        "population": population,
        "choices": [
            (each.label, f"?{urlencode({'of': key})}", key == name) for key, each in POPULATIONS.items()
        ],
        "of": name,
    }
    if form.is_bound and form.is_valid():
        try:
            context |= _answer(request, name, population, form)
        except NotForRelease as why:
            form.add_error("release", str(why))
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return _page(request, "cross.html", "Cross-tables", context, CrossTable, status)


@require_safe
def cross_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table that the address asks for as a file with its notes; 404 for another format, and the page
    with what is wrong for an address that makes no sense."""
    if form not in FORMATS:
        raise Http404("There is no such format.")
    name, population = _population(request)
    asked = _cross_form(request, name)
    if not asked.is_bound or not asked.is_valid():
        return cross_page(request)
    try:
        table, _ = _table(name, population, asked.cleaned_data)
    except NotForRelease:
        return cross_page(request)
    rows = _lines(table, is_released=asked.cleaned_data["release"])
    content = csv_lines(rows) if form == "csv" else spreadsheet("Cross-table", rows)
    answer = StreamingHttpResponse(content, content_type=FORMATS[form].media_type)
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(name, asked.cleaned_data)}.{form}"'
    return answer


@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """Every check of the data with how many it finds in a period: one query for each check."""
    form = _period_form(request)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        period: Period = form.cleaned_data["period"]
        context |= {
            "period": period,
            "asked": urlencode(_days(period)),
            "checks": [(name, each, each.found(period).order_by().count()) for name, each in QUALITY.items()],
        }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return _page(request, "quality.html", "Data quality", context, DataFault, status)


@require_safe
def fault_page(request: HttpRequest, name: str) -> HttpResponse:
    """What one check finds in a period, in pages of 50: at most 3 queries. Everything is counted; restricted
    cases, and employers found by nothing else, are listed for those alone who may open them. 404 for an
    unknown check."""
    if name not in QUALITY:
        raise Http404("There is no such check.")
    check, form = QUALITY.get(name), _period_form(request)
    context: dict[str, Any] = {"form": form, "check": check, "name": name}
    if form.is_valid():
        period: Period = form.cleaned_data["period"]
        found = check.found(period)
        number = found.order_by().count()
        listed = _seen(check, found, period, signed_in(request))
        page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "period": period,
            "asked": urlencode(_days(period)),
            "number": number,
            "unseen": number - page.paginator.count,
            "page": page,
        }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return _page(request, "fault.html", check.title, context, DataFault, status)


def _seen(check: QualityCheck, found: QuerySet[Any], period: Period, reader: User) -> QuerySet[Any]:
    """Of what a check finds, what the reader may see."""
    cases = Case.objects.for_user(reader)
    if check.of == "cases":
        seen = cases.filter(pk__in=found.order_by().values("pk"))
        return seen.select_related("employer").order_by("opened_at", "pk")
    if check.rests_on is not None:
        known = cases.filter(pk__in=check.rests_on(period).order_by().values("pk"))
        found = found.filter(pk__in=known.order_by().values("employer"))
    return found.order_by("pk")


def _population(request: HttpRequest) -> tuple[str, Population]:
    name = request.GET.get("of") or next(iter(POPULATIONS))
    if name not in POPULATIONS:
        raise Http404("Nothing of that name is counted.")
    return name, POPULATIONS.get(name)


def _cross_form(request: HttpRequest, population: str) -> CrossForm:
    if "rows" in request.GET:
        return CrossForm(request.GET, population=population)
    return CrossForm(population=population, initial={"year": latest_year().label, "share": "count"})


def _period_form(request: HttpRequest) -> PeriodForm:
    if {"year", "start", "end"} & request.GET.keys():
        return PeriodForm(request.GET)
    return PeriodForm({"year": latest_year().label})


def _days(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _answer(request: HttpRequest, name: str, population: Population, form: CrossForm) -> dict[str, Any]:
    table, total = _table(name, population, form.cleaned_data)
    figure = population.total(form.cleaned_data["period"])
    asked = request.GET.urlencode()
    return {
        "table": table,
        "rows": drawn(table).rows,
        "total": total,
        "figure": figure,
        "agrees": figure == total,
        "warning": RELEASED if form.cleaned_data["release"] else INTERNAL,
        "is_released": form.cleaned_data["release"],
        "marks": [(mark.value, MEANING_OF[mark]) for mark in table.marks()],
        "files": [
            (each.label, f"{reverse('admin:tabulation_crosstable_file', args=[each.name])}?{asked}")
            for each in FORMATS.values()
        ],
        "release_url": f"?{urlencode({**request.GET.dict(), 'release': 'on'})}",
    }


def _table(name: str, population: Population, asked: dict[str, Any]) -> tuple[Table, int]:
    """The table that was asked for, and how many it counts."""
    dimensions = dimensions_of(name)
    columns_by = dimensions.get(asked["columns"])
    found = cross(population, dimensions[asked["rows"]], columns_by, asked["period"])
    table = for_release(found) if asked["release"] else as_table(found)
    return in_percent(table, asked["share"]), found.total


def _lines(table: Table, *, is_released: bool) -> Iterator[Sequence[object]]:
    """The table and then its notes, as the rows of a file."""
    yield [column.heading + (" (%)" if column.kind is Kind.PERCENT else "") for column in table.columns]
    for row in table.rows:
        yield [cell.value if isinstance(cell, Mark) else cell for cell in row.cells]
    yield []
    yield [table.title]
    yield [RELEASED if is_released else INTERNAL]
    yield [f"Unit: {table.unit}. {table.basis}"]
    yield from ([note] for note in table.notes)
    yield from ([f"{mark.value}: {MEANING_OF[mark]}"] for mark in table.marks())


def _file_name(name: str, asked: dict[str, Any]) -> str:
    parts = [name, "by", asked["rows"]] + (["and", asked["columns"]] if asked["columns"] else [])
    period: Period = asked["period"]
    end = "release" if asked["release"] else "internal"
    return "-".join([*parts, period.start.isoformat(), period.end.isoformat(), end]).replace("_", "-")


def _page(
    request: HttpRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    model: Any,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, "opts": model._meta, **context}
    return TemplateResponse(request, f"admin/tabulation/{template}", whole, status=status)
