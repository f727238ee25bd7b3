"""Proposals: what an entry of the register would say, from the day on which that was drawn; and claims that
an entry would tell a trade secret."""

from datetime import date
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from enforcement.models import Notice
from regulator import clock
from regulator.casework.models import Attachment

_USER: Final = settings.AUTH_USER_MODEL


def _person() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """Those that wait for a second person, or were approved and wait for their day."""
        return self.filter(state__in=Proposal.OPEN)

    def waiting(self) -> "ProposalQuerySet":
        """Those that wait for a second person."""
        return self.filter(state=Proposal.State.WAITING)

    def embargoed(self) -> "ProposalQuerySet":
        """Those that were approved and wait for their day."""
        return self.filter(state=Proposal.State.APPROVED)

    def binding(self) -> "ProposalQuerySet":
        """Those whose overrides hold: not replaced, and given back only where that kept what stood."""
        ended = Q(state=Proposal.State.SUPERSEDED) | (Q(state=Proposal.State.RETURNED) & ~Proposal.OF_FACTS)
        return self.exclude(ended)

    def settled(self) -> "ProposalQuerySet":
        """Those whose overrides a second person let stand: on the register, or given back to keep it."""
        kept = Q(state=Proposal.State.RETURNED) & Proposal.OF_FACTS
        return self.filter(Q(state=Proposal.State.RELEASED) | kept)


class Proposal(models.Model):
    """What the entry at ``slug`` would say: ``content`` holds the whitelisted fields of a snapshot as JSON,
    with its digest; the PDF set from them is its ``Paper``. Numbered by entry, and one of them open at a
    time.

    ``notice`` is none for an entry that CQC published before the portal. ``overrides`` is what a person made
    the entry say in place of what the notice gives, and whose words those are while nobody let them stand (of
    an entry without a notice: what stood). Of the people the database keeps whoever drafted the notice
    (``drafted_by``), whose deed gave rise to it (``proposed_by``, none where no person's did) and whoever
    edited it apart from whoever approves it.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New entry"
        CHANGE = "change", "Change of the entry"
        REMOVE = "remove", "Removal of the entry"

    class Cause(models.TextChoices):
        WINDOW = "window", "The time for appeal is over"
        DISPOSED = "disposed", "An appeal was decided"
        COMPLIED = "complied", "Complied with"
        FAILED = "failed", "Not complied with in time"
        EXTENDED = "extended", "The date for compliance changed"
        MODIFIED = "modified", "The notice was changed"
        SECRET = "secret", "A claim that it tells a trade secret"
        FACTS = "facts", "A fact that it rests on changed"
        PREPARED = "prepared", "Prepared by a person"
        CORRECTION = "correction", "A fact on the entry was wrong"
        REMOVAL = "removal", "The entry should not stand"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        APPROVED = "approved", "Approved, under embargo"
        RELEASED = "released", "On the register"
        RETURNED = "returned", "Given back"
        SUPERSEDED = "superseded", "Replaced by a newer one"
        LAPSED = "lapsed", "Fell away"

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.APPROVED)
    OF_FACTS: ClassVar[Q] = Q(kind=Kind.CHANGE, cause=Cause.FACTS)

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    slug = models.SlugField(max_length=200)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    cause = models.CharField(max_length=12, choices=Cause)
    why = models.TextField(blank=True, help_text="In the words of whoever prepared or corrected it.")
    content = models.JSONField(default=dict)
    overrides = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    drafted_by = _person()
    proposed_by = _person()
    edited_by = _person()
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    embargo_until = models.DateTimeField(null=True, blank=True)
    embargo_why = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    approved_by = _person()
    approved_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The version of the entry that the public sees since its release."
    )
    returned_by = _person()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was replaced or fell away.")

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["slug", "number"]
        verbose_name = "proposed entry"
        verbose_name_plural = "proposed entries"
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="gate_proposal_numbered_once"),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(state__in=["waiting", "approved"]),
                name="gate_proposal_one_open",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    (Q(drafted_by__isnull=True) | ~Q(approved_by=F("drafted_by")))
                    & (Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by")))
                    & (Q(edited_by__isnull=True) | ~Q(approved_by=F("edited_by")))
                ),
                name="gate_proposal_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__gte=F("proposed_at")),
                name="gate_proposal_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "released"]) | Q(approved_by__isnull=False),
                name="gate_proposal_public_only_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__gte=F("approved_at"), version__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True, version__isnull=True)),
                name="gate_proposal_released_once",
            ),
            models.CheckConstraint(
                condition=(Q(state="returned", returned_by__isnull=False) & ~Q(returned_why=""))
                | (~Q(state="returned") & Q(returned_by__isnull=True, returned_why="")),
                name="gate_proposal_returned_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(proposed_by__isnull=False),
                name="gate_proposal_without_notice_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}: {self.slug}"

    @property
    def is_waiting(self) -> bool:
        return self.state == Proposal.State.WAITING

    @property
    def is_open(self) -> bool:
        return self.state in Proposal.OPEN

    @property
    def is_of_facts(self) -> bool:
        """Whether nothing was done on the notice, and only the record of its organisation changed: to give it
        back is to keep what stands (``OF_FACTS`` as a condition)."""
        return self.kind == Proposal.Kind.CHANGE and self.cause == Proposal.Cause.FACTS

    @property
    def is_under_embargo(self) -> bool:
        """Whether its day has not come yet."""
        return self.embargo_until is not None and self.embargo_until > clock.now()


class Paper(models.Model):
    """The PDF of a proposal, whose digest the proposal holds: what the public can take away once it is
    approved."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="paper")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.proposal}: {self.proposal.document_sha256}"


class Claim(models.Model):
    """The recipient's claim that an entry would tell a trade secret (ESIA 1988 s4). One to a notice.

    ``safe_description`` is what CQC would have the entry say instead, served on ``entry_served_on``; the
    recipient may appeal against it to the Secretary of State. Until it is decided, only the short entry may
    be shown. Where a tribunal changed what the notice asks for after that was served, the claim is open again
    since ``reopened_at``, as if nothing had been drafted yet; what was is in the past of its case.
    """

    class Outcome(models.TextChoices):
        FULL = "full", "The entry that CQC drafted"
        SHORT = "short", "The short entry stays"

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="trade_secret")
    claimed_on = models.DateField()
    text = models.TextField()
    file = models.ForeignKey(Attachment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    safe_description = models.TextField(blank=True)
    entry_served_on = models.DateField(null=True, blank=True)
    entry_served_by = _person()
    appealed_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = _person()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = "trade secret claim"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, outcome="")
                | (Q(decided_on__isnull=False, entry_served_on__isnull=False) & ~Q(outcome="")),
                name="gate_claim_decided_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(entry_served_on__isnull=True) & Q(appealed_on__isnull=True))
                | (Q(entry_served_on__gte=F("claimed_on")) & ~Q(safe_description="")),
                name="gate_claim_entry_served_after_it",
            ),
            models.CheckConstraint(
                condition=Q(appealed_on__isnull=True) | Q(appealed_on__gte=F("entry_served_on")),
                name="gate_claim_appealed_after_service",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim of {self.claimed_on:%d %B %Y}"

    @property
    def is_open(self) -> bool:
        return self.decided_on is None

    @property
    def reopened_on(self) -> date | None:
        """The day in London on which it was opened again."""
        return timezone.localdate(self.reopened_at) if self.reopened_at is not None else None
