"""Notification: what an employer tells CQC about one incident. No field can name a patient or a colleague."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from notifications.models.choices import (
    AgeBand,
    Basis,
    DutyHolder,
    EquipmentHandover,
    EventKind,
    ExposedGroup,
    GestationBand,
    Harm,
    Laterality,
    OtherBody,
    PregnancyEnquiry,
    Sex,
    SubModality,
)
from notifications.models.reference import Cause, ComplementaryCode
from regulator.casework.models import Case

if TYPE_CHECKING:
    from notifications.models.exposures import ImagingExposure, RadionuclideExposure, RadiotherapyExposure
    from notifications.models.licence import LicenceBreach
    from notifications.models.report import InvestigationReport


def duty_holders(value: object) -> None:
    """Refuse anything but a list of duty-holder roles, each once."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValidationError("Give a list of roles.")
    if not set(value) <= set(DutyHolder.values) or len(set(value)) != len(value):
        raise ValidationError("Choose each role at most once, from the list.")


def other_bodies(value: object) -> None:
    """Refuse anything but a list of bodies that may have been told, each once."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValidationError("Give a list of bodies.")
    if not set(value) <= set(OtherBody.values) or len(set(value)) != len(value):
        raise ValidationError("Choose each body at most once, from the list.")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def statutory(self) -> "NotificationQuerySet":
        """Those that count: voluntary reports and licence breaches are kept apart from the figures."""
        return self.filter(basis=Basis.STATUTORY)

    def submitted(self) -> "NotificationQuerySet":
        """Those that CQC has received, whatever became of them since."""
        return self.filter(case__reference__isnull=False)


class Notification(models.Model):
    """One incident as its employer tells it. Modality, site and employer are the case's.

    ``number_exposed`` is 0 only of a near miss that is told voluntarily. ``lfpse_id`` and ``on_lfpse`` are
    cross-references and discharge no duty. ``criteria_regime`` is the key of the regime on the day of the
    incident, or of the one among several that ``criterion_code`` is a code of; both are kept as text because
    the regime may be superseded.
    ``reporter_cause`` is the reporter's view; ``cqc_cause`` is CQC's coding, the one that is counted.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="notification")
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.STATUTORY)
    sub_modality = models.CharField(max_length=40, choices=SubModality, blank=True)
    occurred_on = models.DateField("date of the incident", null=True, blank=True)
    occurred_until = models.DateField("last date of the incident", null=True, blank=True)
    is_ongoing = models.BooleanField("still going on", null=True, blank=True)
    discovered_on = models.DateField("date of discovery", null=True, blank=True)
    how_discovered = models.TextField(blank=True)
    criterion_code = models.CharField(max_length=10, blank=True)
    criteria_regime = models.CharField(max_length=20, blank=True)
    code_pending_reason = models.TextField("why no code can be settled yet", blank=True)
    dose_pending_reason = models.TextField("what the estimate of a dose waits for", blank=True)
    complementary_codes = models.ManyToManyField(ComplementaryCode, blank=True, related_name="+")
    number_exposed = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[
            MaxValueValidator(1_000_000, "Enter 1,000,000 or less."),
        ],
    )
    near_miss = models.BooleanField("near miss", null=True, blank=True)
    exposed_group = models.CharField(max_length=20, choices=ExposedGroup, blank=True)
    foetus_exposed = models.BooleanField("unborn child exposed", null=True, blank=True)
    infant_exposed = models.BooleanField("breastfed infant exposed", null=True, blank=True)
    age_band = models.CharField(max_length=20, choices=AgeBand, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, blank=True)
    event_kind = models.CharField(max_length=20, choices=EventKind, blank=True)
    procedure = models.CharField("examination or treatment", max_length=200, blank=True)
    anatomy = models.CharField("part of the body", max_length=120, blank=True)
    laterality = models.CharField(max_length=20, choices=Laterality, blank=True)
    narrative = models.TextField("what happened", blank=True)
    immediate_actions = models.TextField(blank=True)
    preliminary_findings = models.TextField(blank=True)
    duty_holders_involved = models.JSONField(default=list, blank=True, validators=[duty_holders])
    individual_told = models.BooleanField("individual or representative told", null=True, blank=True)
    referrer_practitioner_told = models.BooleanField("referrer and practitioner told", null=True, blank=True)
    not_told_reason = models.TextField("why not told", blank=True)
    other_bodies_told = models.JSONField(default=list, blank=True, validators=[other_bodies])
    clinically_significant = models.BooleanField(null=True, blank=True)
    harm = models.CharField(max_length=20, choices=Harm, blank=True)
    treatment_changed = models.BooleanField("treatment or follow-up changed", null=True, blank=True)
    clinical_effect = models.TextField("effect, and how care was changed", blank=True)
    pregnancy_enquiry = models.CharField(max_length=20, choices=PregnancyEnquiry, blank=True)
    gestation_band = models.CharField(max_length=20, choices=GestationBand, blank=True)
    foetal_dose_mgy = models.DecimalField(
        "foetal dose (mGy)",
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Enter 0 or more.")],
    )
    infant_effective_dose_msv = models.DecimalField(
        "effective dose to the breastfed infant (mSv)",
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Enter 0 or more.")],
    )
    procedural_failure = models.BooleanField("a procedure failed", null=True, blank=True)
    equipment_failure = models.BooleanField("equipment failure the direct cause", null=True, blank=True)
    equipment_type = models.CharField(max_length=120, blank=True)
    equipment_manufacturer = models.CharField(max_length=120, blank=True)
    equipment_model = models.CharField(max_length=120, blank=True)
    equipment_handover = models.CharField(
        "engineer's handover of the equipment", max_length=20, choices=EquipmentHandover, blank=True
    )
    mhra_reference = models.CharField("MHRA report reference", max_length=60, blank=True)
    reporter_cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cqc_cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="notifications"
    )
    coded_at = models.DateTimeField(null=True, blank=True)
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_lfpse = models.BooleanField("on LFPSE as well", null=True, blank=True)
    lfpse_id = models.CharField(
        "LFPSE id",
        max_length=40,
        blank=True,
        help_text="A cross-reference only: a record on LFPSE does not discharge the duty to notify CQC.",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_here",
        help_text="The notification of the same incident, which goes on in its place.",
    )
    contact_role = models.CharField("role of the person to contact", max_length=100, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)

    if TYPE_CHECKING:
        imaging: ImagingExposure
        radiotherapy: RadiotherapyExposure
        radionuclide: RadionuclideExposure
        licence_breach: LicenceBreach
        report: InvestigationReport

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-case"]
        indexes = [
            models.Index(fields=["basis", "cqc_cause"], name="notifications_basis_cause"),
            models.Index(fields=["sub_modality"], name="notifications_sub_modality"),
            models.Index(fields=["discovered_on"], name="notifications_discovered"),
            models.Index(fields=["criterion_code", "criteria_regime"], name="notifications_code_regime"),
            # All that the yearly figures read of a notification: they need not touch its long texts.
            models.Index(
                fields=["case", "sub_modality", "cqc_cause"],
                condition=models.Q(basis=Basis.STATUTORY),
                name="notifications_counted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discovered_on__isnull=True)
                | models.Q(occurred_on__isnull=True)
                | models.Q(occurred_on__lte=models.F("discovered_on")),
                name="notifications_occurred_before_discovery",
            ),
            models.CheckConstraint(
                condition=models.Q(occurred_until__isnull=True)
                | models.Q(occurred_on__isnull=False, occurred_until__gte=models.F("occurred_on")),
                name="notifications_range_runs_forwards",
            ),
            models.CheckConstraint(
                condition=models.Q(number_exposed__isnull=True)
                | models.Q(number_exposed__gte=1)
                | models.Q(number_exposed=0, near_miss__isnull=False, near_miss=True, basis=Basis.VOLUNTARY),
                name="notifications_somebody_exposed",
            ),
            models.CheckConstraint(
                condition=models.Q(foetal_dose_mgy__isnull=True) | models.Q(foetal_dose_mgy__gte=0),
                name="notifications_foetal_dose_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(infant_effective_dose_msv__isnull=True)
                | models.Q(infant_effective_dose_msv__gte=0),
                name="notifications_infant_dose_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(cqc_cause__isnull=True, coded_at__isnull=True, coded_by__isnull=True)
                | models.Q(cqc_cause__isnull=False, coded_at__isnull=False, coded_by__isnull=False),
                name="notifications_coding_complete",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("case")), name="notifications_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def is_statutory(self) -> bool:
        return self.basis == Basis.STATUTORY
