"""What is kept so that a case can be evidence: texts that a later one replaced, and the bundles that were
asked for. ``models`` takes the tables in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from regulator import clock

_USER = settings.AUTH_USER_MODEL


class KeptText(models.Model):
    """A text as it stood when an event recorded its digest, where its own row is overwritten later on.

    Once for each case and digest, never edited. Erasing the words is removing the row: the chain stays whole.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="kept_texts")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="casework_kept_text_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.sha256[:12]}"


class DisclosureBundle(models.Model):
    """That somebody asked for everything on a case in one file, and what became of it.

    The bundle is of the case just after the event ``up_to``, whenever it is made. ``version`` rises with
    every step; whoever makes it writes only under the version that they hold. The file is removed after some
    days, the row stays (``removed_at``). Why it was asked for is the text of ``event``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be made"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="bundles")
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    up_to = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="bundles/%Y/%m/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["waiting", "running"]), name="casework_bundle_due"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & Q(made_at__isnull=False)),
                name="casework_bundle_ready_is_whole",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="casework_bundle_progress_percent"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(file=""), name="casework_bundle_removed_has_no_file"
            ),
        ]

    def __str__(self) -> str:
        return f"Bundle of {self.case}"

    def stored_as(self, attempt: int) -> str:
        """Under which name the file of an attempt goes onto the storage, in words that nothing else has."""
        return f"bundles/{self.pk}-{attempt}.zip"

    @property
    def every_file(self) -> set[str]:
        """Every name under which a file of it may be on the storage, also that of a worker that died."""
        tried = {self.stored_as(attempt) for attempt in range(1, self.attempts + 1)}
        return tried | {self.file.name} if self.file.name else tried

    @property
    def is_there(self) -> bool:
        """Whether it can be downloaded."""
        return self.state == self.State.READY and self.removed_at is None

    @property
    def is_underway(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
