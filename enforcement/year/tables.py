"""Reading the folder of a published year: ``read_year`` gives the year whole, or refuses it by file and row.

The tables, their columns and how each number came about are described in the folder's ``README.md``.
"""

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import TypeVar

from enforcement.year.checks import check
from enforcement.year.published import (
    Activity,
    Cause,
    InspectionCount,
    NoticeIssued,
    PublishedYear,
    RecommendationCount,
    Share,
    Subtotal,
)
from enforcement.year.rows import Row, YearRefused, read_rows
from notifications.criteria.reference import read_criteria
from notifications.taxonomy import MODALITIES, read_submodalities, read_taxonomy
from regulator.legislation.citations import CitationError, parse_citations
from regulator.periods import Period, reporting_year

__all__ = ["EMPLOYER_TYPES", "PublishedYear", "YearRefused", "read_year"]

EMPLOYER_TYPES = ("nhs_acute", "nhs_other", "independent", "dental")
_BASES = ("stated", "derived", "assumed")
_UNITS = {
    "diagnostic_imaging": "examinations",
    "nuclear_medicine": "examinations",
    "radiotherapy": "episodes",
}
_WORDS = ("label", "start", "end", "criteria_regime")

Record = TypeVar("Record")


def read_year(folder: Path) -> PublishedYear:
    """The year in ``folder``, complete and adding up at every level.

    ``YearRefused`` names the file and the row of whatever is missing, malformed, unknown or given twice, and
    of a total that differs from the sum of its parts, with both numbers.
    """
    facts = _facts(folder)
    year = PublishedYear(
        period=_period(facts),
        criteria_regime=_regime(facts["criteria_regime"]),
        totals={key: row.count("value") for key, row in facts.items() if key not in _WORDS},
        causes=_causes(folder),
        tier1=_subtotals(folder, "tier1_totals.csv", has_tier2=False),
        tier2=_subtotals(folder, "tier2_totals.csv", has_tier2=True),
        submodalities=_submodalities(folder),
        sectors=_table(
            folder,
            "sectors.csv",
            "employer_type percent",
            _sector,
            lambda share: (share.modality, share.part),
        ),
        inspections=_table(
            folder, "inspections.csv", "reactive focused brachytherapy", _inspections, _modality_of
        ),
        recommendations=_table(
            folder,
            "recommendations.csv",
            "regulations",
            _recommendations,
            lambda one: (one.modality, one.regulations),
        ),
        notices=_table(folder, "notices.csv", "provisions", _notice, lambda one: one.row.line, counted=False),
        activity=_table(folder, "activity.csv", "unit", _activity, _modality_of),
        facts=facts,
    )
    check(year)
    return year


def _facts(folder: Path) -> dict[str, Row]:
    rows = read_rows(folder, "year.csv", ("key", "value", "basis", "source"))
    facts: dict[str, Row] = {}
    for row in rows:
        row.one_of("basis", _BASES)
        if row.text("key") in facts:
            raise row.refused(f"{row.text('key')} is given twice")
        facts[row.text("key")] = row
    for key in _WORDS:
        if key not in facts:
            raise YearRefused("year.csv", None, "", f"{key} is missing")
    return facts


def _period(facts: dict[str, Row]) -> Period:
    label = facts["label"]
    try:
        period = reporting_year(label.text("value"))
    except ValueError as error:
        raise label.refused(str(error)) from error
    for key, expected in (("start", period.start), ("end", period.end)):
        if facts[key].day("value") != expected:
            raise facts[key].refused(f"the year {period.label} has its {key} on {expected}")
    return period


def _regime(row: Row) -> str:
    return row.one_of("value", [regime.id for regime in read_criteria().regimes])


