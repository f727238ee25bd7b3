"""Runs of the risk model, the scores that each stored, and what people decided otherwise.

Runs and scores are added, never altered: an employer that is scored again gets another revision.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.organisations.models import Employer, Modality
from regulator.periods import Period, reporting_year_of
from regulator.risk.why import peers_in_words
from regulator.risk.wording import per, units_of

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

_USER: Final = settings.AUTH_USER_MODEL


def _probability(**rest: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=7, decimal_places=6, **rest)


def _measure() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=16, decimal_places=6)


class RiskRunQuerySet(models.QuerySet["RiskRun"]):
    def done(self) -> "RiskRunQuerySet":
        return self.filter(state=RiskRun.State.DONE)

    def abandoned(self) -> "RiskRunQuerySet":
        """Runs whose worker died: still running, and the lease has run out."""
        return self.filter(state=RiskRun.State.RUNNING, lease_until__lt=clock.now())


class RiskRun(models.Model):
    """One run of the model over what was known on ``as_of``, for the window that ends that day.

    ``parameters_hash`` and ``snapshot_hash`` are SHA-256: the same two and the same ``model_version``
    give the same scores, byte for byte. ``diagnostics`` holds each peer group's rates and shape in words of
    fixed digits, ``frozen`` all that was fitted, exactly: with it one employer is scored again until the next
    run. ``followed_to`` is the event up to which that has been done. ``equipment`` holds the signals of makes
    and models. ``attempt`` counts the tries of work that a dead worker left.
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
    frozen = models.JSONField(default=dict)
    equipment = models.JSONField(default=list)
    followed_to = models.PositiveBigIntegerField(default=0)
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)

    objects: ClassVar[RiskRunQuerySet] = RiskRunQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        scores: RelatedManager["RiskScore"]
        funnels: RelatedManager["YearFunnel"]
        rates: RelatedManager["YearRate"]

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
    """One employer in one run: reasons to look, never a finding.

    ``p_under`` and ``p_poor`` are the probabilities of under-reporting and of poor practice, ``p_any`` their
    sum, ``p_low`` to ``p_high`` how far that moves under other assumptions, ``among_places`` in which share
    of these the employer is among the year's places. ``mean`` with ``low`` and ``high`` is the rate against
    the peers (1 = as theirs) with its 90% interval. ``has_activity`` is false where no series has any return:
    then the counts speak neither way. ``tie`` orders equals, the same every night. ``snapshot_hash`` is that
    of the employer's own input. ``revision`` counts from 0, the run's own; the newest is the current one."""

    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="scores")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="risk_scores")
    revision = models.PositiveSmallIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    model_version = models.CharField(max_length=20)
    parameters_hash = models.CharField(max_length=64)
    snapshot_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(default=clock.now, editable=False)
    p_under = _probability()
    p_poor = _probability()
    p_any = _probability()
    p_low = _probability()
    p_high = _probability()
    among_places = _probability()
    loss = _measure()
    has_activity = models.BooleanField("activity returned")
    observed = models.PositiveIntegerField()
    expected = _measure()
    mean = _measure()
    low = _measure()
    high = _measure()
    looks_now = models.BooleanField("brought forward by a rule", default=False)
    rules = models.JSONField(default=list)
    components = models.JSONField(default=list)
    why = models.JSONField(default=list)
    tie = models.CharField(max_length=16)

    if TYPE_CHECKING:
        series: RelatedManager["RiskSeries"]

    class Meta:
        ordering = ["run", "-looks_now", "-p_any", "tie"]
        indexes = [
            models.Index(fields=["run", "is_current", "-looks_now", "-p_any", "tie"], name="risk_score_order")
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "employer", "revision"], name="risk_score_revision_once"),
            models.UniqueConstraint(
                fields=["run", "employer"],
                condition=models.Q(is_current=True),
                name="risk_score_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(p_any__gte=0) & models.Q(p_any__lte=1), name="risk_score_is_a_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id}: {self.p_any:.2f}"


