"""What is kept of an employer's answer to a notice: sets of evidence, appeals of which it told CQC, and
referrals to prosecution where it did not comply.

Requests for more time are the platform's (``deadlines.ExtensionRequest``).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from enforcement.models import Appeal, Notice
from regulator import clock
from regulator.casework.models import Attachment, Referral
from regulator.casework.returnable import Returnable, ReturnableQuerySet, constraints_of, person
from regulator.legislation.models import Provision


class EvidenceSetQuerySet(ReturnableQuerySet["EvidenceSet"]):
    """Those of one case, or of several."""


class EvidenceSet(Returnable):
    """Evidence of compliance with a notice, from its first word to CQC's decision."""

    GATHERING = "Being gathered"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="evidence_sets")
    about = models.TextField(blank=True, help_text="What the employer says of it as a whole.")

    objects: ClassVar[EvidenceSetQuerySet] = EvidenceSetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number", "pk"]
        constraints = constraints_of("compliance_set", "notice")

    def __str__(self) -> str:
        return f"Evidence {self.number}"


class EvidenceItem(models.Model):
    """What a set says to one provision that the notice names, or to what it requires as a whole where it
    names none (``provision`` empty). ``remark`` is what CQC says to it where it returns the set."""

    evidence = models.ForeignKey(EvidenceSet, on_delete=models.PROTECT, related_name="items")
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    remark = models.TextField(blank=True)
    written_by = person(empty=False)
    written_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "provision"],
                name="compliance_item_once_a_provision",
            ),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(provision__isnull=True),
                name="compliance_item_one_for_the_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="compliance_item_says_something"),
        ]

    def __str__(self) -> str:
        return f"On provision {self.provision_id or 'none'}"


class EvidenceFile(models.Model):
    """A file that shows what an item says. The file itself is the case's."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "attachment"], name="compliance_file_once_an_item")
        ]

    def __str__(self) -> str:
        return f"File {self.attachment_id} of item {self.item_id}"


class AppealClaim(models.Model):
    """That the employer told CQC of an appeal, and what CQC made of it. One waits at a time.

    It suspends nothing; until CQC confirmed or declined it, nothing of the notice is published.
    """

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        DECLINED = "declined", "Declined"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="appeal_claims")
    lodged_on = models.DateField()
    late_with_leave = models.BooleanField(default=False)
    case_number = models.CharField("tribunal's case number", max_length=40, blank=True)
    office_copy = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    told_by = person(empty=False)
    told_at = models.DateTimeField(default=clock.now, editable=False)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = person()
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was declined.")
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["told_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(decision=""), name="compliance_claim_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="compliance_claim_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decision="declined") | ~Q(reason=""),
                name="compliance_claim_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision="confirmed", appeal__isnull=False)
                | (~Q(decision="confirmed") & Q(appeal__isnull=True)),
                name="compliance_claim_confirmed_is_an_appeal",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal of {self.lodged_on:%d %B %Y}, as the employer told"

    @property
    def is_open(self) -> bool:
        return not self.decision

    @property
    def standing(self) -> str:
        return self.get_decision_display() if self.decision else "Waits for CQC"


class Prosecution(models.Model):
    """That a notice which was not complied with was referred to prosecution, and what came of it.

    ``referral`` is the packet that went to another body, where one did. One is undecided at a time.
    """

    class Outcome(models.TextChoices):
        PROSECUTED = "prosecuted", "Prosecuted"
        NOT_PROSECUTED = "not_prosecuted", "Not prosecuted"
        COMPLIED_LATE = "complied_late", "Not prosecuted: complied with late"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="prosecutions")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    referred_by = person(empty=False)
    referred_at = models.DateTimeField(default=clock.now, editable=False)
    reason = models.TextField()
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = person()
    why = models.TextField(blank=True, help_text="Why it was decided so.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(outcome=""), name="compliance_prosecution_one_undecided"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="compliance_prosecution_for_a_reason"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True, decided_by__isnull=True, why="")
                | (~Q(outcome="") & ~Q(why="") & Q(decided_on__isnull=False, decided_by__isnull=False)),
                name="compliance_prosecution_decided_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.standing

    @property
    def standing(self) -> str:
        return self.get_outcome_display() if self.outcome else "Referred, not decided yet"
