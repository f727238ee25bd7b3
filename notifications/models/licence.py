"""LicenceBreach: radioactive substances given without the right licence (regulation 5), told voluntarily."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from notifications.models.choices import BreachType
from notifications.models.notification import Notification


class LicenceBreach(models.Model):
    """What a licence breach adds to its notification.

    The installation is the case's site; the days of the administrations are the notification's
    ``occurred_on`` to ``occurred_until``, and ``discovered_on`` is the notification's too. A practitioner is
    known by the number of the licence, never by name. ``saue_reference`` is the reference of the
    employer's own statutory notification of the same event, where there is one.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="licence_breach"
    )
    breach_type = models.CharField("what was wrong", max_length=40, choices=BreachType, blank=True)
    employer_licence_number = models.CharField(max_length=40, blank=True)
    employer_licence_expires_on = models.DateField("expiry of the employer licence", null=True, blank=True)
    practitioner_licence_number = models.CharField(max_length=40, blank=True)
    procedure_code = models.CharField("ARSAC procedure code", max_length=20, blank=True)
    radiopharmaceutical_used = models.CharField(max_length=120, blank=True)
    radiopharmaceutical_licensed = models.CharField(max_length=120, blank=True)
    administrations = models.PositiveIntegerField(
        "number of administrations",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "Enter 1 or more."),
            MaxValueValidator(1_000_000, "Enter 1,000,000 or less."),
        ],
    )
    arsac_told_on = models.DateField("day on which ARSAC was told", null=True, blank=True)
    saue_reference = models.CharField("reference of the linked notification", max_length=20, blank=True)
    corrective_action = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(administrations__isnull=True) | models.Q(administrations__gte=1),
                name="notifications_licence_breach_administered",
            ),
        ]

    def __str__(self) -> str:
        return f"Licence breach of {self.notification_id}"
