"""What action plans keep: each plan as it was submitted, the answer to each finding, and the actions.

A plan that came before there were any of these rows is the day alone (``Inspection.plan_received_on``).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from inspections.models import Finding, Inspection
from notifications.models.actions import PlannedAction
from regulator import clock
from regulator.casework.models import Attachment
from regulator.casework.returnable import Returnable, ReturnableQuerySet, constraints_of, person


class PlanQuerySet(ReturnableQuerySet["Plan"]):
    """Those of one case, or of several."""


class Plan(Returnable):
    """One plan of an inspection, from its first word to CQC's decision.

    ``about`` is what the employer says of the plan as a whole, ``content`` the answers and actions as they
    were submitted: what CQC decided on can be read whatever became of them. Both stay as they are from
    then on.
    """

    GATHERING = "Being written"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="plans")
    about = models.TextField(blank=True)
    content = models.JSONField(default=list, blank=True)

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number", "pk"]
        constraints = constraints_of("plans_plan", "inspection")

    def __str__(self) -> str:
        return f"Plan {self.number}"


class PlanRemark(models.Model):
    """What CQC says of the answer to one finding when it returns a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="remarks")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "finding"], name="plans_remark_once_a_finding"),
            models.CheckConstraint(condition=~Q(text=""), name="plans_remark_says_something"),
        ]

    def __str__(self) -> str:
        return f"On finding {self.finding_id}"


class PlanAnswer(models.Model):
    """What the employer says to one finding, as it stands; ``plan`` is the plan in which it last said so."""

    class Position(models.TextChoices):
        AGREED = "agreed", "Agreed"
        PARTLY = "partly", "Agreed in part"
        DISPUTED = "disputed", "Disputed"

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="plan_answer")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="answers")
    position = models.CharField(max_length=10, choices=Position)
    why = models.TextField(blank=True)
    answered_by = person(empty=False)
    answered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["finding"]
        constraints = [
            models.CheckConstraint(
                condition=Q(position="agreed") | (Q(position__in=["partly", "disputed"]) & ~Q(why="")),
                name="plans_answer_says_why_not",
            )
        ]

    def __str__(self) -> str:
        return self.get_position_display()


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    def standing(self) -> "PlanActionQuerySet":
        """Those that were not taken out again while the plan was written."""
        return self.filter(removed_at__isnull=True)

    def begun(self) -> "PlanActionQuerySet":
        """Those of a plan that CQC accepted."""
        return self.standing().filter(accepted_in__isnull=False)

    def open(self) -> "PlanActionQuerySet":
        """Begun, and still to be done."""
        return self.begun().filter(done_on__isnull=True, cancelled_at__isnull=True)

    def overdue(self) -> "PlanActionQuerySet":
        """Open, and their day has gone by."""
        return self.open().filter(planned_for__lt=clock.today())

    def to_look_at(self) -> "PlanActionQuerySet":
        """What the employer did or asks, and CQC has not said anything to: done, or to be cancelled."""
        done = Q(done_on__isnull=False, confirmed_at__isnull=True)
        asked = Q(cancel_asked_at__isnull=False, cancelled_at__isnull=True)
        return self.begun().filter(done | asked)


class PlanAction(PlannedAction):
    """One action in answer to a finding. From the plan's acceptance (``accepted_in``) its clock runs: the
    deadline of kind ``plan_action`` whose subject it is.

    It is done when its employer says so (``done_on``, ``done_what``), and over when CQC confirms that. It is
    cancelled only with CQC's agreement: ``cancelled_reason`` is the employer's, from the day on which it
    asked. ``cqc_says`` is CQC's last word where it refused something or reopened it. ``removed_at``: taken
    out while the plan was written; the row is never deleted.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="plan_actions")
    accepted_in = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    done_what = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = person()
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = person()
    cancelled_by = person()
    cqc_says = models.TextField(blank=True)
    cqc_said_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PlanActionQuerySet] = PlanActionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["planned_for", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_what="", confirmed_at__isnull=True)
                | (Q(done_on__isnull=False, cancelled_at__isnull=True) & ~Q(done_what="")),
                name="plans_action_done_says_what",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="plans_action_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(cancel_asked_at__isnull=True, cancel_asked_by__isnull=True, cancelled_reason="")
                | (Q(cancel_asked_at__isnull=False, cancel_asked_by__isnull=False) & ~Q(cancelled_reason="")),
                name="plans_action_cancel_asked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__gte=F("cancel_asked_at"), cancelled_by__isnull=False),
                name="plans_action_cancelled_once_asked",
            ),
            models.CheckConstraint(
                condition=Q(accepted_in__isnull=False)
                | Q(done_on__isnull=True, cancel_asked_at__isnull=True),
                name="plans_action_begun_with_the_plan",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(accepted_in__isnull=True),
                name="plans_action_removed_from_a_draft",
            ),
        ]

    @property
    def is_begun(self) -> bool:
        return self.accepted_in_id is not None

    @property
    def is_open(self) -> bool:
        return self.is_begun and super().is_open

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if not self.is_begun:
            return "Planned"
        if self.confirmed_at:
            return "Confirmed"
        if self.done_on:
            return "Done"
        if self.cancelled_at:
            return "Cancelled"
        return "Overdue" if self.is_overdue else "Open"


class PlanEvidence(models.Model):
    """A file that the employer gives as evidence of an action. The file itself is the case's."""

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = person(empty=False)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "plan evidence"
        constraints = [
            models.UniqueConstraint(fields=["action", "attachment"], name="plans_evidence_once_an_action")
        ]

    def __str__(self) -> str:
        return f"File {self.attachment_id} of action {self.action_id}"
