"""What the services take: the content of a draft and of a report, typed. Nothing is checked or saved here.

A draft may lack anything. Pages and the API build on what is stored: ``replace(content_of(...), **changes)``.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.core.exceptions import ObjectDoesNotExist

from notifications.models import (
    Basis,
    Cause,
    ImagingExposure,
    LicenceBreach,
    Notification,
    RadionuclideExposure,
    RadiotherapyExposure,
)
from regulator.organisations.models import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingContent:
    """Doses in mSv; ``other_value`` in ``other_unit``. See ``models.ImagingExposure``."""

    intended_effective_dose_msv: Decimal | None = None
    actual_effective_dose_msv: Decimal | None = None
    other_value: Decimal | None = None
    other_unit: str = ""
    estimation_method: str = ""
    mpe_involved: bool | None = None
    interventional: bool | None = None
    local_drl_multiple: Decimal | None = None
    tissue_reaction: bool | None = None
    transient_erythema_only: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiotherapyContent:
    """Doses in Gy, ratios of delivered to intended, counts in all. See ``models.RadiotherapyExposure``."""

    treatment_affected: bool | None = None
    prescribed_dose_gy: Decimal | None = None
    fractions_prescribed: int | None = None
    fractions_affected: int | None = None
    delivered_ratio_course: Decimal | None = None
    delivered_ratio_fraction: Decimal | None = None
    delivered_ratio_organ_at_risk: Decimal | None = None
    geographical_miss: str = ""
    miss_distance_mm: Decimal | None = None
    local_error_margin_mm: Decimal | None = None
    tissue_reaction: bool | None = None
    mpe_involved: bool | None = None
    planning_scan_affected: bool | None = None
    verification_affected: bool | None = None
    set_up_error: bool | None = None
    hardware_or_software_failure: bool | None = None
    images_in_fraction: int | None = None
    planned_images_in_course: int | None = None
    actual_images_in_course: int | None = None
    planning_scans: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RadionuclideContent:
    """Activities in MBq, effective doses in mSv. See ``models.RadionuclideExposure``."""

    therapeutic: bool | None = None
    wrong_radiopharmaceutical: bool | None = None
    radiopharmaceutical_intended: str = ""
    radiopharmaceutical_given: str = ""
    isotope: str = ""
    activity_prescribed_mbq: Decimal | None = None
    activity_administered_mbq: Decimal | None = None
    route: str = ""
    intended_effective_dose_msv: Decimal | None = None
    effective_dose_msv: Decimal | None = None
    tissue_reaction: bool | None = None
    mpe_involved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceBreachContent:
    """What a licence breach adds; its dates and site are the draft's. See ``models.LicenceBreach``."""

    breach_type: str = ""
    employer_licence_number: str = ""
    employer_licence_expires_on: date | None = None
    practitioner_licence_number: str = ""
    procedure_code: str = ""
    radiopharmaceutical_used: str = ""
    radiopharmaceutical_licensed: str = ""
    administrations: int | None = None
    arsac_told_on: date | None = None
    saue_reference: str = ""
    corrective_action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """Everything that an employer may tell; whatever is left out is empty.

    ``complementary_codes`` are keys (``"multiple_individuals"``); a section that is ``None`` does not apply.
    """

    site: Site | None = None
    modality: str = ""
    basis: str = Basis.STATUTORY.value
    sub_modality: str = ""
    occurred_on: date | None = None
    occurred_until: date | None = None
    is_ongoing: bool | None = None
    discovered_on: date | None = None
    how_discovered: str = ""
    criterion_code: str = ""
    code_pending_reason: str = ""
    dose_pending_reason: str = ""
    complementary_codes: tuple[str, ...] = ()
    number_exposed: int | None = None
    near_miss: bool | None = None
    exposed_group: str = ""
    foetus_exposed: bool | None = None
    infant_exposed: bool | None = None
    age_band: str = ""
    sex: str = ""
    event_kind: str = ""
    procedure: str = ""
    anatomy: str = ""
    laterality: str = ""
    narrative: str = ""
    immediate_actions: str = ""
    preliminary_findings: str = ""
    duty_holders_involved: list[str] = field(default_factory=list)
    individual_told: bool | None = None
    referrer_practitioner_told: bool | None = None
    not_told_reason: str = ""
    other_bodies_told: list[str] = field(default_factory=list)
    clinically_significant: bool | None = None
    harm: str = ""
    treatment_changed: bool | None = None
    clinical_effect: str = ""
    pregnancy_enquiry: str = ""
    gestation_band: str = ""
    foetal_dose_mgy: Decimal | None = None
    infant_effective_dose_msv: Decimal | None = None
    procedural_failure: bool | None = None
    equipment_failure: bool | None = None
    equipment_type: str = ""
    equipment_manufacturer: str = ""
    equipment_model: str = ""
    equipment_handover: str = ""
    mhra_reference: str = ""
    reporter_cause: Cause | None = None
    on_lfpse: bool | None = None
    lfpse_id: str = ""
    contact_role: str = ""
    contact_phone: str = ""
    imaging: ImagingContent | None = None
    radiotherapy: RadiotherapyContent | None = None
    radionuclide: RadionuclideContent | None = None
    licence_breach: LicenceBreachContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseContent:
    """The estimated dose to one exposed person or group. See ``models.ExposedDose``."""

    person: str = ""
    value: Decimal | None = None
    unit: str = ""
    method: str = ""
    estimated_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """The eight sections of an investigation report. See ``models.InvestigationReport``.

    ``earlier_references`` are of the employer's own notifications, in their usual form.
    """

    what_happened: str = ""
    doses: str = ""
    dose_rows: tuple[DoseContent, ...] = ()
    no_doses_reason: str = ""
    causes: str = ""
    cause: Cause | None = None
    earlier_incidents: str = ""
    earlier_references: tuple[str, ...] = ()
    candour: str = ""
    procedures_applied: str = ""
    learning: str = ""
    corrective_measures: str = ""
    no_actions_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContent:
    """A corrective action as it is planned. See ``models.CorrectiveAction``."""

    what: str = ""
    strength: str = ""
    owner_role: str = ""
    effect_check: str = ""
    planned_for: date | None = None


