"""Notices, the provisions that they say were breached, and appeals against them.

The employer, the site and the modality are the case's own. By when things are due is in the case's
deadlines; how the legal dates are found is in ``enforcement.legal_clock``.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from inspections.models import Finding, Inspection
from regulator.casework.models import Case
from regulator.legislation.models import Provision

_USER = settings.AUTH_USER_MODEL


class NoticeQuerySet(models.QuerySet["Notice"]):
    def awaiting_publication(self) -> "NoticeQuerySet":
        """Served, not withdrawn or cancelled, no appeal pending, and not on the register."""
        return self.filter(case__status__in=("served", "complied", "not_complied"), published_on=None)


class Notice(models.Model):
    """An improvement or a prohibition notice. Its content is fixed when it is approved; from then on only the
    tribunal changes it (``NoticeVersion`` keeps what it said before).

    ``compliance_days`` is what the drafter proposes; ``compliance_on`` the date that the served notice
    states, or that an extension or a tribunal put in its place. ``published_on`` says that an entry
    stands on the public register. ``served_on`` is the day in London of ``served_at``. Who reviewed it, and
    the digest of what they read, are those of the legal review that found it in order.
    """

    class Type(models.TextChoices):
        IMPROVEMENT = "improvement", "Improvement notice"
        PROHIBITION_IMMEDIATE = "prohibition_immediate", "Immediate prohibition notice"
        PROHIBITION_DEFERRED = "prohibition_deferred", "Deferred prohibition notice"

    class ServiceMethod(models.TextChoices):
        BY_HAND = "by_hand", "By hand"
        RECORDED_DELIVERY = "recorded_delivery", "Recorded delivery"
        EMAIL = "email", "E-mail, by agreement"

    class HowComplied(models.TextChoices):
        EVIDENCE = "evidence", "Evidence submitted"
        REINSPECTION = "reinspection", "Re-inspection"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="notice")
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    findings = models.ManyToManyField(Finding, related_name="notices", blank=True)
    type = models.CharField(max_length=30, choices=Type)
    legal_power = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="+")
    breach_on = models.DateField()
    opinion = models.TextField(blank=True)
    reasons = models.TextField(blank=True)
    required_action = models.TextField(blank=True)
    directions = models.TextField("schedule of directions", blank=True)
    compliance_days = models.PositiveSmallIntegerField(null=True, blank=True)
    drafted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    served_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    method = models.CharField(max_length=20, choices=ServiceMethod, blank=True)
    served_to_address = models.TextField(blank=True)
    served_to_office = models.CharField(max_length=200, blank=True)
    proof = models.CharField("proof of service", max_length=200, blank=True)
    compliance_on = models.DateField(null=True, blank=True)
    complied_on = models.DateField(null=True, blank=True)
    how_complied = models.CharField(max_length=20, choices=HowComplied, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="enforcement_notice_approver_is_not_drafter",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("drafted_by")),
                name="enforcement_notice_reviewer_is_not_drafter",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("approved_by")),
                name="enforcement_notice_approver_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=models.Q(served_on__isnull=True) | models.Q(served_on__gte=models.F("breach_on")),
                name="enforcement_notice_served_after_breach",
            ),
            models.CheckConstraint(
                condition=models.Q(compliance_on__isnull=True)
                | models.Q(compliance_on__gt=models.F("served_on")),
                name="enforcement_notice_compliance_after_service",
            ),
            models.CheckConstraint(
                condition=models.Q(complied_on__isnull=True)
                | models.Q(complied_on__gte=models.F("served_on")),
                name="enforcement_notice_complied_after_service",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True) | models.Q(published_on__isnull=True),
                name="enforcement_notice_withdrawn_is_not_public",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class NoticeProvision(models.Model):
    """A provision that a notice names, as in force on the breach date."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="breaches")
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["provision__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "provision"], name="enforcement_notice_provision_once")
        ]

    def __str__(self) -> str:
        return str(self.provision)


class Appeal(models.Model):
    """An appeal to the employment tribunal. One at a time is pending on a notice.

    It suspends an improvement notice of itself, a prohibition notice only by the tribunal's direction
    (HSWA 1974 s24(3)): ``suspended_from`` to ``suspended_until``, and never beyond its disposal.
    """

    class Outcome(models.TextChoices):
        AFFIRMED = "affirmed", "Affirmed"
        MODIFIED = "modified", "Affirmed with changes"
        CANCELLED = "cancelled", "Cancelled"
        DROPPED = "dropped", "Withdrawn by the employer: the notice stands"
        LAPSED = "lapsed", "Fell away, because the notice was withdrawn"

    DECISIONS: ClassVar = (Outcome.AFFIRMED, Outcome.MODIFIED, Outcome.CANCELLED, Outcome.DROPPED)
    """The outcomes that dispose of an appeal at the tribunal: its decisions, and that it was given up."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="appeals")
    lodged_on = models.DateField()
    late_with_leave = models.BooleanField(
        default=False, help_text="Lodged after the time for appeal, with the tribunal's leave."
    )
    former_status = models.CharField(
        max_length=40, default="served", help_text="The notice's state when the appeal was lodged."
    )
    disposed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    changes = models.TextField(blank=True, help_text="What the tribunal changed in the notice.")
    case_number = models.CharField("tribunal's case number", max_length=40, blank=True)
    suspended_from = models.DateField(null=True, blank=True)
    suspended_until = models.DateField(
        null=True, blank=True, help_text="The last day; empty: until the appeal is disposed of."
    )

    class Meta:
        ordering = ["lodged_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"],
                condition=models.Q(disposed_on__isnull=True),
                name="enforcement_appeal_one_pending",
            ),
            models.CheckConstraint(
                condition=models.Q(disposed_on__isnull=True, outcome="")
                | (models.Q(disposed_on__gte=models.F("lodged_on")) & ~models.Q(outcome="")),
                name="enforcement_appeal_disposed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(suspended_from__isnull=True, suspended_until__isnull=True)
                | (
                    models.Q(suspended_from__gte=models.F("lodged_on"))
                    & (
                        models.Q(suspended_until__isnull=True)
                        | models.Q(suspended_until__gte=models.F("suspended_from"))
                    )
                ),
                name="enforcement_appeal_suspended_once_lodged",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal of {self.lodged_on:%d %B %Y}"

    @property
    def was_owed(self) -> bool:
        """Whether compliance was still owed when it was lodged: also where CQC had recorded compliance of a
        later day before it learnt of the appeal."""
        if self.former_status == "complied":
            complied_on = self.notice.complied_on
            return complied_on is not None and self.lodged_on < complied_on
        return self.former_status == "served"

    def suspends_on(self, day: date) -> bool:
        """Whether the tribunal's direction keeps the notice from binding on ``day``."""
        if self.suspended_from is None or day < self.suspended_from:
            return False
        directed = self.suspended_until is None or day <= self.suspended_until
        return directed and (self.disposed_on is None or day < self.disposed_on)


class NoticeVersion(models.Model):
    """What a notice said before a tribunal changed it. Never edited; ``sha256`` is its content's digest,
    which the chain holds too."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="former_content")
    required_action = models.TextField()
    provisions = models.ManyToManyField(Provision, related_name="+")
    compliance_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Before the decision on: {self.appeal}"
