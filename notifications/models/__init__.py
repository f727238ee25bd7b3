"""The tables of notifications. What the database can hold to is a constraint; the rest is in ``rules``."""

from notifications.models.choices import (
    MODALITY_OF,
    AgeBand,
    Basis,
    BreachType,
    DoseUnit,
    DutyHolder,
    EquipmentHandover,
    EventKind,
    ExposedGroup,
    GeographicalMiss,
    GestationBand,
    Harm,
    Laterality,
    OtherBody,
    PregnancyEnquiry,
    Sex,
    SubModality,
)
from notifications.models.exposures import ImagingExposure, RadionuclideExposure, RadiotherapyExposure
from notifications.models.licence import LicenceBreach
from notifications.models.notification import Notification
from notifications.models.reference import (
    Cause,
    ComplementaryCode,
    CriteriaRegime,
    Criterion,
    TaxonomyVersion,
)
from notifications.models.report import InvestigationReport

__all__ = [
    "MODALITY_OF",
    "AgeBand",
    "Basis",
    "BreachType",
    "Cause",
    "ComplementaryCode",
    "CriteriaRegime",
    "Criterion",
    "DoseUnit",
    "DutyHolder",
    "EquipmentHandover",
    "EventKind",
    "ExposedGroup",
    "GeographicalMiss",
    "GestationBand",
    "Harm",
    "ImagingExposure",
    "InvestigationReport",
    "Laterality",
    "LicenceBreach",
    "Notification",
    "OtherBody",
    "PregnancyEnquiry",
    "RadionuclideExposure",
    "RadiotherapyExposure",
    "Sex",
    "SubModality",
    "TaxonomyVersion",
]
