"""The tables of notifications. What the database can hold to is a constraint; the rest is in ``rules``."""

from notifications.models.actions import CorrectiveAction, Strength
from notifications.models.changes import Correction, DraftReminder, DraftRemoval, NotificationVersion
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
from notifications.models.receipt import Receipt
from notifications.models.reference import (
    Cause,
    ComplementaryCode,
    CriteriaRegime,
    Criterion,
    TaxonomyVersion,
)
from notifications.models.report import ExposedDose, InvestigationReport, ReportDraft
from notifications.models.signing import SignOff

__all__ = [
    "MODALITY_OF",
    "AgeBand",
    "Basis",
    "Cause",
    "ComplementaryCode",
    "Correction",
    "CorrectiveAction",
    "CriteriaRegime",
    "Criterion",
    "DraftReminder",
    "DraftRemoval",
    "DutyHolder",
    "EventKind",
    "ExposedDose",
    "ExposedGroup",
    "GeographicalMiss",
    "GestationBand",
    "ImagingExposure",
    "InvestigationReport",
    "Laterality",
    "Notification",
    "NotificationVersion",
    "PregnancyEnquiry",
    "RadionuclideExposure",
    "RadiotherapyExposure",
    "Receipt",
    "ReportDraft",
    "SignOff",
    "Strength",
    "SubModality",
    "TaxonomyVersion",
]
