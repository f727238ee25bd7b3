"""Reference data with dates: the criteria regimes with their codes, and the taxonomy of causes.

Loaded from the project's own files by ``services.load_reference``, whose edits are kept by simple-history;
those of an edition (``notifications.editions``) are written when it is approved, and never again.
"""

from django.db import models
from simple_history.models import HistoricalRecords

from regulator.editions.models import Edition
from regulator.organisations.models import Modality


class CriteriaRegime(models.Model):
    """The rules that applied from a date until the next regime begins. The date of the incident picks the
    regime, and the checker says which one that is (``notifications.codes``).

    ``effective_to`` is the last day as the project's own file says it; an edition does not touch it.
    """

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="regime"
    )
    key = models.SlugField(max_length=20, unique=True)
    label = models.CharField(max_length=100)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400, blank=True)
    verified = models.BooleanField(default=False)
    note = models.CharField(max_length=400, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_from__isnull=True)
                | models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="notifications_regime_runs_forwards",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Criterion(models.Model):
    """One notification code of a regime. ``conditions`` is what the checker reads: alternatives."""

    regime = models.ForeignKey(CriteriaRegime, on_delete=models.PROTECT, related_name="criteria")
    code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=120)
    criterion = models.TextField()
    modalities = models.JSONField()
    conditions = models.JSONField()
    confidence = models.CharField(max_length=120, blank=True)
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=400, blank=True)
    note = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["regime", "position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["regime", "code"], name="notifications_criterion_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.category}"


class ComplementaryCode(models.Model):
    """A code given beside a numbered one, never alone; several may be given."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=100)
    rule = models.TextField()
    letter = models.CharField(max_length=4)
    letter_verified = models.BooleanField(default=False)
    source = models.CharField(max_length=400, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class TaxonomyVersion(models.Model):
    """One edition of the taxonomy of causes. A new edition leaves earlier codings as they were."""

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="taxonomy"
    )
    key = models.SlugField(max_length=20, unique=True)
    label = models.CharField(max_length=100)
    effective_from = models.DateField()
    source = models.CharField(max_length=400, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-effective_from", "-pk"]

    def __str__(self) -> str:
        return self.label


class Cause(models.Model):
    """One leaf of the taxonomy.

    Tier 1 is the duty holder from whom the error arose, tier 2 the point in the pathway where it first
    occurred, tier 3 what went wrong (CQC IR(ME)R annual report 2023/24). The roll-ups join what is
    labelled in more than one way, so that figures add up across modalities.
    """

    version = models.ForeignKey(TaxonomyVersion, on_delete=models.PROTECT, related_name="causes")
    slug = models.SlugField(max_length=120)
    position = models.PositiveSmallIntegerField()
    modality = models.CharField(max_length=30, choices=Modality)
    tier1 = models.CharField(max_length=100)
    tier2 = models.CharField(max_length=100)
    tier3 = models.CharField(max_length=150)
    rollup_tier2 = models.CharField(max_length=100)
    rollup = models.CharField(max_length=150)
    history = HistoricalRecords()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "slug"], name="notifications_cause_slug_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["version", "modality", "tier1", "tier2", "tier3"],
                name="notifications_cause_place_once_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier1} > {self.tier2} > {self.tier3}"
