"""The public dashboard, and the file behind each of its tables."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, declare
from regulator.frontend.caching import Publication
from regulator.statistics.showing import drawn
from regulator.statistics.totals.dashboard import Dashboard, dashboard
from regulator.statistics.totals.files import FORMATS
from regulator.statistics.totals.forms import DashboardForm
from regulator.statistics.totals.queries import present
from regulator.statistics.totals.sections import known

TOTALS: Final = Publication("totals", present, ("regulator/statistics", *settings.CODE_OF_FIGURES))


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: what it is called, what it says, and the address without it."""

    label: str
    value: str
    without: str


@declare(PUBLIC)
@require_safe
@TOTALS.revisioned
def home(request: HttpRequest) -> HttpResponse:
    """The dashboard as the filters of the address ask for it, in at most 6 queries at any size.

    A filter that cannot be read is said beside its box and left out.
    """
    form, told = _asked(request)
    asked = form.asked
    chips = [
        Chip(
            str(form.fields[name].label),
            form.shown(name, value),
            address({other: said for other, said in asked.items() if other != name}),
        )
        for name, value in asked.items()
    ]
    context: dict[str, Any] = {
        "form": form,
        "told": told,
        "chips": chips,
        "asked": f"?{urlencode(asked)}" if asked else "",
        "canonical": request.build_absolute_uri(address(asked)),
        "formats": FORMATS.values(),
        "drawn": drawn,
    }
    return render(request, "statistics/dashboard.html", context)


@declare(PUBLIC)
@require_safe
@TOTALS.revisioned
def table_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One table of the dashboard as a file, in at most 6 queries. 404 for a table that the dashboard does not
    have, or has not for what is asked; a filter that cannot be read is left out, as on the page."""
    _, told = _asked(request)
    section = told.section(name)
    if section is None or form not in FORMATS:
        raise Http404("There is no such table.")
    kind = FORMATS[form]
    response = HttpResponse(b"".join(kind.written(section.table)), content_type=kind.media_type)
    response["Content-Disposition"] = f'attachment; filename="irmer-{name}.{form}"'
    return response


def address(asked: dict[str, str]) -> str:
    """The address of the dashboard with these filters."""
    path = reverse("statistics:home")
    return f"{path}?{urlencode(asked)}" if asked else path


def _asked(request: HttpRequest) -> tuple[DashboardForm, Dashboard]:
    held = known()
    form = DashboardForm(request.GET, years=held.choices)
    asked = form.asked
    return form, dashboard(held, modality=asked.get("modality", ""), label=asked.get("year", ""))
