"""IR(ME)R employers, their sites, who acts for them, and how much they do."""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from regulator import clock
from regulator.accounts.roles import EMPLOYER_ROLES, Role


class Modality(models.TextChoices):
    """The three groups in which CQC counts. Sub-modalities belong to the notification."""

    DIAGNOSTIC_IMAGING = "diagnostic_imaging", "Diagnostic imaging"
    RADIOTHERAPY = "radiotherapy", "Radiotherapy"
    NUCLEAR_MEDICINE = "nuclear_medicine", "Nuclear medicine"


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
    is_open = models.BooleanField(default=True)
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


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """That a person acts for an employer, and in which of the two employer roles. Ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(
        max_length=40, choices=[(role.value, role.label) for role in Role if role in EMPLOYER_ROLES]
    )
    since = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["employer__name", "user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "employer"],
                condition=models.Q(ended_at__isnull=True),
                name="organisations_membership_current_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(EMPLOYER_ROLES)),
                name="organisations_membership_role_is_an_employer_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.employer}"

    def clean(self) -> None:
        """CQC's staff act for no employer: they would read its cases with a key of its own."""
        if self.ended_at is None and self.user_id is not None and self.user.role:
            raise ValidationError("This person is on CQC’s staff, so they cannot act for an employer.")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, secret: str) -> "ApiKey | None":
        """The key that ``secret`` opens, while it and its membership last and its person may sign in.

        None of somebody on CQC's staff, whose role would open every employer to an employer's system,
        and of no invented person where this portal is not a demonstration.
        """
        found = self.filter(
            digest=ApiKey.digest_of(secret),
            revoked_at__isnull=True,
            membership__ended_at__isnull=True,
            membership__user__is_active=True,
            membership__user__role="",
        )
        if not settings.DEMONSTRATION:
            found = found.filter(membership__user__is_demonstration=False)
        return found.select_related("membership__user").first()


class ApiKey(models.Model):
    """A secret with which an employer's own system acts through the API, as one of the employer's people.

    Bound to a membership, and so to one employer: it ends with it. Only the SHA-256 of the secret (32
    random bytes) is kept; the secret is shown once, when the key is made. Revoked, never deleted.
    """

    class Scope(models.TextChoices):
        READ = "read", "May read"
        WRITE = "write", "May read and write"

    label = models.CharField(max_length=100, help_text="Which system uses it.")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="api_keys")
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ApiKeyQuerySet] = ApiKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def new_secret() -> str:
        """A fresh secret, recognisable in a leak by its beginning."""
        return f"irmer_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()


class Completeness(models.TextChoices):
    COMPLETE = "complete", "Complete"
    PARTIAL = "partial", "Partial"
    ESTIMATED = "estimated", "Estimated"


class ActivityReturn(models.Model):
    """How much an employer did in one modality in one period: the denominator of a rate.

    ``quantity`` counts ``unit``: examinations for imaging and nuclear medicine, episodes for
    radiotherapy. ``completeness`` says how far to trust it (the radiotherapy data set is revised late).
    """

    class Unit(models.TextChoices):
        EXAMINATIONS = "examinations", "Examinations"
        EPISODES = "episodes", "Treatment episodes"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="activity_returns")
    modality = models.CharField(max_length=30, choices=Modality)
    period_start = models.DateField()
    period_end = models.DateField()
    quantity = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=Unit)
    source = models.CharField(max_length=200)
    completeness = models.CharField(max_length=20, choices=Completeness)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["employer__name", "modality", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "modality", "period_start", "period_end", "source"],
                name="organisations_activity_once_per_period_and_source",
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")),
                name="organisations_activity_period_runs_forwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer}: {self.quantity} {self.unit} to {self.period_end}"
