"""What is kept of a questionnaire: each answer with its files, each submission, each return."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inspections.models import Inspection
from inspections.questionnaires.ready import Edition, edition_of
from regulator import clock
from regulator.casework.models import Attachment
from regulator.casework.wording import as_text


def _both_or_neither(at: str, by: str) -> Q:
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(
        **{f"{at}__isnull": False, f"{by}__isnull": False}
    )


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def open(self) -> "QuestionnaireQuerySet":
        """Those that were neither accepted nor withdrawn."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def to_read(self) -> "QuestionnaireQuerySet":
        """Those that were submitted and wait for an inspector."""
        return self.open().filter(submitted_at__isnull=False)


class Questionnaire(models.Model):
    """One questionnaire that an employer was sent for an inspection, in the edition of that day.

    ``asked`` holds the keys of its questions: those whose regulation was in force when it was sent.
    ``version`` rises by one with every change of it or of its answers. ``said_no`` and ``said_partly`` count
    the answers of the last submission; ``returned_at`` is when it was last returned.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="questionnaires")
    key = models.CharField(max_length=50)
    edition = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, editable=False)
    asked = models.JSONField(default=list)
    sent_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_no = models.PositiveSmallIntegerField(default=0)
    said_partly = models.PositiveSmallIntegerField(default=0)
    returned_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[QuestionnaireQuerySet] = QuestionnaireQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["sent_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "key"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="questionnaires_one_open_of_a_key",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("sent_on")), name="questionnaires_due_after_it_was_sent"
            ),
            models.CheckConstraint(
                condition=_both_or_neither("submitted_at", "submitted_by"),
                name="questionnaires_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=_both_or_neither("accepted_at", "accepted_by"),
                name="questionnaires_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=_both_or_neither("withdrawn_at", "withdrawn_by"),
                name="questionnaires_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(submitted_at__isnull=False, accepted_at__gte=F("submitted_at")),
                name="questionnaires_accepted_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="questionnaires_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content.title}, edition {self.edition}"

    @property
    def content(self) -> Edition:
        """The wording in which it was sent."""
        return edition_of(self.key, self.edition)

    @property
    def title(self) -> str:
        return self.content.title

    @property
    def state(self) -> "Questionnaire.State":
        """Where it stands; whether the inspection is over is the case's to say."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.submitted_at is not None:
            return self.State.SUBMITTED
        return self.State.SENT if self.returned_at is None else self.State.RETURNED

    @property
    def is_in_hand(self) -> bool:
        """Whether the employer has it to answer."""
        return self.state in (self.State.SENT, self.State.RETURNED)


class AnsweredSection(models.Model):
    """A section that somebody saved: its version, which rises with every change of an answer in it."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="sections")
    section = models.CharField(max_length=50)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "section"], name="questionnaires_section_once")
        ]

    def __str__(self) -> str:
        return f"{self.section}, version {self.version}"


class Answer(models.Model):
    """The answer to one question as it stands: a draft until the questionnaire is submitted.

    Of ``choice``, ``number``, ``day`` and ``text`` at most the one is filled that the question asks for.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=50)
    choice = models.CharField(max_length=50, blank=True)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "question"], name="questionnaires_answer_once"),
            models.CheckConstraint(
                condition=Q(choice="", number__isnull=True, day__isnull=True)
                | Q(choice="", number__isnull=True, text="")
                | Q(choice="", day__isnull=True, text="")
                | Q(number__isnull=True, day__isnull=True, text=""),
                name="questionnaires_answer_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Evidence(models.Model):
    """A file of the case that goes with an answer. The file itself is the case's."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["answer", "attachment"], name="questionnaires_file_once")
        ]

    def __str__(self) -> str:
        return str(self.attachment_id)


class Submission(models.Model):
    """What the employer submitted. The answers lie whole with the case, under ``sha256`` (``KeptText``)."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="submissions")
    sha256 = models.CharField(max_length=64, editable=False)
    submitted_at = models.DateTimeField(default=clock.now, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["submitted_at", "pk"]

    def __str__(self) -> str:
        return f"Submission of {as_text(timezone.localdate(self.submitted_at))}"


class Return(models.Model):
    """That an inspector returned a submission: which questions are meant, and why."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="returns")
    questions = models.JSONField(default=list)
    reason = models.TextField()
    due_on = models.DateField()
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["returned_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="questionnaires_returned_for_a_reason")
        ]

    def __str__(self) -> str:
        return f"Return of {as_text(timezone.localdate(self.returned_at))}"
