"""The forms of what was exposed and how: one or two for each modality."""

from typing import ClassVar, Final

from notifications.forms.questions import count, line, listed, pick, quantity, yes_no
from notifications.forms.section import SectionForm
from notifications.models import DoseUnit, GeographicalMiss

EVERYTHING_THAT_IT_GAVE: Final = "In all: the intended part, the excess and any repeat."


class ImagingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "intended_effective_dose_msv": "Effective dose",
        "other_value": "If the effective dose is not readily estimated",
        "estimation_method": "How the dose was assessed",
        "interventional": "Interventional procedures",
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
        help_text=EVERYTHING_THAT_IT_GAVE,
    )
    other_value = quantity("Dose in another unit", "")
    other_unit = listed("Unit of that dose", DoseUnit.choices, "Choose a unit")
    estimation_method = line("How was the dose estimated?", 300)
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")
    interventional = yes_no("Was it an interventional or cardiology procedure?")
    local_drl_multiple = quantity(
        "How many times the local diagnostic reference level?", "", digits=8, help_text="For example 2.5."
    )
    tissue_reaction = yes_no("Was a tissue reaction observed?")
    transient_erythema_only = yes_no("If so, was it transient erythema only?")


class RadiotherapyForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "treatment_affected": "The treatment",
        "prescribed_dose_gy": "What was prescribed",
        "delivered_ratio_course": "What was delivered",
        "geographical_miss": "Geographical miss",
        "tissue_reaction": "Tissue reactions",
        "mpe_involved": "How the dose was assessed",
    }

    treatment_affected = yes_no(
        "Was the treatment itself delivered otherwise than intended?", "Its dose, its place or both."
    )
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
    tissue_reaction = yes_no("Was a tissue reaction observed?")
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")


class RadiotherapyImagingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "planning_scan_affected": "Planning",
        "verification_affected": "Verification",
        "intended_effective_dose_msv": "Effective dose of the imaging",
    }

    planning_scan_affected = yes_no("Was a planning scan repeated?")
    planning_scans = count("Planning scans, the intended one included")
    verification_affected = yes_no("Were verification images repeated or added?")
    set_up_error = yes_no("Was the cause an error in setting up?")
    hardware_or_software_failure = yes_no("Was the cause a failure of hardware or software?")
    images_in_fraction = count("Verification images in one fraction, the intended ones included")
    planned_images_in_course = count("Verification images planned over the course")
    actual_images_in_course = count("Verification images taken over the course")
    intended_effective_dose_msv = quantity("Intended effective dose", "mSv", places=6)
    actual_effective_dose_msv = quantity(
        "Actual effective dose", "mSv", places=6, help_text=EVERYTHING_THAT_IT_GAVE
    )


class RadionuclideForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "therapeutic": "What was given",
        "activity_prescribed_mbq": "How much, and how",
        "intended_effective_dose_msv": "The dose",
        "infant_exposed": "Breastfeeding",
    }

    therapeutic = yes_no(
        "Was it a therapeutic administration?", "The sub-modality says so as well, if you chose one."
    )
    wrong_radiopharmaceutical = yes_no(
        "Was a wrong radiopharmaceutical given?",
        "The right radionuclide on the wrong tracer is a wrong radiopharmaceutical.",
    )
    radiopharmaceutical_intended = line("Radiopharmaceutical intended", 120)
    radiopharmaceutical_given = line("Radiopharmaceutical given", 120)
    isotope = line("Isotope given", 10, "For example Tc-99m.")
    activity_prescribed_mbq = quantity("Activity prescribed", "MBq")
    activity_administered_mbq = quantity("Activity administered", "MBq")
    route = line("Route of administration", 60)
    intended_effective_dose_msv = quantity("Intended effective dose", "mSv", places=6)
    effective_dose_msv = quantity("Effective dose", "mSv", places=6, help_text=EVERYTHING_THAT_IT_GAVE)
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")
    tissue_reaction = yes_no("Was a tissue reaction observed?")
    infant_exposed = yes_no("Was a breastfed infant exposed?")
    infant_effective_dose_msv = quantity("Effective dose to the infant", "mSv", places=6)
