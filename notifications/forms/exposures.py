"""The forms of what was exposed and how: one or two for each modality."""

from typing import ClassVar

from notifications.forms.questions import count, line, listed, pick, quantity, yes_no
from notifications.forms.section import SectionForm
from notifications.models import DoseUnit, GeographicalMiss


class ImagingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "intended_effective_dose_msv": "Effective dose",
        "other_value": "If the effective dose is not readily estimated",
        "estimation_method": "How the dose was assessed",
        "tissue_reaction": "Tissue reactions",
    }

    intended_effective_dose_msv = quantity(
        "Intended effective dose",
        "mSv",
        places=6,
        help_text="0 where no exposure of this person was intended.",
    )
    actual_effective_dose_msv = quantity(
        "Actual effective dose",
        "mSv",
        places=6,
        help_text="In all: the intended part, the excess and any repeat.",
    )
    other_value = quantity("Dose in another unit", "")
    other_unit = listed("Unit of that dose", DoseUnit.choices, "Choose a unit")
    estimation_method = line("How was the dose estimated?", 300)
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")
    local_drl_multiple = quantity(
        "How many times the local diagnostic reference level?", "", digits=8, help_text="For example 2.5."
    )
    tissue_reaction = yes_no("Was a tissue reaction observed?")
    transient_erythema_only = yes_no("If so, was it transient erythema only?")


class RadiotherapyForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "prescribed_dose_gy": "What was prescribed",
        "delivered_ratio_course": "What was delivered",
        "geographical_miss": "Geographical miss",
        "mpe_involved": "How the dose was assessed",
    }

    prescribed_dose_gy = quantity("Prescribed dose", "Gy", digits=8)
    fractions_prescribed = count("Fractions prescribed")
    fractions_affected = count("Fractions affected")
    delivered_ratio_course = quantity(
        "Delivered dose divided by intended dose, whole course", "", digits=8, help_text="For example 1.12."
    )
    delivered_ratio_fraction = quantity("The same for the worst fraction", "", digits=8)
    delivered_ratio_organ_at_risk = quantity("The same for the organ at risk most affected", "", digits=8)
    geographical_miss = pick("Was there a geographical miss?", GeographicalMiss.choices)
    miss_distance_mm = quantity("If so, by how far?", "mm", digits=8, places=2)
    local_error_margin_mm = quantity(
        "What is your local margin of error?",
        "mm",
        digits=8,
        places=2,
        help_text="As your department defines it for this treatment.",
    )
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")


class RadiotherapyImagingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "planning_scans": "Planning",
        "images_in_fraction": "Verification",
    }

    planning_scans = count("Planning scans, the intended one included")
    images_in_fraction = count("Verification images in one fraction, the intended ones included")
    planned_images_in_course = count("Verification images planned over the course")
    actual_images_in_course = count("Verification images taken over the course")


class RadionuclideForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "radiopharmaceutical_intended": "What was given",
        "activity_prescribed_mbq": "How much, and how",
        "effective_dose_msv": "The dose",
    }

    radiopharmaceutical_intended = line("Radiopharmaceutical intended", 120)
    radiopharmaceutical_given = line("Radiopharmaceutical given", 120)
    isotope = line("Isotope given", 10, "For example Tc-99m.")
    activity_prescribed_mbq = quantity("Activity prescribed", "MBq")
    activity_administered_mbq = quantity("Activity administered", "MBq")
    route = line("Route of administration", 60)
    effective_dose_msv = quantity("Effective dose", "mSv", places=6)
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")
