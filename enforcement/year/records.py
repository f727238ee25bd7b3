"""The plan of a year as frozen records: invented employers, and cases that add up to the published figures.

Keys (``INV-0001``, ``INV-0001-S1``, ``N-0001``, ``I-01``, ``R-001``, ``E-01``) are stable: the same folder
gives the same record under the same key. Every employer is invented and says so in its name.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = [
    "DoseFacts",
    "PlannedActivity",
    "PlannedEmployer",
    "PlannedInspection",
    "PlannedNotice",
    "PlannedNotification",
    "PlannedRecommendation",
    "PlannedSite",
    "YearPlan",
]


@dataclass(frozen=True)
class PlannedSite:
    """An invented place where an employer works."""

    key: str
    name: str


@dataclass(frozen=True)
class PlannedEmployer:
    """An invented employer with one to three sites."""

    key: str
    name: str
    employer_type: str
    sites: tuple[PlannedSite, ...]


@dataclass(frozen=True)
class PlannedActivity:
    """What an employer did in a modality over the year, in ``unit`` (``examinations`` or ``episodes``)."""

    employer_key: str
    modality: str
    unit: str
    quantity: int


@dataclass(frozen=True)
class DoseFacts:
    """What is known of the exposure; only what the criteria code asks for is filled in.

    Effective doses in mSv, foetal dose in mGy, target doses in Gy, activities in MBq.
    """

    exposure_kind: str = "unintended"
    intended_effective_dose: Decimal | None = None
    total_effective_dose: Decimal | None = None
    foetal_dose: Decimal | None = None
    intended_target_dose: Decimal | None = None
    delivered_target_dose: Decimal | None = None
    prescribed_activity: Decimal | None = None
    administered_activity: Decimal | None = None
    planning_scans_total: int | None = None
    images_in_fraction: int | None = None
    planned_images: int | None = None
    additional_images: int | None = None
    set_up_error: bool = False
    hardware_or_software_failure: bool = False
    tissue_reaction: bool = False
    wrong_radiopharmaceutical: bool = False
    total_geographical_miss: bool = False


@dataclass(frozen=True)
class PlannedNotification:
    """One notification, in order of the day it was made.

    ``occurred_on <= discovered_on <= notified_on <= report_on <= closed_on``; ``exposed`` is ``adult``,
    ``child`` or ``foetus``, ``people`` how many.
    """

    key: str
    modality: str
    submodality: str
    cause: str
    employer_key: str
    site_key: str
    occurred_on: date
    discovered_on: date
    notified_on: date
    report_on: date
    closed_on: date
    criteria_code: str
    complementary: tuple[str, ...]
    exposed: str
    people: int
    dose: DoseFacts


@dataclass(frozen=True)
class PlannedInspection:
    """One inspection; ``prompted_by`` is the notification's key that a reactive or focused one followed."""

    key: str
    modality: str
    employer_key: str
    site_key: str
    inspected_on: date
    reactive: bool
    focused: bool
    brachytherapy: bool
    prompted_by: str | None


@dataclass(frozen=True)
class PlannedRecommendation:
    """One recommendation made at an inspection, with the provisions it names."""

    key: str
    inspection_key: str
    regulations: tuple[str, ...]


@dataclass(frozen=True)
class PlannedBreach:
    """One breach found at an inspection that no notice followed."""

    inspection_key: str
    provisions: tuple[str, ...]


@dataclass(frozen=True)
class PlannedNotice:
    """One improvement notice that followed an inspection.

    The breach was found on the day of the inspection; ``compliance_on`` is at least 21 days after service.
    """

    key: str
    inspection_key: str
    modality: str
    employer_key: str
    provisions: tuple[str, ...]
    breach_on: date
    served_on: date
    compliance_on: date
    complied_on: date


@dataclass(frozen=True)
class YearPlan:
    """Everything that ``load_year`` plays through the services."""

    label: str
    employers: tuple[PlannedEmployer, ...]
    activity: tuple[PlannedActivity, ...]
    notifications: tuple[PlannedNotification, ...]
    inspections: tuple[PlannedInspection, ...]
    recommendations: tuple[PlannedRecommendation, ...]
    notices: tuple[PlannedNotice, ...]
    breaches: tuple[PlannedBreach, ...]
