"""Who acts for an employer, and who was invited to."""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from regulator import clock
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.organisations.models.employers import Employer

_ROLES = [(role.value, role.label) for role in Role if role in EMPLOYER_ROLES]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """That a person acts for an employer, and in which of the two employer roles. Ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=_ROLES)
    since = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> "InvitationQuerySet":
        """Neither accepted nor cancelled; it may be past its time, and can be sent again then."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True)


class Invitation(models.Model):
    """That a person was asked to act for an employer, by a link that was sent to ``email`` alone.

    Only the SHA-256 of the link's secret (32 random bytes) is kept; sending it again makes another secret,
    and the link before it leads nowhere. Used once. Cancelled, never deleted.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40, choices=_ROLES)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "email"],
                condition=models.Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="organisations_invitation_standing_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(EMPLOYER_ROLES)),
                name="organisations_invitation_role_is_an_employer_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.employer}"

    @property
    def state(self) -> str:
        """What has become of it, in a word."""
        if self.accepted_at is not None:
            return "Accepted"
        if self.cancelled_at is not None:
            return "Cancelled"
        return "Expired" if clock.now() >= self.expires_at else "Sent"

    @staticmethod
    def new_token() -> str:
        """A fresh secret for a link."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
