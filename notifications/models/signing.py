"""SignOff: that somebody was asked to sign a draft off before it is submitted, and what they answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from notifications.models.notification import Notification
from regulator import clock
from regulator.casework.wording import as_text


class SignOff(models.Model):
    """One request, bound to one address. Its link and its code are kept as digests only.

    Who is asked is known by role and address, never by name: an MPE often has no account. The digests of the
    draft's content say what stood there when it was asked and what was signed: a signature is good for just
    that content (``notifications.signing``).
    """

    class Role(models.TextChoices):
        MPE = "mpe", "Medical physics expert"
        MANAGER = "manager", "Manager"
        OTHER = "other", "Other"

    class Outcome(models.TextChoices):
        SIGNED = "signed", "Signed off"
        SENT_BACK = "sent_back", "Sent back"

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="sign_offs")
    role = models.CharField(max_length=10, choices=Role)
    email = models.EmailField()
    message = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    asked_sha256 = models.CharField(max_length=64, help_text="The draft's content when it was asked.")
    expires_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Wrong codes since the last was sent.")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True, help_text="The content that was signed.")
    comment = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True, signed_sha256="", comment="")
                | models.Q(outcome="signed", decided_at__isnull=False, comment="")
                & ~models.Q(signed_sha256="")
                | models.Q(outcome="sent_back", decided_at__isnull=False, signed_sha256="")
                & ~models.Q(comment=""),
                name="notifications_sign_off_decided_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(code_digest="") | models.Q(code_sent_at__isnull=False),
                name="notifications_sign_off_code_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, asked on {as_text(timezone.localdate(self.asked_at))}"
