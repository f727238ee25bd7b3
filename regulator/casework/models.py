"""Case, and the tables that hang on one. Each kind of case *has* one; nothing inherits from it.

The database itself enforces what it can: references once, versions forwards, and (by triggers,
``casework.triggers``) that an event once written is never altered or removed.
"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from regulator import clock
from regulator.accounts.models import User
from regulator.casework import queue_order
from regulator.casework.confirmation import IdentifierConfirmation as IdentifierConfirmation
from regulator.casework.disclosure import DisclosureBundle as DisclosureBundle
from regulator.casework.disclosure import KeptText as KeptText
from regulator.casework.kinds import KINDS
from regulator.casework.referrals import Referral as Referral
from regulator.casework.referrals import ReferralReply as ReferralReply
from regulator.casework.related import CaseLink as CaseLink
from regulator.casework.restriction import Access as Access
from regulator.casework.restriction import RestrictedView as RestrictedView
from regulator.casework.restriction import Restriction as Restriction
from regulator.casework.restriction import WeekReview as WeekReview
from regulator.casework.restriction import open_to
from regulator.casework.saved import SavedView as SavedView
from regulator.casework.search.tables import CaseText as CaseText
from regulator.casework.search.tables import SearchMark as SearchMark
from regulator.casework.wording import as_text
from regulator.organisations.models import Employer, Membership, Modality, Site
from regulator.organisations.policies import Somebody, employer_roles, may

if TYPE_CHECKING:
    from regulator.casework.kinds import CaseKind


class CaseQuerySet(models.QuerySet["Case"]):
    def for_user(self, user: Somebody) -> "CaseQuerySet":
        """The cases that ``user`` may read. Nobody else's drafts; an employer's people only theirs; a
        restricted case only those of CQC's staff who may open it."""
        if isinstance(user, User) and may(user, "casework.read"):
            hidden = models.Q()
            for kind in KINDS.values():
                hidden |= models.Q(kind=kind.name, status__in=kind.hidden_from_staff)
            return self.exclude(hidden).filter(open_to(user))
        seen = models.Q(pk__in=[])
        for employer_id in employer_roles(user):
            for kind in KINDS.values():
                if may(user, kind.follow, employer=employer_id):
                    seen |= models.Q(employer_id=employer_id, kind=kind.name) & ~models.Q(
                        status__in=kind.hidden_from_employer
                    )
        return self.filter(seen)

    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at__isnull=True)


class Case(models.Model):
    """One matter: one reference, one kind, one status, one employer, at most one assignee.

    ``version`` rises by one with every change; whoever writes says which version they read.
    ``is_restricted`` says that a ``Restriction`` stands, and is kept by the services that write those.
    ``next_due_on`` is the earliest of the case's open deadlines, kept by ``regulator.deadlines`` in the
    same transaction, so that the work queue can be sorted by it at any size.
    ``redacted_at`` says that what was written, sent and filed on it is gone, and since when (``redaction``);
    nothing is written to such a case any more.
    """

    class Origin(models.TextChoices):
        LIVE = "live", "Received by the portal"
        PUBLISHED_YEAR = "published_year", "Reconstructed from a published year; the employer is invented"
        DEMONSTRATION = "demonstration", "Demonstration; the employer is invented"

    class Risk(models.IntegerChoices):
        NOT_ASSESSED = 0, "Not assessed"
        LOW = 1, "Low"
        MEDIUM = 2, "Medium"
        HIGH = 3, "High"

    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=24, unique=True, null=True, blank=True)
    status = models.CharField(max_length=40)
    summary = models.CharField(max_length=200, blank=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="cases")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    modality = models.CharField(max_length=30, choices=Modality, blank=True)
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.NOT_ASSESSED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
    )
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.LIVE)
    source_key = models.CharField(
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        help_text="Which record of a loaded year this is, so that loading it again adds nothing.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    is_restricted = models.BooleanField(default=False, editable=False)
    redacted_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    urgency = queue_order.urgency_column()
    due_order = queue_order.due_column()
    age_order = queue_order.age_column()

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "status"], name="casework_case_kind_status"),
            models.Index(fields=["employer", "kind"], name="casework_case_employer_kind"),
            models.Index(fields=["next_due_on"], name="casework_case_next_due"),
            models.Index(fields=["opened_at"], name="casework_case_opened"),
            # Only what is closed: the queue of what is open must not be tempted to use it.
            models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="casework_case_closed",
            ),
            *queue_order.INDEXES,
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(opened_at__isnull=False)
                | models.Q(reference__isnull=True),
                name="casework_case_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"Draft {self.pk}"

    @property
    def spec(self) -> "CaseKind":
        return KINDS.get(self.kind)

    @property
    def kind_label(self) -> str:
        return self.spec.label

    @property
    def status_label(self) -> str:
        return self.spec.lifecycle.label(self.status)

    @property
    def is_over(self) -> bool:
        return self.spec.lifecycle.is_over(self.status)

    @property
    def why_empty(self) -> str:
        """For people: that the case was redacted, and on which day; ``""`` where it was not."""
        if self.redacted_at is None:
            return ""
        day = as_text(timezone.localdate(self.redacted_at))
        return f"What was written about this case was removed on {day} under the retention policy."