def _table(
    folder: Path,
    name: str,
    columns: str,
    make: Callable[[Row], Record],
    key: Callable[[Record], Hashable],
    *,
    counted: bool = True,
) -> tuple[Record, ...]:
    """One table with a modality, a basis and a source in each row, and no two rows with the same ``key``."""
    expected = ["modality", *columns.split(), "basis", "source", *(["count"] if counted else [])]
    return _unrepeated((row, make(row), key) for row in read_rows(folder, name, expected))


def _unrepeated(made: Iterable[tuple[Row, Record, Callable[[Record], Hashable]]]) -> tuple[Record, ...]:
    seen: dict[Hashable, Row] = {}
    records: list[Record] = []
    for row, record, key in made:
        first = seen.setdefault(key(record), row)
        if first is not row:
            raise row.refused(f"it repeats line {first.line}")
        records.append(record)
    return tuple(records)


def _modality(row: Row) -> str:
    return row.one_of("modality", MODALITIES)


def _modality_of(record: InspectionCount | Activity) -> str:
    return record.modality


def _basis(row: Row) -> str:
    row.text("source")
    return row.one_of("basis", _BASES)


def _causes(folder: Path) -> tuple[Cause, ...]:
    slugs = {leaf.path: leaf.slug for leaf in read_taxonomy()}

    def cause(row: Row) -> Cause:
        path = (_modality(row), row.text("tier1"), row.text("tier2"), row.text("tier3"))
        if path not in slugs:
            raise row.refused("this cause is not in the taxonomy")
        return Cause(slugs[path], *path, row.count("count"), row)

    rows = read_rows(folder, "causes.csv", ("modality", "tier1", "tier2", "tier3", "count"))
    return _unrepeated((row, cause(row), lambda one: one.slug) for row in rows)


def _subtotals(folder: Path, name: str, *, has_tier2: bool) -> tuple[Subtotal, ...]:
    columns = ["modality", "tier1", *(["tier2"] if has_tier2 else []), "count"]

    def subtotal(row: Row) -> Subtotal:
        tier2 = row.text("tier2") if has_tier2 else ""
        return Subtotal(_modality(row), row.text("tier1"), tier2, row.count("count"), row)

    return _unrepeated(
        (row, subtotal(row), lambda one: (one.modality, one.tier1, one.tier2))
        for row in read_rows(folder, name, columns)
    )


def _submodalities(folder: Path) -> tuple[Share, ...]:
    known = {(kind.modality, kind.submodality) for kind in read_submodalities()}

    def share(row: Row) -> Share:
        one = _share(row, row.text("submodality"))
        if (one.modality, one.part) not in known:
            raise row.refused(f"{one.part} is not a sub-modality of {one.modality}")
        return one

    return _table(
        folder, "submodalities.csv", "submodality percent", share, lambda one: (one.modality, one.part)
    )


def _sector(row: Row) -> Share:
    return _share(row, row.one_of("employer_type", EMPLOYER_TYPES))


def _share(row: Row, part: str) -> Share:
    return Share(_modality(row), part, row.count("count"), row.optional_count("percent"), _basis(row), row)


def _inspections(row: Row) -> InspectionCount:
    return InspectionCount(
        _modality(row),
        row.count("count"),
        row.count("reactive"),
        row.count("focused"),
        row.count("brachytherapy"),
        _basis(row),
        row,
    )


def _provisions(row: Row, column: str) -> tuple[str, ...]:
    try:
        return parse_citations(row.text(column))
    except CitationError as error:
        raise row.refused(str(error)) from error


def _recommendations(row: Row) -> RecommendationCount:
    return RecommendationCount(
        _modality(row), _provisions(row, "regulations"), row.count("count"), _basis(row), row
    )


def _notice(row: Row) -> NoticeIssued:
    return NoticeIssued(_modality(row), _provisions(row, "provisions"), _basis(row), row)


def _activity(row: Row) -> Activity:
    modality = _modality(row)
    return Activity(modality, row.one_of("unit", [_UNITS[modality]]), row.count("count"), _basis(row), row)
