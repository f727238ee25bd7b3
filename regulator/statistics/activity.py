"""The figure of activity: the denominators, as employers returned them."""

from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from operator import itemgetter

from regulator.organisations.models import ActivityReturn, Modality
from regulator.organisations.models.activity import most_trusted_first
from regulator.periods import DayRange, Period, first_to_cover
from regulator.statistics.figures import AsPublished, Figure, Plain, Reported
from regulator.statistics.layouts import change_columns, changed, compared_rows
from regulator.statistics.published import PublishedYear, published_year
from regulator.statistics.tables import Column, Kind, Mark, Row, Table

_TESTS = (
    "Imaging tests of all kinds, with ultrasound, MRI and others that use no ionising radiation, are as CQC "
    "published them: no employer returns them here."
)


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
    published = published_year(period)
    return {
        "imaging_tests": published.told("imaging_tests") if published else Mark.NOT_AVAILABLE,
        "by_modality": {key: _whole(amount) for key, amount in by_modality.items()},
        "by_unit": {key: _whole(amount) for key, amount in by_unit.items()},
        "returns": returns,
    }


def _as_published(year: PublishedYear) -> AsPublished:
    value: Plain = {
        "imaging_tests": year.told("imaging_tests"),
        "by_modality": {
            Modality.DIAGNOSTIC_IMAGING.value: Mark.NOT_AVAILABLE,
            Modality.RADIOTHERAPY.value: year.told("radiotherapy_episodes"),
            Modality.NUCLEAR_MEDICINE.value: Mark.NOT_AVAILABLE,
        },
        "by_unit": {
            ActivityReturn.Unit.EXAMINATIONS.value: year.told("ionising_examinations"),
            ActivityReturn.Unit.EPISODES.value: year.told("radiotherapy_episodes"),
        },
        "returns": Mark.NOT_AVAILABLE,
    }
    names = ("imaging_tests", "ionising_examinations", "radiotherapy_episodes")
    return AsPublished(value, year.where(*names))


def _tables(reported: Reported) -> tuple[Table, ...]:
    """What was done, by what is counted and by modality, each beside the year before."""
    value, previous = reported.value, reported.previous or {}
    before = previous.get("imaging_tests", Mark.NOT_AVAILABLE)
    tests = changed(value["imaging_tests"], before)
    by_unit = compared_rows(value["by_unit"], previous.get("by_unit"), reported.label)
    columns = change_columns(reported.period.label, reported.before.label)
    published = published_year(reported.period)
    notes = (_TESTS, *((f"Imaging tests of all kinds: {published.source}.",) if published else ()))
    return (
        reported.table(
            "by_unit",
            "What was done",
            (Column("unit", "Unit", Kind.TEXT), *columns),
            (Row(("Imaging tests of all kinds", *tests)), *by_unit),
            notes=notes,
        ),
        reported.table(
            "by_modality",
            "What was done, by modality",
            (Column("modality", "Modality", Kind.TEXT), *columns),
            compared_rows(value["by_modality"], previous.get("by_modality"), reported.label),
        ),
    )


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
    tables=_tables,
    compared=True,
    published=_as_published,
    labels={
        **dict(Modality.choices),
        ActivityReturn.Unit.EXAMINATIONS.value: "Examinations with ionising radiation",
        ActivityReturn.Unit.EPISODES.value: "Radiotherapy episodes",
    },
    source="Activity returns",
)
