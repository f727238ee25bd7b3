"""The figure of activity: the denominators, as employers returned them."""

from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from operator import itemgetter

from regulator.organisations.models import ActivityReturn, Modality
from regulator.organisations.models.activity import most_trusted_first
from regulator.periods import DayRange, Period, first_to_cover
from regulator.statistics.figures import Figure, Plain


def compute(period: Period) -> Plain:
    """Activity in the period by modality and by unit (1 query: every return that touches the period)."""
    by_modality: dict[str, Decimal] = dict.fromkeys(Modality.values, Decimal(0))
    by_unit: dict[str, Decimal] = dict.fromkeys(ActivityReturn.Unit.values, Decimal(0))
    returns = 0
    touching = ActivityReturn.objects.filter(period_start__lte=period.end, period_end__gte=period.start)
    trusted = touching.order_by("employer_id", "modality", *most_trusted_first())
    columns = ("employer_id", "modality", "unit", "period_start", "period_end", "quantity")
    for (_, modality), group in groupby(trusted.values_list(*columns).iterator(), key=itemgetter(0, 1)):
        rows = [(unit, DayRange(start, end), quantity) for _, _, unit, start, end, quantity in group]
        counted = first_to_cover(DayRange(period.start, period.end), [over for _, over, _ in rows])
        for (unit, over, quantity), taken in zip(rows, counted, strict=True):
            amount = Decimal(quantity) * sum(stretch.days for stretch in taken) / over.days
            by_modality[modality] += amount
            by_unit[unit] += amount
            returns += bool(taken)
    return {
        "by_modality": {key: _whole(amount) for key, amount in by_modality.items()},
        "by_unit": {key: _whole(amount) for key, amount in by_unit.items()},
        "returns": returns,
    }


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))


ACTIVITY = Figure(
    title="Activity",
    meaning="How many examinations and treatment episodes employers returned: the denominators of rates.",
    unit="examinations and treatment episodes",
    basis=(
        "Activity returns, prorated by days to the period; of an employer’s returns for a modality each day "
        "counts once, from the most trusted."
    ),
    caveats=(
        "Returns cover whom they cover: the published sources are NHS only, and late returns revise them.",
        "An employer without a return is missing here, not idle.",
    ),
    compute=compute,
    compared=True,
    labels={**dict(Modality.choices), **dict(ActivityReturn.Unit.choices)},
)
