"""What each modality adds to a notification: one section table for each, at most one row per notification.

Doses are Decimal in the unit that the field's name says. A section may stay half filled in a draft.
"""

from decimal import Decimal
from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from notifications.models.choices import DoseUnit, GeographicalMiss
from notifications.models.notification import Notification

_ISOTOPE: Final = RegexValidator(
    r"^[A-Z][a-z]?-[1-9][0-9]{0,2}m?$", "Enter the isotope as element and mass number, like Tc-99m."
)
_NOT_NEGATIVE: Final = MinValueValidator(Decimal(0), "Enter 0 or more.")


def amount(label: str, *, digits: int = 12, places: int = 4) -> "models.DecimalField[Any, Any]":
    """An optional quantity that cannot be negative."""
    return models.DecimalField(
        label, max_digits=digits, decimal_places=places, null=True, blank=True, validators=[_NOT_NEGATIVE]
    )


def count(label: str) -> "models.PositiveSmallIntegerField[Any, Any]":
    """An optional number of things, small on every database."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(9_999, "Enter 9,999 or less.")]
    )


def mpe_involved() -> "models.BooleanField[Any, Any]":
    """Asked in every modality: whether a medical physics expert had a part in the dose assessment."""
    return models.BooleanField("medical physics expert involved", null=True, blank=True)


def not_negative(table: str, *fields: str) -> list[models.BaseConstraint]:
    """The same rule, held by the database."""
    condition = models.Q()
    for field in fields:
        condition &= models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__gte": 0})
    return [models.CheckConstraint(condition=condition, name=f"notifications_{table}_not_negative")]


class ImagingExposure(models.Model):
    """Doses of an imaging exposure, including the imaging part of radiotherapy or nuclear medicine.

    ``actual`` is the whole of what the incident gave: intended part, excess and the repeats that it made
    necessary (CQC's criteria, April 2023). ``other_value`` with ``other_unit`` stands where mSv is not
    readily estimated.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="imaging"
    )
    intended_effective_dose_msv = amount("intended effective dose (mSv)", places=6)
    actual_effective_dose_msv = amount("actual effective dose (mSv)", places=6)
    other_value = amount("dose in another unit")
    other_unit = models.CharField("other unit", max_length=10, choices=DoseUnit, blank=True)
    estimation_method = models.CharField("how the dose was estimated", max_length=300, blank=True)
    mpe_involved = mpe_involved()
    interventional = models.BooleanField("interventional or cardiology procedure", null=True, blank=True)
    local_drl_multiple = amount("multiple of the local DRL", digits=8)
    tissue_reaction = models.BooleanField("observable tissue reaction", null=True, blank=True)
    transient_erythema_only = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = not_negative(
            "imaging",
            "intended_effective_dose_msv",
            "actual_effective_dose_msv",
            "other_value",
            "local_drl_multiple",
        )

    def __str__(self) -> str:
        return f"Imaging exposure of {self.notification_id}"


class RadiotherapyExposure(models.Model):
    """A course of radiotherapy: doses in Gy, ratios of delivered to intended dose, and counts of images.

    Images and scans are counted "in all", the intended ones included, as the criteria count them. The
    effective doses of the imaging stand in the notification's ``ImagingExposure``.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="radiotherapy"
    )
    treatment_affected = models.BooleanField("treatment delivered not as intended", null=True, blank=True)
    prescribed_dose_gy = amount("prescribed dose (Gy)", digits=8)
    fractions_prescribed = count("fractions prescribed")
    fractions_affected = count("fractions affected")
    delivered_ratio_course = amount("delivered to intended dose, whole course", digits=8)
    delivered_ratio_fraction = amount("delivered to intended dose, worst fraction", digits=8)
    delivered_ratio_organ_at_risk = amount("delivered to intended dose, organ at risk", digits=8)
    geographical_miss = models.CharField(max_length=10, choices=GeographicalMiss, blank=True)
    miss_distance_mm = amount("distance of the miss (mm)", digits=8, places=2)
    local_error_margin_mm = amount("local error margin (mm)", digits=8, places=2)
    tissue_reaction = models.BooleanField("observable tissue reaction", null=True, blank=True)
    mpe_involved = mpe_involved()
    planning_scan_affected = models.BooleanField("planning scan repeated", null=True, blank=True)
    verification_affected = models.BooleanField("verification images added", null=True, blank=True)
    set_up_error = models.BooleanField("error in setting up", null=True, blank=True)
    hardware_or_software_failure = models.BooleanField(
        "failure of hardware or software", null=True, blank=True
    )
    images_in_fraction = count("images in one fraction")
    planned_images_in_course = count("planned images in course")
    actual_images_in_course = count("actual images in course")
    planning_scans = count("planning scans in all")

    class Meta:
        constraints = not_negative(
            "radiotherapy",
            "prescribed_dose_gy",
            "delivered_ratio_course",
            "delivered_ratio_fraction",
            "delivered_ratio_organ_at_risk",
            "miss_distance_mm",
            "local_error_margin_mm",
        )

    def __str__(self) -> str:
        return f"Radiotherapy exposure of {self.notification_id}"


class RadionuclideExposure(models.Model):
    """An administration of a radiopharmaceutical: activities in MBq, effective doses in mSv.

    ``effective_dose`` is the whole of what the incident gave, as ``actual`` is of an imaging exposure.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="radionuclide"
    )
    therapeutic = models.BooleanField("therapeutic administration", null=True, blank=True)
    wrong_radiopharmaceutical = models.BooleanField("wrong radiopharmaceutical", null=True, blank=True)
    radiopharmaceutical_intended = models.CharField(max_length=120, blank=True)
    radiopharmaceutical_given = models.CharField(max_length=120, blank=True)
    isotope = models.CharField(max_length=10, blank=True, validators=[_ISOTOPE])
    activity_prescribed_mbq = amount("activity prescribed (MBq)")
    activity_administered_mbq = amount("activity administered (MBq)")
    route = models.CharField("route of administration", max_length=60, blank=True)
    intended_effective_dose_msv = amount("intended effective dose (mSv)", places=6)
    effective_dose_msv = amount("effective dose (mSv)", places=6)
    tissue_reaction = models.BooleanField("observable tissue reaction", null=True, blank=True)
    mpe_involved = mpe_involved()

    class Meta:
        constraints = not_negative(
            "radionuclide",
            "activity_prescribed_mbq",
            "activity_administered_mbq",
            "intended_effective_dose_msv",
            "effective_dose_msv",
        )

    def __str__(self) -> str:
        return f"Radionuclide exposure of {self.notification_id}"
