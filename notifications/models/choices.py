"""The words that a notification chooses from, with the modality that each sub-modality belongs to."""

from typing import Final

from django.db import models

from regulator.organisations.models import Modality

WITHDRAWN: Final = "withdrawn"
NOT_NOTIFIABLE: Final = "not_notifiable"
MERGED: Final = "merged"
NO_INCIDENT_OF_ITS_OWN: Final = (WITHDRAWN, NOT_NOTIFIABLE, MERGED)
"""States (``notifications.lifecycle``) that leave no notified incident behind: none of these is counted, held
against a site, or waited for."""


class Basis(models.TextChoices):
    """On what ground CQC is told. Only statutory notifications count in the published figures."""

    STATUTORY = "statutory", "Required by regulation 8(4)"
    VOLUNTARY = "voluntary", "Voluntary: below the criteria"
    LICENCE_BREACH = "licence_breach", "Breach of a licence (regulation 5)"


class SubModality(models.TextChoices):
    CT = "ct", "CT"
    PLAIN_FILM = "plain_film", "Plain film X-ray"
    MAMMOGRAPHY = "mammography", "Mammography"
    FLUOROSCOPY = "fluoroscopy", "Fluoroscopy"
    INTERVENTIONAL_RADIOLOGY = "interventional_radiology", "Interventional radiology"
    CARDIOLOGY = "cardiology", "Cardiology"
    DENTAL = "dental", "Dental"
    OTHER_IMAGING = "other_imaging", "Other imaging"
    EXTERNAL_BEAM = "external_beam", "External beam therapy"
    PLANNING_VERIFICATION = "planning_verification", "Planning and verification imaging"
    BRACHYTHERAPY = "brachytherapy", "Brachytherapy"
    INTRA_OPERATIVE_SUPERFICIAL = "intra_operative_superficial", "Intra-operative or superficial therapy"
    DIAGNOSTIC_NM = "diagnostic_nm", "Diagnostic nuclear medicine"
    PET = "pet", "PET-CT or PET-MR"
    RADIONUCLIDE_THERAPY = "radionuclide_therapy", "Radionuclide therapy"
    IN_VITRO = "in_vitro", "In vitro study"


_RADIOTHERAPY: Final = (
    SubModality.EXTERNAL_BEAM,
    SubModality.PLANNING_VERIFICATION,
    SubModality.BRACHYTHERAPY,
    SubModality.INTRA_OPERATIVE_SUPERFICIAL,
)
_NUCLEAR_MEDICINE: Final = (
    SubModality.DIAGNOSTIC_NM,
    SubModality.PET,
    SubModality.RADIONUCLIDE_THERAPY,
    SubModality.IN_VITRO,
)
MODALITY_OF: Final[dict[str, str]] = (
    {kind.value: Modality.DIAGNOSTIC_IMAGING.value for kind in SubModality}
    | {kind.value: Modality.RADIOTHERAPY.value for kind in _RADIOTHERAPY}
    | {kind.value: Modality.NUCLEAR_MEDICINE.value for kind in _NUCLEAR_MEDICINE}
)
"""The modality of each sub-modality, as CQC's annual report groups them."""


class EventKind(models.TextChoices):
    """The statutory pair of words (SI 2024/896, from 1 October 2024; guidance used them before)."""

    ACCIDENTAL = "accidental", "Accidental: no exposure of this person was intended"
    UNINTENDED = "unintended", "Unintended: an exposure was intended, but it was significantly different"


class ExposedGroup(models.TextChoices):
    ADULT = "adult", "Adult"
    CHILD = "child", "Child"
    FOETUS = "foetus", "Foetus"
    BREASTFED_INFANT = "breastfed_infant", "Breastfed infant"
    CARER = "carer", "Carer or comforter"


class AgeBand(models.TextChoices):
    """Bands, never an age: an exact age helps to name a person."""

    UNDER_1 = "under_1", "Under 1"
    FROM_1_TO_9 = "1_to_9", "1 to 9"
    FROM_10_TO_17 = "10_to_17", "10 to 17"
    FROM_18_TO_39 = "18_to_39", "18 to 39"
    FROM_40_TO_64 = "40_to_64", "40 to 64"
    FROM_65 = "65_and_over", "65 and over"
    SEVERAL = "several", "Several bands"


