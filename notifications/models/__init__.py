"""The tables of notifications. What the database can hold to is a constraint; the rest is in ``rules``."""

from notifications.models.acknowledgement import Acknowledgement
from notifications.models.actions import CorrectiveAction, Strength
from notifications.models.api_request import ApiRequest
from notifications.models.changes import Correction, DraftReminder, DraftRemoval, NotificationVersion
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
from notifications.models.patterns import Pattern, PatternCase
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
from notifications.models.triage import TriageAssessment

__all__ = [
    "MODALITY_OF",
    "Acknowledgement",
    "AgeBand",
    "ApiRequest",
    "Basis",
    "BreachType",
    "Cause",
    "ComplementaryCode",
    "Correction",
    "CorrectiveAction",
    "CriteriaRegime",
    "Criterion",
    "DoseUnit",
    "DraftReminder",
    "DraftRemoval",
    "DutyHolder",
    "EquipmentHandover",
    "EventKind",
    "ExposedDose",
    "ExposedGroup",
    "GeographicalMiss",
    "GestationBand",
    "Harm",
    "ImagingExposure",
    "InvestigationReport",
    "Laterality",
    "LicenceBreach",
    "Notification",
    "NotificationVersion",
    "OtherBody",
    "Pattern",
    "PatternCase",
    "PregnancyEnquiry",
    "RadionuclideExposure",
    "RadiotherapyExposure",
    "Receipt",
    "ReportDraft",
    "Sex",
    "SignOff",
    "Strength",
    "SubModality",
    "TaxonomyVersion",
    "TriageAssessment",
]
