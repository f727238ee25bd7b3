"""The funnel chart of one modality in one reporting year: every employer's count against what was expected.

For staff. Drawn on the server as SVG, and told a second time as a table; numbers are those that a run stored.
Both sides of the funnel look alike: a low place and a high one are each a reason to look, none is a finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator.risk.drawing import Drawing, draw
from regulator.risk.models import RiskScore, YearFunnel, YearRate
from regulator.risk.queries import latest_funnels, rates_in

PER_PAGE: Final = 50
MOST_NAMED: Final = 100
FEW: Final = 3
"""Expected incidents below which a count says little (docs/risk.md)."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A point outside the limits, with the number that it bears on the chart."""

    number: int
    rate: YearRate

    @property
    def side(self) -> str:
        return "fewer than expected" if self.rate.ratio < 1 else "more than expected"

    @property
    def limit(self) -> str:
        return "99.8%" if self.rate.is_far_outside else "95%"


@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    """The chart that the address asks for, else the newest: 2 queries and the session's at any size. A year
    or modality that does not exist is answered with the newest chart."""
    funnels = latest_funnels()
    funnel = _asked(funnels, request)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Funnel of reporting",
        "opts": RiskScore._meta,
        "funnel": funnel,
        "choices": [(each, address_of(each), each == funnel) for each in funnels],
        "few": FEW,
    }
    if funnel is not None:
        context |= _told(rates_in(funnel), funnel, request.GET.get("page"))
    return TemplateResponse(request, "admin/risk/funnel.html", context)


def address_of(shown: YearFunnel | YearRate) -> str:
    """The page of the funnel in which ``shown`` lies."""
    asked = urlencode({"modality": shown.modality, "year": shown.year.slug})
    return f"{reverse('admin:risk_riskscore_funnel')}?{asked}"


def _asked(funnels: Sequence[YearFunnel], request: HttpRequest) -> YearFunnel | None:
    asked = (request.GET.get("modality"), request.GET.get("year"))
    fitting = (each for each in funnels if (each.modality, each.year.slug) == asked)
    return next(fitting, funnels[0] if funnels else None)


def _told(rates: Sequence[YearRate], funnel: YearFunnel, wanted: str | None) -> dict[str, Any]:
    drawn = [each for each in rates if each.has_activity and each.expected > 0]
    unknown = [each for each in rates if not each.has_activity]
    outside = [Outside(number, each) for number, each in enumerate(_outside(drawn), start=1)]
    numbers = {each.rate.pk: each.number for each in outside}
    page: Page[YearRate] = Paginator(drawn, PER_PAGE).get_page(wanted)
    return {
        "drawing": _drawing(drawn, funnel, numbers) if drawn else None,
        "drawn": len(drawn),
        "outside": outside,
        "page": page,
        "rows": [(each, numbers.get(each.pk)) for each in page.object_list],
        "unknown": unknown[:MOST_NAMED],
        "unknown_in_all": len(unknown),
        "nothing_expected": len(rates) - len(drawn) - len(unknown),
        "few_expected": sum(each.expected < FEW for each in drawn),
        "address": address_of(funnel),
    }


def _outside(drawn: Sequence[YearRate]) -> list[YearRate]:
    """Those beyond the 95% limits, by name: this is no ranking."""
    return [each for each in drawn if each.is_outside]


def _drawing(drawn: Sequence[YearRate], funnel: YearFunnel, numbers: dict[int, int]) -> Drawing:
    curve = [[Decimal(cell) for cell in row] for row in funnel.curve]
    points = [(each.expected, each.ratio, numbers.get(each.pk), str(each.employer)) for each in drawn]
    return draw(curve, points)