class Laterality(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BOTH = "both", "Both sides"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class PregnancyEnquiry(models.TextChoices):
    FOLLOWED = "followed", "Made, and the procedure was followed"
    NOT_FOLLOWED = "not_followed", "The procedure was not followed"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class GestationBand(models.TextChoices):
    TO_4_WEEKS = "to_4_weeks", "Up to 4 weeks"
    FROM_5_TO_12_WEEKS = "5_to_12_weeks", "5 to 12 weeks"
    FROM_13_TO_27_WEEKS = "13_to_27_weeks", "13 to 27 weeks"
    FROM_28_WEEKS = "28_weeks_and_over", "28 weeks and over"
    UNKNOWN = "unknown", "Not known"


class DutyHolder(models.TextChoices):
    """Roles, never names. The MPE advises and is no duty holder, but may be involved."""

    EMPLOYER = "employer", "Employer"
    REFERRER = "referrer", "Referrer"
    PRACTITIONER = "practitioner", "Practitioner"
    OPERATOR = "operator", "Operator"
    MPE = "mpe", "Medical physics expert"
    ADMINISTRATIVE = "administrative", "Administrative staff"


class GeographicalMiss(models.TextChoices):
    NONE = "none", "None"
    PARTIAL = "partial", "Partial"
    TOTAL = "total", "Total"


class Sex(models.TextChoices):
    """Asked of one exposed person only; never needed."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Another, or not recorded"


class Harm(models.TextChoices):
    """What the exposure did to the person, as far as is known."""

    NONE = "none", "None seen, and none expected"
    POSSIBLE = "possible", "None seen; a later effect is possible"
    TEMPORARY = "temporary", "An effect that passed or will pass"
    LASTING = "lasting", "A lasting effect"
    DEATH = "death", "It contributed to a death"
    UNKNOWN = "unknown", "Not known yet"


class OtherBody(models.TextChoices):
    """Who else was told. Telling any of them never replaces telling CQC."""

    MHRA = "mhra", "Medicines and Healthcare products Regulatory Agency (MHRA)"
    HSE = "hse", "Health and Safety Executive (HSE)"
    ARSAC = "arsac", "ARSAC Support Unit"
    UKHSA = "ukhsa", "UK Health Security Agency (UKHSA)"
    ICB = "icb", "Integrated care board"
    NHS_ENGLAND = "nhs_england", "NHS England"
    ENVIRONMENT_AGENCY = "environment_agency", "Environment Agency"
    POLICE = "police", "Police"
    CORONER = "coroner", "Coroner"
    OTHER = "other", "Another body"


class EquipmentHandover(models.TextChoices):
    """Whether the engineer handed the equipment back before it was used again."""

    RECORDED = "recorded", "Handed back, with a written record"
    NOT_RECORDED = "not_recorded", "Handed back, without a written record"
    NONE = "none", "Not handed back"
    NOT_APPLICABLE = "not_applicable", "No engineer had worked on it"


class DoseUnit(models.TextChoices):
    """Units of imaging doses other than effective dose."""

    MGY = "mgy", "mGy (air kerma, skin or organ dose)"
    MGY_CM = "mgy_cm", "mGy·cm (dose length product)"
    MGY_CM2 = "mgy_cm2", "mGy·cm² (dose area product)"
    CGY_CM2 = "cgy_cm2", "cGy·cm² (dose area product)"
    GY_CM2 = "gy_cm2", "Gy·cm² (dose area product)"
    GY = "gy", "Gy (skin or organ dose)"
    OTHER = "other", "Another unit, named under how the dose was estimated"


class BreachType(models.TextChoices):
    """What was wrong with the licence under which radioactive substances were given (regulation 5)."""

    NO_EMPLOYER_LICENCE = "no_employer_licence", "The employer had no licence"
    NO_PRACTITIONER_LICENCE = "no_practitioner_licence", "The practitioner had no licence"
    PROCEDURE_NOT_LISTED = "procedure_not_listed", "The procedure is not on the licence"
    LOCATION_NOT_LISTED = "location_not_listed", "The installation is not on the licence"
    RADIOPHARMACEUTICAL_DIFFERS = (
        "radiopharmaceutical_differs",
        "The radiopharmaceutical is not the one on the licence",
    )
    EXPIRED = "expired", "The licence had expired"
