"""The figure of activity: the denominators, as employers returned them."""

from decimal import ROUND_HALF_EVEN, Decimal

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from regulator.organisations.models import ActivityReturn, Modality
from regulator.organisations.models.activity import most_trusted_first
from regulator.statistics.figures import Figure, Plain
from regulator.statistics.periods import Period


def compute(period: Period) -> Plain:
    """Activity in the period by modality and by unit (1 query, by modality and returned period)."""
    by_modality: dict[str, Decimal] = dict.fromkeys(Modality.values, Decimal(0))
    by_unit: dict[str, Decimal] = dict.fromkeys(ActivityReturn.Unit.values, Decimal(0))
    returns = 0
    touching = _best().filter(period_start__lte=period.end, period_end__gte=period.start)
    rows = touching.order_by().values_list("modality", "unit", "period_start", "period_end")
    for modality, unit, start, end, quantity, number in rows.annotate(
        quantity_in=Sum("quantity"), number=Count("pk")
    ):
        days = (min(end, period.end) - max(start, period.start)).days + 1
        amount = Decimal(quantity) * days / ((end - start).days + 1)
        by_modality[modality] += amount
        by_unit[unit] += amount
        returns += number
    return {
        "by_modality": {key: _whole(amount) for key, amount in by_modality.items()},
        "by_unit": {key: _whole(amount) for key, amount in by_unit.items()},
        "returns": returns,
    }


def _best() -> QuerySet[ActivityReturn]:
    """Of several returns by one employer for the same modality and days, the one to trust most."""
    same = ("employer_id", "modality", "period_start", "period_end")
    place = Window(RowNumber(), partition_by=[F(name) for name in same], order_by=most_trusted_first())
    ranked = ActivityReturn.objects.order_by().annotate(place=place)
    return ActivityReturn.objects.filter(pk__in=ranked.filter(place=1).values("pk"))


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))


ACTIVITY = Figure(
    title="Activity",
    meaning="How many examinations and treatment episodes employers returned: the denominators of rates.",
    unit="examinations and treatment episodes",
    basis="Activity returns, prorated by days to the period; one return per employer, modality and days.",
    caveats=(
        "Returns cover whom they cover: the published sources are NHS only, and late returns revise them.",
        "An employer without a return is missing here, not idle.",
    ),
    compute=compute,
    compared=True,
    labels={**dict(Modality.choices), **dict(ActivityReturn.Unit.choices)},
)
