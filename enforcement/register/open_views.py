"""The open data's pages and files: for anybody, without sign-in, from the register's tables alone."""

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enforcement.register import licence
from enforcement.register.asked import asked_of, filter_query
from enforcement.register.caching import present_of, revisioned
from enforcement.register.columns import COLUMNS
from enforcement.register.describing import csvw, table_schema
from enforcement.register.exports import FORMATS, MOST_ROWS_OF_ODS, Format
from enforcement.register.filters import RegisterFilter
from regulator.accounts.policies import PUBLIC, declare

_COUNTED: Final = 10_000
"""Up to which an exact number is said."""


@declare(PUBLIC)
@require_safe
@revisioned
def download_page(request: HttpRequest) -> HttpResponse:
    """What can be taken away, of the whole register or of what fits the filters, in three queries."""
    filterset = asked_of(request)
    if not filterset.is_valid():
        return _refused(request, filterset)
    return _page(request, filterset)


@declare(PUBLIC)
@require_safe
@revisioned
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The entries that fit the filters, as a file that begins at once. 400 for a filter that cannot be read,
    and for more rows than the format takes."""
    if form not in FORMATS:
        raise Http404("There is no such format.")
    filterset = asked_of(request)
    if not filterset.is_valid():
        return _refused(request, filterset)
    chosen = FORMATS[form]
    if _is_too_much(filterset, chosen):
        return _page(request, filterset, too_many=chosen, status=HTTPStatus.BAD_REQUEST)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=chosen.media_type)
    else:
        response = StreamingHttpResponse(chosen.written(filterset.qs), content_type=chosen.media_type)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(request, chosen)}"'
    response["Link"] = _links()
    return response


@declare(PUBLIC)
@require_safe
@revisioned
def columns_page(request: HttpRequest) -> HttpResponse:
    """What each column of the files holds."""
    return render(request, "register/columns.html", {"columns": COLUMNS, "licence": licence})


@declare(PUBLIC)
@require_safe
@revisioned
def csvw_description(request: HttpRequest) -> JsonResponse:
    """The same for programs: CSV on the Web (W3C)."""
    return JsonResponse(csvw(), content_type="application/csvm+json")


@declare(PUBLIC)
@require_safe
@revisioned
def schema_description(request: HttpRequest) -> JsonResponse:
    """The same as a Table Schema (Data Package standard)."""
    return JsonResponse(table_schema())


def _is_too_much(filterset: RegisterFilter, chosen: Format) -> bool:
    most = chosen.most_rows
    return most is not None and filterset.qs.order_by()[: most + 1].count() > most


def _refused(request: HttpRequest, filterset: RegisterFilter) -> HttpResponse:
    context = {"form": filterset.form, "refused": True, "query": "", "total": 0, "too_many": None}
    return _rendered(request, context, HTTPStatus.BAD_REQUEST)


def _page(
    request: HttpRequest,
    filterset: RegisterFilter,
    *,
    too_many: Format | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    total = filterset.qs.order_by()[: _COUNTED + 1].count()
    query = filter_query(request.GET)
    context = {"form": filterset.form, "refused": False, "query": query, "total": total, "too_many": too_many}
    return _rendered(request, context, status)


def _rendered(request: HttpRequest, context: dict[str, Any], status: HTTPStatus) -> HttpResponse:
    number, changed_at = present_of(request)
    fixed = {
        "formats": FORMATS.values(),
        "counted": _COUNTED,
        "most_rows_of_ods": MOST_ROWS_OF_ODS,
        "licence": licence,
        "number": number,
        "changed_at": changed_at,
    }
    return render(request, "register/download.html", context | fixed, status=status)


def _file_name(request: HttpRequest, chosen: Format) -> str:
    """With the day and the number of the register's last change: what the file is a copy of."""
    number, changed_at = present_of(request)
    part = "-part" if filter_query(request.GET) else ""
    return f"enforcement-register{part}-{changed_at:%Y-%m-%d}-r{number}.{chosen.name}"


def _links() -> str:
    described = f"{settings.PORTAL_URL}{reverse('register_open:csvw')}"
    return (
        f'<{licence.ADDRESS}>; rel="license", <{described}>; rel="describedby"; type="application/csvm+json"'
    )
