"""What a published year consists of, once read: frozen records, each knowing the row it came from."""

from dataclasses import dataclass, field

from enforcement.year.rows import Row
from regulator.periods import Period

__all__ = [
    "Activity",
    "Cause",
    "InspectionCount",
    "NoticeIssued",
    "PublishedYear",
    "RecommendationCount",
    "Share",
    "Subtotal",
]


@dataclass(frozen=True)
class Cause:
    """How many notifications had one tier 3 cause; ``slug`` is its place in the taxonomy."""

    slug: str
    modality: str
    tier1: str
    tier2: str
    tier3: str
    count: int
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class Subtotal:
    """A published total of tier 1 (``tier2`` empty) or of tier 2."""

    modality: str
    tier1: str
    tier2: str
    count: int
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class Share:
    """A part of a modality's notifications: ``part`` is a sub-modality or a type of employer.

    ``percent`` is the published share where there is one; ``basis`` says whether the count was ``stated`` by
    CQC or ``derived`` to fit what it stated.
    """

    modality: str
    part: str
    count: int
    percent: int | None
    basis: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class InspectionCount:
    """How many inspections in a modality, and how many of them reactive, focused or of brachytherapy."""

    modality: str
    count: int
    reactive: int
    focused: int
    brachytherapy: int
    basis: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class RecommendationCount:
    """How many recommendations named these provisions (canonical references)."""

    modality: str
    regulations: tuple[str, ...]
    count: int
    basis: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class NoticeIssued:
    """One improvement notice and the provisions it names (canonical references)."""

    modality: str
    provisions: tuple[str, ...]
    basis: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class Activity:
    """How much was done in a modality: the denominator. ``unit`` is ``examinations`` or ``episodes``."""

    modality: str
    unit: str
    count: int
    basis: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True)
class PublishedYear:
    """A year whose tables have been read and add up. ``totals`` holds the numbers of ``year.csv`` by key."""

    period: Period
    criteria_regime: str
    totals: dict[str, int]
    causes: tuple[Cause, ...]
    tier1: tuple[Subtotal, ...]
    tier2: tuple[Subtotal, ...]
    submodalities: tuple[Share, ...]
    sectors: tuple[Share, ...]
    inspections: tuple[InspectionCount, ...]
    recommendations: tuple[RecommendationCount, ...]
    notices: tuple[NoticeIssued, ...]
    activity: tuple[Activity, ...]
    facts: dict[str, Row] = field(compare=False, repr=False)
