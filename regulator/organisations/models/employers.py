"""IR(ME)R employers and their sites."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from regulator import clock


class Modality(models.TextChoices):
    """The three groups in which CQC counts. Sub-modalities belong to the notification."""

    DIAGNOSTIC_IMAGING = "diagnostic_imaging", "Diagnostic imaging"
    RADIOTHERAPY = "radiotherapy", "Radiotherapy"
    NUCLEAR_MEDICINE = "nuclear_medicine", "Nuclear medicine"


def known_modalities(value: object) -> None:
    """Raise ``ValidationError`` unless ``value`` is a list of modalities, each once."""
    if not isinstance(value, list) or len(set(map(str, value))) < len(value):
        raise ValidationError("Name each modality once.")
    if any(each not in Modality.values for each in value):
        raise ValidationError("That is not a modality.")


_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


def postcode_in_form(typed: str) -> str:
    """A UK postcode in capitals with its one space ("sw1a1aa" becomes "SW1A 1AA"); nothing stays nothing.

    Raises ``ValidationError`` for what does not have the form of one; whether it exists is not asked.
    """
    found = _POSTCODE.fullmatch("".join(typed.upper().split()))
    if typed.strip() and found is None:
        raise ValidationError("Enter a full UK postcode, like SW1A 1AA.")
    return f"{found[1]} {found[2]}" if found else ""


class EmployerType(models.TextChoices):
    NHS_ACUTE = "nhs_acute", "NHS acute trust"
    NHS_OTHER = "nhs_other", "NHS trust, other than acute"
    INDEPENDENT = "independent", "Independent healthcare provider"
    INDEPENDENT_MOBILE = "independent_mobile", "Independent mobile or domiciliary imaging provider"
    DENTAL = "dental", "Dental practice"
    CHIROPRACTIC = "chiropractic", "Chiropractic practice"
    GENERAL_PRACTICE = "general_practice", "GP practice"
    OTHER = "other", "Other"


class Employer(models.Model):
    """An IR(ME)R employer: the legal person who answers for exposures.

    Known by its own ``key``, because not every employer is a CQC provider (chiropractors are not) and
    not every one has an ODS code.
    """

    key = models.SlugField("employer key", max_length=40, unique=True)
    name = models.CharField(max_length=250)
    type = models.CharField(max_length=30, choices=EmployerType)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    cqc_provider_id = models.CharField("CQC provider id", max_length=20, blank=True)
    chief_executive_email = models.EmailField(
        blank=True, help_text="Where the confirmation of a closure goes: an office, not a person."
    )
    requires_sign_off = models.BooleanField(
        default=False, help_text="Every notification is signed off by somebody before it is submitted."
    )
    is_invented = models.BooleanField(
        default=False, help_text="Made up for demonstration or for replaying a published year."
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ods_code"],
                condition=~models.Q(ods_code=""),
                name="organisations_employer_ods_code_once",
                violation_error_message="Another employer has this ODS code.",
            ),
            models.UniqueConstraint(
                fields=["cqc_provider_id"],
                condition=~models.Q(cqc_provider_id=""),
                name="organisations_employer_cqc_provider_once",
                violation_error_message="Another employer has this CQC provider id.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where an employer carries out exposures."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="sites")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=250)
    postcode = models.CharField(max_length=10, blank=True)
    cqc_location_id = models.CharField("CQC location id", max_length=20, blank=True)
    modalities = models.JSONField(
        default=list, blank=True, validators=[known_modalities], help_text="Those carried out there."
    )
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "key"], name="organisations_site_key_once_per_employer"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def modality_labels(self) -> list[str]:
        """What is carried out there, in words."""
        return [Modality(each).label for each in self.modalities]
