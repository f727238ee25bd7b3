"""Annual reports, the versions of their text, their frozen figures and cases, and the PDF of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from regulator import clock
from regulator.periods import Period, reporting_year_of

_USER = settings.AUTH_USER_MODEL


class ReportQuerySet(models.QuerySet["Report"]):
    def public(self) -> "ReportQuerySet":
        """Those that anybody may read: published, or published once and replaced since."""
        return self.filter(state__in=(Report.State.PUBLISHED, Report.State.SUPERSEDED))

    def open(self) -> "ReportQuerySet":
        """Those that are still worked on: at most one of a year."""
        return self.filter(state__in=(Report.State.DRAFTING, Report.State.SIGNED))


class Report(models.Model):
    """One edition of the report on a reporting year. The first is edition 1, each correction is one more.

    ``starts_on`` is 1 April. ``signed_freeze`` is the freeze that a second person signed; it is what is
    published. Whatever is written or frozen after that undoes the signature, until it is published: from then
    on the edition never changes, and a correction is an edition of its own. ``case_withdrawn_at`` is when a
    case that the signed freeze tells was last withdrawn from the library: the public is no longer shown it.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "Being written"
        SIGNED = "signed", "Signed"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Replaced"

    starts_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTING)
    why_corrected = models.TextField(blank=True, help_text="Shown to the public with the corrected report.")
    started_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now, editable=False)
    signed_freeze = models.OneToOneField(
        "reports.Freeze", on_delete=models.PROTECT, null=True, blank=True, related_name="signed_for"
    )
    signed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    case_withdrawn_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "annual report"
        ordering = ["-starts_on", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["starts_on", "edition"], name="reports_edition_once"),
            models.UniqueConstraint(
                fields=["starts_on"], condition=Q(state="published"), name="reports_one_published_a_year"
            ),
            models.UniqueConstraint(
                fields=["starts_on"], condition=Q(state__in=("drafting", "signed")), name="reports_one_open"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__month=4, starts_on__day=1), name="reports_starts_in_april"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="drafting",
                    signed_freeze__isnull=True,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                )
                | (
                    ~Q(state="drafting")
                    & Q(signed_freeze__isnull=False, signed_by__isnull=False, signed_at__isnull=False)
                ),
                name="reports_signed_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("drafting", "signed"), published_at__isnull=True, published_by__isnull=True
                )
                | Q(
                    state__in=("published", "superseded"),
                    published_at__isnull=False,
                    published_by__isnull=False,
                ),
                name="reports_published_when",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_at__isnull=False)
                | (~Q(state="superseded") & Q(superseded_at__isnull=True)),
                name="reports_superseded_when",
            ),
        ]

    def __str__(self) -> str:
        corrected = f", edition {self.edition}" if self.edition > 1 else ""
        return f"Annual report {self.label}{corrected}"

    @property
    def period(self) -> Period:
        return reporting_year_of(self.starts_on)

    @property
    def label(self) -> str:
        """The year as CQC writes it: "2023/24"."""
        return self.period.label

    @property
    def slug(self) -> str:
        """The year as a part of an address: "2023-24"."""
        return self.period.slug

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFTING, self.State.SIGNED)


class Block(models.Model):
    """One version of the text at one place of the outline. The newest stands; none is ever changed.

    ``text`` is paragraphs and bullet lists with placeholders for numbers (``reports.prose``).
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="blocks")
    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField(help_text="The version of this text, from 1.")
    text = models.TextField()
    written_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["place", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "place", "number"], name="reports_block_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.place}, version {self.number}"


class Freeze(models.Model):
    """Everything that a report said at one moment. Never changed.

    ``content`` is JSON (``reports.frozen``): what each figure counts, every table and number, and the text.
    ``as_of`` is the day on which the cases stood so. ``input_sha256`` is over all of it but the day;
    ``values_sha256`` over the tables and numbers as they are shown; ``release`` is a digest of the code that
    counted.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="freezes")
    number = models.PositiveIntegerField()
    frozen_at = models.DateTimeField(default=clock.now, editable=False)
    as_of = models.DateField()
    frozen_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    content = models.TextField(editable=False)
    input_sha256 = models.CharField(max_length=64, editable=False)
    values_sha256 = models.CharField(max_length=64, editable=False)
    release = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="reports_freeze_numbered_once")
        ]

    def __str__(self) -> str:
        return f"Freeze {self.number}"


class FrozenCase(models.Model):
    """A case of the library of learning that a freeze tells, by its number there; ``withdrawn_at`` is when it
    was withdrawn from the library. So whoever withdraws a case finds the reports that tell it."""

    freeze = models.ForeignKey(Freeze, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveBigIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["number"], name="reports_case_number")]
        constraints = [models.UniqueConstraint(fields=["freeze", "number"], name="reports_case_told_once")]

    def __str__(self) -> str:
        return f"Case {self.number}"


class Document(models.Model):
    """The PDF of a freeze: how far a worker is with it, and the bytes once it is ready.

    ``lease_until`` is by when its worker is taken for dead. ``version`` says whose it is: a worker writes
    only under the version that it holds.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    freeze = models.OneToOneField(Freeze, on_delete=models.PROTECT, related_name="document")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="In bytes.")
    made_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["state"], name="reports_document_state")]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="reports_document_percent"),
            models.CheckConstraint(
                condition=Q(state="ready", pdf__isnull=False, sha256__gt="", made_at__isnull=False)
                | (~Q(state="ready") & Q(pdf__isnull=True)),
                name="reports_document_ready_when_made",
            ),
            models.CheckConstraint(
                condition=(Q(state="running") & Q(lease_until__isnull=False))
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="reports_document_runs_under_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"PDF of freeze {self.freeze_id}"
