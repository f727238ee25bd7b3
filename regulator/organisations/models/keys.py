"""API keys of an employer's incident systems."""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.organisations.models.people import Membership


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def working(self) -> "ApiKeyQuerySet":
        """Neither revoked nor past their last day. Whether the membership lasts is another question."""
        unexpired = models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=clock.today())
        return self.filter(unexpired, revoked_at__isnull=True)

    def usable(self, secret: str) -> "ApiKey | None":
        """The key that ``secret`` opens, while it and its membership last and its person may sign in.

        None of somebody on CQC's staff, whose role would open every employer to an employer's system,
        and of no invented person where this portal is not a demonstration.
        """
        found = self.working().filter(
            digest=ApiKey.digest_of(secret),
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

    PREFIX_LENGTH = 12

    class Scope(models.TextChoices):
        READ = "read", "May read"
        WRITE = "write", "May read and write"

    label = models.CharField(max_length=100, help_text="Which system uses it.")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="api_keys")
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(
        max_length=PREFIX_LENGTH, blank=True, editable=False, help_text="By which people tell keys apart."
    )
    made_from = models.UUIDField(
        unique=True, null=True, blank=True, editable=False, help_text="The page that was sent to make it."
    )
    expires_on = models.DateField("last day", null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To the hour.")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ApiKeyQuerySet] = ApiKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def state(self) -> str:
        """Whether the key works, and if not why, in a word or two. Asks for the membership and its person."""
        if self.revoked_at is not None:
            return "Revoked"
        if self.membership.ended_at is not None or not self.membership.user.is_active:
            return "Ended"
        expired = self.expires_on is not None and self.expires_on < clock.today()
        return "Expired" if expired else "Working"

    @staticmethod
    def new_secret() -> str:
        """A fresh secret, recognisable in a leak by its beginning."""
        return f"irmer_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
