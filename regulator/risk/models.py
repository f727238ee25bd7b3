"""Runs of the risk model and the scores that each stored. Runs are added, never altered once done."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from regulator import clock
from regulator.organisations.models import Employer, Modality

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RiskRunQuerySet(models.QuerySet["RiskRun"]):
    def done(self) -> "RiskRunQuerySet":
        return self.filter(state=RiskRun.State.DONE)

    def abandoned(self) -> "RiskRunQuerySet":
        """Runs whose worker died: still running, and the lease has run out."""
        return self.filter(state=RiskRun.State.RUNNING, lease_until__lt=clock.now())


class RiskRun(models.Model):
    """One run of the model over what was known on ``as_of``, for the window that ends that day.

    ``parameters_hash`` and ``snapshot_hash`` are SHA-256: the same two and the same ``model_version``
    give the same scores, byte for byte. ``diagnostics`` holds each peer group's rate and shape.
    ``attempt`` counts the tries of work that a dead worker left.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    as_of = models.DateField()
    window_start = models.DateField()
    window_end = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=1)
    lease_until = models.DateTimeField(null=True, blank=True)
    model_version = models.CharField(max_length=20)
    parameters_hash = models.CharField(max_length=64)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    diagnostics = models.JSONField(default=list)
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)

    objects: ClassVar[RiskRunQuerySet] = RiskRunQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        scores: RelatedManager["RiskScore"]

    class Meta:
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="risk_run_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(window_end__gte=models.F("window_start")),
                name="risk_run_window_runs_forwards",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(finished_at__isnull=False) & ~models.Q(snapshot_hash=""),
                name="risk_run_done_says_from_what",
            ),
        ]

    def __str__(self) -> str:
        return f"Run as of {self.as_of:%d %B %Y}, model {self.model_version}"

    @property
    def window_days(self) -> int:
        return (self.window_end - self.window_start).days + 1


class RiskScore(models.Model):
    """One employer in one modality in one run.

    ``expected`` is what the peers would report for the same activity; the ratios compare the reporting
    rate with theirs (1 = as theirs), with a 90% interval; ``p_below_half`` is the probability that the
    rate lies below half the peers' median. All five are empty where no activity is known: that says
    "cannot tell", never "no reason to look". ``covered_days`` is how many of the window's days have a
    return of the employer for the modality; ``observed`` counts on these days (on all where there are none).
    """

    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="scores")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="risk_scores")
    modality = models.CharField(max_length=30, choices=Modality)
    peer_group = models.CharField(max_length=80)
    has_activity = models.BooleanField()
    covered_days = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    expected = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    posterior_mean = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    p_below_half = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["run", models.F("p_below_half").desc(nulls_last=True), "employer", "modality"]
        indexes = [models.Index(fields=["run", "-p_below_half"], name="risk_score_order")]
        constraints = [
            models.UniqueConstraint(fields=["run", "employer", "modality"], name="risk_score_once"),
            models.CheckConstraint(
                condition=models.Q(
                    has_activity=True,
                    expected__isnull=False,
                    posterior_mean__isnull=False,
                    low__isnull=False,
                    high__isnull=False,
                    p_below_half__isnull=False,
                )
                | models.Q(
                    has_activity=False,
                    expected__isnull=True,
                    posterior_mean__isnull=True,
                    low__isnull=True,
                    high__isnull=True,
                    p_below_half__isnull=True,
                ),
                name="risk_score_only_where_activity_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id} {self.modality}: {self.observed} reported"
