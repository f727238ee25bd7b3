"""The secret by which a person's calendar reads their dates."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from regulator import clock
from regulator.casework.wording import as_text


class FeedKeyQuerySet(models.QuerySet["FeedKey"]):
    def usable(self, secret: str) -> "FeedKey | None":
        """The key that ``secret`` opens, while it stands and its person may sign in; no invented person's
        where this portal is not a demonstration (1 query)."""
        found = self.filter(digest=FeedKey.digest_of(secret), ended_at__isnull=True, person__is_active=True)
        if not settings.DEMONSTRATION:
            found = found.filter(person__is_demonstration=False)
        return found.select_related("person").first()


class FeedKey(models.Model):
    """A secret of 32 random bytes in the address of a person's feed. Only its SHA-256 is kept; the address is
    shown once. One stands at a time; ended, never deleted. It ends with the person's other access
    (``people.access``)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feed_keys")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[FeedKeyQuerySet] = FeedKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "diary"
        verbose_name_plural = "diary"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="diary_one_key_stands"
            )
        ]

    def __str__(self) -> str:
        return f"Key of {as_text(timezone.localdate(self.made_at))}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
