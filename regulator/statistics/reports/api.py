"""The published reports for machines: read-only, without sign-in, from the frozen tables of the pages."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from regulator.accounts.policies import PUBLIC
from regulator.accounts.throttling import PerReader
from regulator.statistics.reports.api_shapes import (
    HEADERS,
    NOT_FOUND,
    REFUSALS,
    UNREADABLE,
    AnnualReportSerializer,
    EditionListSerializer,
    NumbersSerializer,
    TableSerializer,
    TablesSerializer,
)
from regulator.statistics.reports.caching import published_only
from regulator.statistics.reports.files import as_plain_report, plain_numbers
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.published import Edition, edition_of, listed
from regulator.statistics.tables import as_plain
from regulator.strict import StrictQuery

LICENCE: Final = "OGL-UK-3.0"
"""As every answer carries it: the identifier of the licence (spdx.org)."""
_LONGEST_YEAR: Final = 4
_YEAR: Final = OpenApiParameter(
    "year",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    OpenApiParameter.PATH,
    description="The reporting year: 2023-24.",
)
_NAME: Final = OpenApiParameter(
    "name",
    {"type": "string", "pattern": "^[a-z0-9_]{1,100}$"},
    OpenApiParameter.PATH,
    description="The name of the table.",
)
_SINCE: Final = OpenApiParameter(
    "since",
    {"type": "integer", "minimum": 0, "maximum": 9999},
    description="Only reports on years that begin in April of this year or later, such as 2023.",
)


class StatisticsViewSet(StrictQuery, viewsets.GenericViewSet[Report]):
    """The annual reports that are published."""

    policy = PUBLIC
    asks: ClassVar = {"list": (_SINCE.name,)}
    authentication_classes = ()
    throttle_classes = (PerReader,)
    http_method_names = ["get", "head"]
    queryset = Report.objects.none()
    serializer_class = AnnualReportSerializer
    pagination_class = None
    filter_backends = ()
    lookup_field = "year"
    lookup_value_regex = "[0-9]{4}-[0-9]{2}"

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.public()

    @extend_schema(
        operation_id="statistics_reports_list",
        parameters=[_SINCE, *HEADERS],
        responses={200: EditionListSerializer, **UNREADABLE, **REFUSALS},
    )
    def list(self, request: Request, **kwargs: Any) -> Response:
        """Every published report, the latest year first. Of a corrected report the edition that holds."""
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) <= _LONGEST_YEAR):
            raise ValidationError({"since": ["Enter a year, such as 2023."]})
        found = [told(each) for each in listed() if each.starts_on.year >= int(since)]
        return Response({"licence": LICENCE, "results": found})

    @extend_schema(
        operation_id="statistics_reports_retrieve",
        parameters=[_YEAR, *HEADERS],
        responses={200: AnnualReportSerializer, **UNREADABLE, **NOT_FOUND, **REFUSALS},
    )
    def retrieve(self, request: Request, year: str, **kwargs: Any) -> Response:
        """A whole report: its sections with their text, every table, every named number."""
        edition = _edition(year)
        report = as_plain_report(edition.content(), settings.PORTAL_URL)
        return Response({"licence": LICENCE, **report, **told(edition)})

    @extend_schema(
        operation_id="statistics_tables_list",
        parameters=[_YEAR, *HEADERS],
        responses={200: TablesSerializer, **UNREADABLE, **NOT_FOUND, **REFUSALS},
    )
    @action(detail=True, url_path="tables")
    def tables(self, request: Request, year: str, **kwargs: Any) -> Response:
        """Every table of a report, in the order of the figures."""
        edition = _edition(year)
        tables = [as_plain(table) for table in edition.content().tables.values()]
        return Response({"licence": LICENCE, "year": edition.label, "results": tables})

    @extend_schema(
        operation_id="statistics_tables_retrieve",
        parameters=[_YEAR, _NAME, *HEADERS],
        responses={200: TableSerializer, **UNREADABLE, **NOT_FOUND, **REFUSALS},
    )
    @action(detail=True, url_path="tables/(?P<name>[a-z0-9_]{1,100})", url_name="table")
    def table(self, request: Request, year: str, name: str, **kwargs: Any) -> Response:
        """One table of a report by its name, such as `notifications`."""
        found = _edition(year).content().tables.get(name)
        if found is None:
            raise Http404("There is no such table.")
        return Response(as_plain(found))

    @extend_schema(
        operation_id="statistics_numbers_list",
        parameters=[_YEAR, *HEADERS],
        responses={200: NumbersSerializer, **UNREADABLE, **NOT_FOUND, **REFUSALS},
    )
    @action(detail=True, url_path="numbers")
    def numbers(self, request: Request, year: str, **kwargs: Any) -> Response:
        """Every named number of a report, as its text shows it."""
        edition = _edition(year)
        told_numbers = plain_numbers(edition.content())
        return Response({"licence": LICENCE, "year": edition.label, "results": told_numbers})


def told(edition: Edition) -> dict[str, Any]:
    """An edition as the API tells of it."""
    return {
        "year": edition.label,
        "slug": edition.slug,
        "edition": edition.number,
        "why_corrected": edition.why_corrected,
        "published_at": edition.published_at.isoformat(),
        "as_of": edition.as_of.isoformat(),
        "input_sha256": edition.input_sha256,
        "url": f"{settings.PORTAL_URL}{reverse('reports:report', args=[edition.slug])}",
        "pdf": f"{settings.PORTAL_URL}{reverse('reports:file', args=[edition.slug, 'pdf'])}",
    }


def _edition(year: str) -> Edition:
    found = edition_of(year)
    if found is None:
        raise Http404("There is no such report.")
    return found[0]


router = SimpleRouter()
router.register("statistics/reports", StatisticsViewSet, basename="api-statistics-reports")
urlpatterns = router.urls
for each in urlpatterns:
    if each.callback is not None:
        each.callback = published_only(each.callback)