SectionContent: TypeAlias = ImagingContent | RadiotherapyContent | RadionuclideContent | LicenceBreachContent
Exposure: TypeAlias = ImagingExposure | RadiotherapyExposure | RadionuclideExposure | LicenceBreach
SECTIONS: Final[dict[str, tuple[type[SectionContent], type[Exposure]]]] = {
    "imaging": (ImagingContent, ImagingExposure),
    "radiotherapy": (RadiotherapyContent, RadiotherapyExposure),
    "radionuclide": (RadionuclideContent, RadionuclideExposure),
    "licence_breach": (LicenceBreachContent, LicenceBreach),
}
"""Each section that a modality or a kind adds: its name on content and notification, and its classes."""

_ON_THE_CASE: Final = {"site", "modality"}
STORED_FIELDS: Final = tuple(
    each.name
    for each in fields(DraftContent)
    if each.name not in {*_ON_THE_CASE, *SECTIONS, "complementary_codes"}
)
"""What of a draft lies in the notification's own row."""
REPORT_SECTIONS: Final = (
    "what_happened",
    "doses",
    "causes",
    "earlier_incidents",
    "candour",
    "procedures_applied",
    "learning",
    "corrective_measures",
)
"""The text of each of the eight sections that CQC expects."""


def values_of(content: SectionContent | ReportContent | DoseContent) -> dict[str, Any]:
    """A section's fields and values, without copying them."""
    return {each.name: getattr(content, each.name) for each in fields(content)}


def content_of(notification: Notification) -> DraftContent:
    """What is stored, as content. One query (the codes) where case and sections were selected with it."""
    stored = {name: getattr(notification, name) for name in STORED_FIELDS}
    codes = tuple(sorted(code.key for code in notification.complementary_codes.all()))
    sections: dict[str, Any] = {name: section_of(notification, name) for name in SECTIONS}
    case = notification.case
    return DraftContent(
        site=case.site, modality=case.modality, complementary_codes=codes, **stored, **sections
    )


def section_of(notification: Notification, name: str) -> SectionContent | None:
    """One stored section as content; ``None`` where the notification has none."""
    try:
        row = getattr(notification, name)
    except ObjectDoesNotExist:
        return None
    kind = SECTIONS[name][0]
    return kind(**{each.name: getattr(row, each.name) for each in fields(kind)})


def days_of(told: DraftContent | Notification, *, today: date) -> tuple[date, date] | None:
    """The first and the last day of the incident; what still goes on has gone on until ``today``. ``None``
    without a first day."""
    first = told.occurred_on
    if first is None:
        return None
    last = today if told.is_ongoing else told.occurred_until or first
    return first, max(first, last)


def digest(content: DraftContent | ReportContent) -> str:
    """The SHA-256 (hex) of the content: what the chain keeps, so that it holds no personal text."""
    return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


def canonical(content: DraftContent | ReportContent) -> str:
    """The content as JSON (ASCII), the same for the same content: a site by its key, a cause by its slug.
    ``versions.as_told`` reads it back."""
    if isinstance(content, ReportContent):
        plain: dict[str, Any] = values_of(content)
        plain["dose_rows"] = [values_of(row) for row in content.dose_rows]
        plain["cause"] = content.cause.slug if content.cause else None
    else:
        plain = {each.name: getattr(content, each.name) for each in fields(content)}
        plain |= {name: asdict(plain[name]) if plain[name] else None for name in SECTIONS}
        plain["site"] = content.site.pk if content.site else None
        plain["reporter_cause"] = content.reporter_cause.slug if content.reporter_cause else None
    return json.dumps(plain, sort_keys=True, default=_as_text, ensure_ascii=True)


def _as_text(value: object) -> str:
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)
