"""Legal holds, and the lists of cases whose texts and files two people let be removed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regulator import clock

_USER = settings.AUTH_USER_MODEL


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> "LegalHoldQuerySet":
        """Those that nobody released."""
        return self.filter(released_at__isnull=True)

    def covering(self, case_id: int) -> "LegalHoldQuerySet":
        """Those of the case and those of its employer, released ones too."""
        return self.filter(Q(case=case_id) | Q(employer__cases=case_id))


class LegalHold(models.Model):
    """That nothing of a case, or of any case of an employer, is removed for now. Released, never deleted.

    A hold on an employer covers its later cases too. Why it was placed is the text of ``event``, why it was
    released that of ``release_event``.
    """

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds"
    )
    employer = models.ForeignKey(
        "organisations.Employer", on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds"
    )
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=clock.now, editable=False)
    release_event = models.OneToOneField(
        "casework.Event", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "legal hold"
        ordering = ["-placed_at", "-pk"]
        indexes = [
            models.Index(
                fields=["employer"], condition=Q(released_at__isnull=True), name="retention_hold_standing"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, employer__isnull=True)
                | Q(case__isnull=True, employer__isnull=False),
                name="retention_hold_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_event__isnull=True)
                | Q(released_at__gte=F("placed_at"), released_by__isnull=False, release_event__isnull=False),
                name="retention_hold_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("placed_by")),
                name="retention_hold_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Legal hold {self.pk}"

    @property
    def stands(self) -> bool:
        """Whether it still keeps everything."""
        return self.released_at is None


class RetentionBatch(models.Model):
    """A fixed list of cases that were due on ``as_of`` under one policy, put together by one person.

    Two others approve it, and only then anything is removed. ``digest`` is the SHA-256 of the list and of
    what it rests on (``retention.listing``); ``years``, ``groups`` and ``edition_id`` are the policy's as it
    was listed under.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for two people"
        APPROVED = "approved", "Being carried out"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    policy = models.CharField(max_length=20)
    as_of = models.DateField("due on")
    years = models.PositiveSmallIntegerField()
    groups = models.JSONField()
    edition_id = models.PositiveBigIntegerField(null=True, blank=True)
    cases = models.PositiveIntegerField("cases")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    first_by = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="approved by"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="and by"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        _USER,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who refused or withdrew it.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "retention batch"
        verbose_name_plural = "retention batches"
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="retention_batch_state")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(first_by__isnull=True) | ~Q(first_by=F("proposed_by")))
                & (Q(second_by__isnull=True) | ~Q(second_by=F("proposed_by"))),
                name="retention_batch_approved_by_others",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
                name="retention_batch_approved_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("approved", "done"), second_by__isnull=False)
                | Q(state__in=("proposed", "refused", "withdrawn"), second_by__isnull=True),
                name="retention_batch_carried_out_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(first_by__isnull=True, first_at__isnull=True)
                | Q(first_by__isnull=False, first_at__isnull=False),
                name="retention_batch_first_when",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True, second_at__isnull=True)
                | Q(second_by__isnull=False, second_at__isnull=False),
                name="retention_batch_second_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "approved"), ended_at__isnull=True)
                | Q(state__in=("done", "refused", "withdrawn"), ended_at__isnull=False),
                name="retention_batch_ended_when",
            ),
            models.CheckConstraint(condition=Q(cases__gt=0), name="retention_batch_lists_something"),
        ]

    def __str__(self) -> str:
        return f"Retention batch {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state == self.State.PROPOSED


class RetentionItem(models.Model):
    """One case of a batch, at the version at which it was listed, and what became of it.

    ``why`` names the reason for which it was passed over (``retention.hindrances``).
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        REDACTED = "redacted", "Removed"
        PASSED_OVER = "passed_over", "Passed over"
        DROPPED = "dropped", "Not done: the batch was refused or withdrawn"

    batch = models.ForeignKey(RetentionBatch, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="retention_items")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    why = models.CharField(max_length=12, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="retention_item_listed_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome="waiting"), name="retention_item_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", settled_at__isnull=True)
                | (~Q(outcome="waiting") & Q(settled_at__isnull=False)),
                name="retention_item_settled_when",
            ),
            models.CheckConstraint(
                condition=Q(outcome="passed_over", why__gt="") | (~Q(outcome="passed_over") & Q(why="")),
                name="retention_item_passed_over_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} in {self.batch}"