class RiskSeries(models.Model):
    """One employer in one modality, of one score, against its peer group.

    ``expected`` is what the peers would report for the same activity (where none was returned, for that of a
    typical peer: then it says nothing); the ratios compare the rate with theirs, with a 90% interval;
    ``p_below_half`` is the probability that it lies below half the peers' median, ``z_od`` its place in the
    funnel of ``funnel_low`` to ``funnel_high`` times the expectation, ``mid_p`` the lower tail of the count
    among peers; ``count_low`` to ``count_high`` are the 95% limits of the count by itself. ``covered_days``
    of the window have a return. ``surge`` marks a sudden rise, which is not scored.
    """

    score = models.ForeignKey(RiskScore, on_delete=models.CASCADE, related_name="series")
    modality = models.CharField(max_length=30, choices=Modality)
    peer_group = models.CharField(max_length=80)
    has_activity = models.BooleanField()
    covered_days = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    severe = models.PositiveIntegerField()
    expected = _measure()
    mean = _measure()
    low = _measure()
    high = _measure()
    p_below_half = _probability()
    z_od = models.DecimalField(max_digits=12, decimal_places=4)
    funnel_low = _measure()
    funnel_high = _measure()
    mid_p = _probability()
    count_low = _measure()
    count_high = _measure()
    surge = models.BooleanField(default=False)

    class Meta:
        ordering = ["score", "modality"]
        verbose_name_plural = "risk series"
        constraints = [
            models.UniqueConstraint(fields=["score", "modality"], name="risk_series_once"),
            models.CheckConstraint(
                condition=models.Q(severe__lte=models.F("observed")), name="risk_series_severe_of_observed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_modality_display()}: {self.observed} of {self.expected:.1f}"

    @property
    def peers(self) -> str:
        """The peer group in words."""
        return peers_in_words(*self.peer_group.split("/"))


class YearFunnel(models.Model):
    """The funnel of one modality in the reporting year that began on ``starts_on``: its over-dispersion, and
    the limits of observed over expected as rows of text, (expected, 95% low and high, 99.8% low and high).

    Figures, not scores: a later run takes the place of what an earlier one said.
    """

    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="funnels")
    starts_on = models.DateField()
    modality = models.CharField(max_length=30, choices=Modality)
    tau2 = _measure()
    curve = models.JSONField(default=list)

    class Meta:
        ordering = ["-starts_on", "modality"]
        constraints = [
            models.UniqueConstraint(fields=["run", "starts_on", "modality"], name="risk_funnel_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_modality_display()} {self.year.label}"

    @property
    def year(self) -> Period:
        return reporting_year_of(self.starts_on)


class YearRate(models.Model):
    """One employer in one modality in a reporting year, as ``regulator.risk.years.Rate`` says it.

    The funnel's limits are ratios to ``expected``; ``band_low`` to ``band_high`` is where ``band`` percent of
    the ``peers`` others lie, in incidents for so many units as ``wording.per`` says.
    """

    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="rates")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="year_rates")
    starts_on = models.DateField()
    modality = models.CharField(max_length=30, choices=Modality)
    peer_group = models.CharField(max_length=80)
    has_activity = models.BooleanField()
    completeness = models.CharField(max_length=20, blank=True)
    covered_days = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    activity = _measure()
    expected = _measure()
    count_low = _measure()
    count_high = _measure()
    mean = _measure()
    low = _measure()
    high = _measure()
    z_od = _measure()
    inner_low = _measure()
    inner_high = _measure()
    outer_low = _measure()
    outer_high = _measure()
    peers = models.PositiveIntegerField()
    band = models.PositiveSmallIntegerField()
    band_low = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    band_high = models.DecimalField(max_digits=16, decimal_places=6, null=True)

    class Meta:
        ordering = ["-starts_on", "modality"]
        indexes = [models.Index(fields=["run", "modality", "starts_on"], name="risk_rate_of_a_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "employer", "modality", "starts_on"], name="risk_rate_once"
            ),
            models.CheckConstraint(
                condition=models.Q(counted__lte=models.F("observed")), name="risk_rate_counted_of_observed"
            ),
            models.CheckConstraint(
                condition=models.Q(band=0, band_low__isnull=True, band_high__isnull=True)
                | models.Q(band__gt=0, band_low__isnull=False, band_high__isnull=False),
                name="risk_rate_band_withheld_or_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_modality_display()} {self.year.label}: {self.counted}"

    @property
    def year(self) -> Period:
        return reporting_year_of(self.starts_on)

    @property
    def peers_in_words(self) -> str:
        """The peer group: "NHS radiotherapy"."""
        return peers_in_words(*self.peer_group.split("/"))

    @property
    def units(self) -> str:
        """What its rates are counted against: "10,000 examinations"."""
        return units_of(self.modality)

    @property
    def rate(self) -> Decimal:
        """Incidents for so many units; 0 where the activity is not known."""
        return self._for_units(Decimal(self.counted))

    @property
    def rate_low(self) -> Decimal:
        return self._for_units(self.count_low)

    @property
    def rate_high(self) -> Decimal:
        return self._for_units(self.count_high)

    @property
    def peers_rate(self) -> Decimal:
        """What the peers report for the same activity."""
        return self._for_units(self.expected)

    @property
    def is_outside(self) -> bool:
        """Whether it lies beyond the 95% limits of the funnel, on either side."""
        return self.has_activity and not self.inner_low <= self.ratio <= self.inner_high

    @property
    def is_far_outside(self) -> bool:
        """Whether it lies beyond the 99.8% limits."""
        return self.has_activity and not self.outer_low <= self.ratio <= self.outer_high

    @property
    def ratio(self) -> Decimal:
        """Counted over expected; 1 where nothing was expected."""
        return self.counted / self.expected if self.expected else Decimal(1)

    def _for_units(self, count: Decimal) -> Decimal:
        return count * per(self.modality) / self.activity if self.activity else Decimal(0)


class RiskOverrideQuerySet(models.QuerySet["RiskOverride"]):
    def standing(self) -> "RiskOverrideQuerySet":
        """Confirmed, and not past its day."""
        return self.filter(state=RiskOverride.State.CONFIRMED, until__gte=clock.today())


class RiskOverride(models.Model):
    """That an employer is to be looked at sooner or later than its score says: proposed with a reason,
    confirmed by a second person, until a day. The score itself is never altered.

    ``score`` is the one that was read when it was proposed.
    """

    class Direction(models.TextChoices):
        SOONER = "sooner", "Look sooner"
        LATER = "later", "Look later"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for a second person"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="risk_overrides")
    score = models.ForeignKey(RiskScore, on_delete=models.PROTECT, related_name="overrides")
    direction = models.CharField(max_length=10, choices=Direction)
    until = models.DateField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[RiskOverrideQuerySet] = RiskOverrideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=models.Q(state="proposed"),
                name="risk_override_one_waiting",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "refused"])
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by")),
                name="risk_override_decided_by_another",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="risk_override_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}, until {self.until:%d %B %Y}"
