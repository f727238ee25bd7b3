"""Which snapshots of the register there are, and their files."""

from datetime import date, datetime

from django.db import models
from django.utils import timezone

from regulator import clock


class Snapshot(models.Model):
    """The register as it stood after its change ``revision``. One that did not change since gets none."""

    revision = models.PositiveBigIntegerField(unique=True)
    former_revision = models.PositiveBigIntegerField(
        default=0, help_text="Of the snapshot before; its changes since then are this one's change log."
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-revision"]

    def __str__(self) -> str:
        return f"Revision {self.revision}"


class SnapshotFile(models.Model):
    """One file of a snapshot: gzip, of the same bytes whenever it is made from the same register.

    ``cleaned_through`` is the number of the last change of the register whose removals it follows: of what
    was removed up to there, nothing is in it. ``replaced`` lists the digests of its former contents, each
    with when it was replaced.
    """

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        JSONL = "jsonl", "JSON Lines"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="files")
    form = models.CharField(max_length=5, choices=Form)
    file = models.CharField(max_length=200, unique=True, help_text="Its name on the storage.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    rows = models.PositiveIntegerField()
    cleaned_through = models.PositiveBigIntegerField()
    replaced = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["form"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "form"], name="register_snapshots_one_of_a_form")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.form}"

    @property
    def public_name(self) -> str:
        """As it is called for whoever takes it away."""
        return f"enforcement-register-r{self.snapshot.revision}.{self.form}.gz"

    @property
    def replacements(self) -> list[tuple[date, str]]:
        """Its former digests, each with the day in London on which it was replaced (no query)."""
        moments = [(datetime.fromisoformat(each["replaced_at"]), each["sha256"]) for each in self.replaced]
        return [(timezone.localdate(moment), digest) for moment, digest in moments]
