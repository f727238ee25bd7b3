"""The tables of notifications. What the database can hold to is a constraint; the rest is in ``rules``."""

from notifications.models.actions import CorrectiveAction, Strength
from notifications.models.choices import (
    MODALITY_OF,
    AgeBand,
    Basis,
    DutyHolder,
    EventKind,
    ExposedGroup,
    GeographicalMiss,
    GestationBand,
    Laterality,
    PregnancyEnquiry,
    SubModality,
)
from notifications.models.exposures import ImagingExposure, RadionuclideExposure, RadiotherapyExposure
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
    "Cause",
    "ComplementaryCode",
    "CorrectiveAction",
    "CriteriaRegime",
    "Criterion",
    "DutyHolder",
    "EventKind",
    "ExposedGroup",
    "GeographicalMiss",
    "GestationBand",
    "ImagingExposure",
    "InvestigationReport",
    "Laterality",
    "Notification",
    "PregnancyEnquiry",
    "RadionuclideExposure",
    "RadiotherapyExposure",
    "Strength",
    "SubModality",
    "TaxonomyVersion",
]
