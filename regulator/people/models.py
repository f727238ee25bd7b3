"""Invitations to CQC's staff, and which events of the chain are about whom."""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.models import Event

_ROLES = [(role.value, role.label) for role in Role if role in STAFF_ROLES]


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    def standing(self) -> "StaffInvitationQuerySet":
        """Neither accepted nor cancelled; it may be past its time, and can be sent again then."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True)


class StaffInvitation(models.Model):
    """That somebody was asked to join CQC's staff on the portal, by a link that was sent to ``email`` alone.

    Only the SHA-256 of the link's secret (32 random bytes) is kept; sending it again makes another secret,
    and the link before it leads nowhere. Used once. Cancelled, never deleted. ``invited_by`` is nobody where
    it was done at the command line.
    """

    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40, choices=_ROLES)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_invitation",
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_in = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="The event with the reason, for the history of whoever accepts.",
    )

    objects: ClassVar[StaffInvitationQuerySet] = StaffInvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = "invitation to the staff"
        verbose_name_plural = "invitations to the staff"
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="people_invitation_standing_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(STAFF_ROLES)),
                name="people_invitation_role_is_a_staff_role",
            ),
        ]

    def __str__(self) -> str:
        return self.name

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


class AboutPerson(models.Model):
    """That an event of the chain is about somebody: what was done, by whom, when and why stands there
    alone."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="about")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recorded")

    class Meta:
        ordering = ["-event"]
        indexes = [models.Index(fields=["person", "-event"], name="people_about_person")]

    def __str__(self) -> str:
        return f"Event {self.event_id}"
