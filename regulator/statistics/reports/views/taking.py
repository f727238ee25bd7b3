"""The published reports as files: PDF, and CSV, ODS and JSON of the whole and of each table."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, declare
from regulator.sheets import MEDIA_TYPE
from regulator.statistics import files as table_files
from regulator.statistics.reports import files
from regulator.statistics.reports.caching import published_only
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.published import pdf_of
from regulator.statistics.reports.views.reading import context_of, found_or_404, table_or_404
from regulator.statistics.tables import Table

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "ods": MEDIA_TYPE,
    "json": "application/json",
    "pdf": "application/pdf",
}
OF_A_TABLE: Final[dict[str, Callable[[Table], bytes]]] = {
    "csv": lambda table: b"".join(table_files.table_csv(table)),
    "ods": table_files.table_ods,
    "json": table_files.table_json,
}
OF_ALL: Final[dict[str, Callable[[Content], bytes]]] = {
    "csv": lambda content: b"".join(files.long_csv(content)),
    "ods": files.whole_ods,
    "json": lambda content: table_files.json_of(files.as_plain_report(content, settings.PORTAL_URL)),
}


@declare(PUBLIC)
@require_safe
@published_only
def report_file(request: HttpRequest, year: str, form: str, edition: int | None = None) -> HttpResponse:
    """The whole report as a file (three queries, and one where a case of it was withdrawn); 404 for a form
    that there is not, 410 in words for the PDF of an edition that tells a case which was withdrawn from the
    library since: its bytes cannot be changed.
    """
    held, others = found_or_404(year, edition)
    name = f"irmer-annual-report-{held.slug}"
    if held.number > 1:
        name = f"{name}-edition-{held.number}"
    if form == "pdf" and held.case_withdrawn_at is not None:
        return render(request, "reports/pdf_withheld.html", context_of(held, others), status=410)
    if form == "pdf":
        return _file(pdf_of(held), f"{name}.pdf", form)
    if form not in OF_ALL:
        raise Http404("There is no such file.")
    return _file(OF_ALL[form](held.content()), f"{name}.{form}", form)


@declare(PUBLIC)
@require_safe
@published_only
def table_file(request: HttpRequest, year: str, name: str, form: str) -> HttpResponse:
    """One table as a file (as many queries as ``report_file``); 404 for a table or a form that there is
    not."""
    held, _ = found_or_404(year, None)
    if form not in OF_A_TABLE:
        raise Http404("There is no such file.")
    table = table_or_404(held.content(), name)
    return _file(OF_A_TABLE[form](table), f"irmer-{held.slug}-{table.name}.{form}", form)


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=_TYPES[form])
    where = "inline" if form in ("pdf", "json") else "attachment"
    answer["Content-Disposition"] = f'{where}; filename="{name}"'
    return answer
