"""The figure of activity: the denominators, as employers returned them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from regulator.organisations.models import ActivityReturn, Modality
from regulator.organisations.models.activity import most_trusted_first
from regulator.periods import DayRange, Period, first_to_cover
from regulator.statistics.figures import FIGURES, AsPublished, Figure, Plain, Reported
from regulator.statistics.layouts import MODALITY, change_columns, changed, compared_rows
from regulator.statistics.numbers import at, register_change, register_count
from regulator.statistics.published import PublishedYear, published_year
from regulator.statistics.reading import read_once
from regulator.statistics.tables import Column, Kind, Mark, Row, Table


@dataclass(frozen=True, slots=True)
class Done:
    """What an employer did in a modality in a period, as its returns say; ``returns`` is how many count."""

    employer: int
    modality: str
    unit: str
    quantity: Decimal
    returns: int


@read_once
def done(period: Period) -> tuple[Done, ...]:
    """What each employer did in each modality and unit (1 query: every return that touches the period)."""
    touching = ActivityReturn.objects.filter(period_start__lte=period.end, period_end__gte=period.start)
    trusted = touching.order_by("employer_id", "modality", *most_trusted_first())
    columns = ("employer_id", "modality", "unit", "period_start", "period_end", "quantity")
    rows = trusted.values_list(*columns).iterator()
    return tuple(
        each
        for (employer, modality), group in groupby(rows, key=itemgetter(0, 1))
        for each in _done(employer, modality, period, list(group))
    )


def _done(employer: int, modality: str, period: Period, rows: list[tuple[Any, ...]]) -> Iterator[Done]:
    """One employer's returns for one modality, the most trusted first, each day counted once."""
    ranges = [DayRange(start, end) for _, _, _, start, end, _ in rows]
    counted = first_to_cover(DayRange(period.start, period.end), ranges)
    for (_, _, unit, _, _, quantity), over, taken in zip(rows, ranges, counted, strict=True):
        amount = Decimal(quantity) * sum(stretch.days for stretch in taken) / over.days
        yield Done(employer, modality, unit, amount, int(bool(taken)))


def compute(period: Period) -> Plain:
    """Activity in the period by modality and by unit (the query of ``done``)."""
    by_modality: dict[str, Decimal] = dict.fromkeys(Modality.values, Decimal(0))
    by_unit: dict[str, Decimal] = dict.fromkeys(ActivityReturn.Unit.values, Decimal(0))
    held = done(period)
    for each in held:
        by_modality[each.modality] += each.quantity
        by_unit[each.unit] += each.quantity
    return {
        "by_modality": {key: _whole(amount) for key, amount in by_modality.items()},
        "by_unit": {key: _whole(amount) for key, amount in by_unit.items()},
        "returns": sum(each.returns for each in held),
    }


def _as_published(year: PublishedYear) -> AsPublished:
    value: Plain = {
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
    return AsPublished(value, year.where("ionising_examinations", "radiotherapy_episodes"))


def _tables(reported: Reported) -> tuple[Table, ...]:
    """What was done, by what is counted and by modality, each beside the year before."""
    value, previous = reported.value, reported.previous or {}
    columns = change_columns(reported.period.label, reported.before.label)
    return (
        reported.table(
            "by_unit",
            "What was done",
            (Column("unit", "Unit", Kind.TEXT), *columns),
            compared_rows(value["by_unit"], previous.get("by_unit"), reported.label),
        ),
        reported.table(
            "by_modality",
            "What was done, by modality",
            (MODALITY, *columns),
            compared_rows(value["by_modality"], previous.get("by_modality"), reported.label),
        ),
    )


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))


def imaging_tests(period: Period) -> Plain:
    """Imaging tests of all kinds in the period as published (no query)."""
    year = published_year(period)
    return {"tests": year.told("imaging_tests") if year else Mark.NOT_AVAILABLE}


def _of_tests(reported: Reported) -> tuple[Table, ...]:
    before = (reported.previous or {}).get("tests", Mark.NOT_AVAILABLE)
    row = Row((reported.label("tests"), *changed(reported.value["tests"], before)))
    years = [published_year(each) for each in (reported.period, reported.before)]
    found = dict.fromkeys(address for year in years if year for address in year.where("imaging_tests"))
    columns = change_columns(reported.period.label, reported.before.label)
    return (
        reported.table(
            "",
            "Imaging tests of all kinds",
            (Column("what", "What", Kind.TEXT), *columns),
            (row,),
            notes=[f"Published by CQC: {', '.join(found)}."] if found else (),
        ),
    )


def contribute() -> None:
    """Register the figures and their numbers. Called once, when the application is ready."""
    FIGURES.register("imaging_tests", IMAGING_TESTS)
    FIGURES.register("activity", ACTIVITY)
    for name, meaning, path in (
        ("imaging_tests", "Imaging tests of all kinds", ("imaging_tests", "tests")),
        (
            "ionising_examinations",
            "Examinations with ionising radiation",
            ("activity", "by_unit", ActivityReturn.Unit.EXAMINATIONS.value),
        ),
        (
            "radiotherapy_episodes",
            "Radiotherapy episodes",
            ("activity", "by_unit", ActivityReturn.Unit.EPISODES.value),
        ),
    ):
        register_count(name, meaning, at(*path))
        register_change(name, meaning, at(*path))


IMAGING_TESTS = Figure(
    title="Imaging tests of all kinds",
    meaning="How many imaging tests there were, with and without ionising radiation: context, and no "
    "denominator.",
    unit="imaging tests",
    basis="As CQC published it from the Diagnostic Imaging Dataset: NHS patients, from March to February.",
    compute=imaging_tests,
    tables=_of_tests,
    caveats=("With ultrasound, MRI and medical photography, in which nobody is exposed. Rounded.",),
    compared=True,
    of_cases=False,
    labels={"tests": "Imaging tests of all kinds"},
    source="CQC’s annual reports",
)
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
    of_cases=False,
    published=_as_published,
    labels={
        **dict(Modality.choices),
        ActivityReturn.Unit.EXAMINATIONS.value: "Examinations with ionising radiation",
        ActivityReturn.Unit.EPISODES.value: "Radiotherapy episodes",
    },
    source="Activity returns",
)
