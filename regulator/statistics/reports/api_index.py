"""Where the statistics are, for machines: the published reports, and the files of the public dashboard."""

from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from regulator.accounts.policies import PUBLIC
from regulator.accounts.throttling import PerReader
from regulator.organisations.models import Modality
from regulator.statistics.reports.api import LICENCE, told
from regulator.statistics.reports.api_shapes import INDEX_HEADERS, REFUSALS, UNREADABLE, IndexSerializer
from regulator.statistics.reports.caching import everything_published
from regulator.statistics.reports.published import Edition, listed
from regulator.statistics.tables import Table
from regulator.statistics.totals.dashboard import dashboard
from regulator.statistics.totals.files import FORMATS
from regulator.statistics.totals.forms import DashboardForm
from regulator.statistics.totals.sections import known
from regulator.statistics.totals.views import address
from regulator.strict import StrictQuery

_MODALITY: Final = OpenApiParameter(
    "modality",
    {"type": "string", "enum": Modality.values},
    description="Only this modality, in the tables of the dashboard.",
)
_YEAR: Final = OpenApiParameter(
    "year",
    str,
    description="The year that the tables of the dashboard break down, one of `years`: 2023/24. The latest "
    "without it; the year that runs has fewer tables.",
)


class StatisticsIndexViewSet(StrictQuery, viewsets.ViewSet):
    """What there is of statistics."""

    policy = PUBLIC
    asks: ClassVar = {"list": tuple(DashboardForm.base_fields)}
    authentication_classes = ()
    throttle_classes = (PerReader,)
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="statistics_index",
        parameters=[_MODALITY, _YEAR, *INDEX_HEADERS],
        responses={200: IndexSerializer, **UNREADABLE, **REFUSALS},
    )
    def list(self, request: Request, **kwargs: Any) -> Response:
        """The published reports, the latest year first, and the tables of the public dashboard, each with the
        addresses of its files; in at most eight queries at any size."""
        held = known()
        form = DashboardForm(request.query_params, years=held.choices)
        if form.errors:
            raise ValidationError({name: [*map(str, said)] for name, said in form.errors.items()})
        asked = form.asked
        shown = dashboard(held, modality=asked.get("modality", ""), label=asked.get("year", ""))
        return Response(
            {
                "licence": LICENCE,
                "reports_url": _here("api-statistics-reports-list", version=request.version),
                "reports": [_with_address(each, str(request.version)) for each in listed()],
                "dashboard_url": f"{settings.PORTAL_URL}{address(asked)}",
                "counted_on": shown.counted_on,
                "years": held.choices,
                "tables": [_files(each.table, asked) for each in shown.sections],
            }
        )


def _with_address(edition: Edition, version: str) -> dict[str, Any]:
    where = _here("api-statistics-reports-detail", version=version, year=edition.slug)
    return {**told(edition), "api": where}


def _files(table: Table, asked: dict[str, str]) -> dict[str, Any]:
    query = f"?{urlencode(asked)}" if asked else ""
    files = {form: f"{_here('statistics:table', name=table.name, form=form)}{query}" for form in FORMATS}
    return {
        "name": table.name,
        "title": table.title,
        "unit": table.unit,
        "basis": table.basis,
        "files": files,
    }


def _here(route: str, /, **parts: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(route, kwargs=parts)}"


router = SimpleRouter()
router.register("statistics", StatisticsIndexViewSet, basename="api-statistics")
urlpatterns = router.urls
for each in urlpatterns:
    if each.callback is not None:
        each.callback = everything_published(each.callback)