class ReferenceCounter(models.Model):
    """The last number given out for a prefix in a year. Locked while the next is taken."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="casework_reference_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}: {self.last}"


class ChainHead(models.Model):
    """The end of the event chain: one row, locked by whoever writes. See docs/decisions/0002.

    ``newest_edition`` is the hash of the event by which an edition of reference data was last approved: every
    writer reads this row, and so knows whether what it remembers of the reference data still holds. While
    it is held, ``is_news`` says whether something happened that staff may see; that is not stored.
    """

    is_news = False

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    newest_edition = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.sequence}: {self.hash[:12]}"


class Event(models.Model):
    """One thing that happened, chained to the one before by its hash. Only ever appended.

    ``occurred_at`` is when it was done, ``recorded_at`` when this row was written: they differ where a
    published year is replayed. ``payload`` holds values, references and digests, never personal text,
    so that redaction elsewhere leaves the chain whole.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="events")
    type = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    scheduled_by = models.CharField(max_length=80, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["case", "sequence"], name="casework_event_case")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"


class EventText(models.Model):
    """What a person typed for an event: a reason. Beside the chain, which keeps only its digest.

    Erasing the words, should they name somebody, is removing this row: the chain stays whole.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="typed")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Note(models.Model):
    """What a member of staff wrote on a case. Seen by staff only; never edited."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"Note of {as_text(timezone.localdate(self.written_at))}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of_the_employer(self) -> "AttachmentQuerySet":
        """The files that the case's employer's own people put on it, not those of CQC's staff."""
        theirs = Membership.objects.filter(
            user=models.OuterRef("uploaded_by"), employer=models.OuterRef("case__employer")
        )
        return self.filter(models.Exists(theirs), uploaded_by__role="")


class Attachment(models.Model):
    """A file on a case. Served only once it was found clean, and only to those who may see the case.

    ``checked_by`` says what the verdict rests on; ``scan_tried_at`` when a verdict was last sought.
    """

    class Scan(models.TextChoices):
        PENDING = "pending", "Waiting to be scanned"
        CLEAN = "clean", "Clean"
        INFECTED = "infected", "Infected"

    class CheckedBy(models.TextChoices):
        CLAMAV = "clamav", "scanned for viruses"
        CONTENT = "content", "checked by content only; no virus scanner is configured"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.PENDING)
    checked_by = models.CharField(max_length=10, choices=CheckedBy, blank=True)
    scan_tried_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def scan_label(self) -> str:
        """Where the check of the file stands, and what it rests on: "Clean, scanned for viruses"."""
        return ", ".join(filter(None, (self.get_scan_display(), self.get_checked_by_display())))


class InformationRequest(models.Model):
    """A question that CQC put to the employer on a case, and the answer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="information_requests")
    question = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="casework_request_answered_with_an_answer",
            )
        ]

    def __str__(self) -> str:
        return f"Request of {as_text(timezone.localdate(self.asked_at))}"
