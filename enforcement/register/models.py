"""The register's one table. It holds nothing that is not public."""

from django.db import models
from django.urls import reverse

from regulator import clock
from regulator.legislation.models import Provision


class RegisterEntry(models.Model):
    """One notice as the public sees it.

    ``slug`` is its address for ever. ``version`` rises with every change of what is shown; entries of the
    portal are written by ``enforcement``, others imported from what CQC published before.
    """

    class Type(models.TextChoices):
        IMPROVEMENT = "improvement", "Improvement notice"
        PROHIBITION_IMMEDIATE = "prohibition_immediate", "Immediate prohibition notice"
        PROHIBITION_DEFERRED = "prohibition_deferred", "Deferred prohibition notice"

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        COMPLIED = "complied", "Complied with"
        NOT_COMPLIED = "not_complied", "Not complied with in time"

    class Modality(models.TextChoices):
        DIAGNOSTIC_IMAGING = "diagnostic_imaging", "Diagnostic imaging"
        RADIOTHERAPY = "radiotherapy", "Radiotherapy"
        NUCLEAR_MEDICINE = "nuclear_medicine", "Nuclear medicine"

    class Origin(models.TextChoices):
        PUBLISHED_BY_CQC = "published_by_cqc", "Published by CQC before this register"
        PORTAL = "portal", "Published through this portal"

    slug = models.SlugField(max_length=200, unique=True)
    reference = models.CharField(max_length=24, blank=True)
    employer_name = models.CharField(max_length=250)
    employer_type = models.CharField(max_length=80, blank=True)
    location = models.CharField(max_length=250, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    region = models.CharField(max_length=80, blank=True)
    notice_type = models.CharField(max_length=30, choices=Type)
    legal_power = models.CharField(max_length=120)
    served_on = models.DateField()
    breach_on = models.DateField()
    provisions = models.ManyToManyField(Provision, related_name="+")
    description = models.TextField(blank=True)
    compliance_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status)
    complied_on = models.DateField(null=True, blank=True)
    how_closed = models.CharField(max_length=80, blank=True)
    modality = models.CharField(max_length=30, choices=Modality, blank=True)
    source_url = models.URLField(max_length=400, blank=True)
    origin = models.CharField(max_length=20, choices=Origin)
    employer_is_invented = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-served_on", "-pk"]
        verbose_name = "register entry"
        verbose_name_plural = "register entries"
        indexes = [
            models.Index(fields=["-served_on", "-id"], name="register_entry_served"),
            models.Index(fields=["notice_type", "status"], name="register_entry_type_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(served_on__gte=models.F("breach_on")),
                name="register_entry_served_after_breach",
            ),
            models.CheckConstraint(
                condition=models.Q(complied_on__isnull=True)
                | models.Q(complied_on__gte=models.F("served_on")),
                name="register_entry_complied_after_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_name}, {self.served_on:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("register:entry", kwargs={"slug": self.slug})
