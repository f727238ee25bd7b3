"""What is kept of a day on site: checklists opened, every answer ever given, notes, and which finding came
from which answer. None of these rows is ever edited."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q

from inspections.checklists.ready import Ready, ready
from inspections.models import Finding, Inspection, Visit
from regulator import clock

_USER: Final = settings.AUTH_USER_MODEL
LONGEST_NOTE: Final = 10_000


class Checklist(models.Model):
    """One ready list opened on an inspection, in the version that was current then.

    ``visit`` is the one that it is filled in on; none where it was opened beforehand or is of the whole
    inspection. ``sha256`` is that of the list's file, so that what the answers answer can be proved.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="checklists")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    opened_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "ready checklists"
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "visit", "key"], name="checklists_once_a_visit"),
            models.UniqueConstraint(
                fields=["inspection", "key"],
                condition=Q(visit__isnull=True),
                name="checklists_once_without_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return self.ready.title

    @property
    def ready(self) -> Ready:
        """The list as it read when this was opened."""
        return ready(self.key, self.version)


class Verdict(models.TextChoices):
    """What was found of one item. The employer never reads it; a finding says what it is told."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"
    NOT_SEEN = "not_seen", "Not seen"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


class ChecklistAnswerQuerySet(models.QuerySet["ChecklistAnswer"]):
    def holding(self) -> "ChecklistAnswerQuerySet":
        """The answer of each item that holds: the newest that was given in sight of the one before."""
        given = ChecklistAnswer.objects.filter(out_of_sight=False).order_by()
        newest = given.values("checklist", "item").annotate(newest=Max("pk"))
        return self.filter(pk__in=newest.values("newest"))


class ChecklistAnswer(models.Model):
    """One answer to one item, as it was given. A later answer never replaces the row of an earlier one.

    ``client_id`` is made where it is typed, so that sending it twice keeps it once. ``seen`` is the
    ``client_id`` of the answer that stood on the writer's screen. ``out_of_sight``: another one stood by
    then, so this one is kept and shown, and does not hold. ``typed_at`` is the device's clock: shown, never
    reckoned with.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=40)
    verdict = models.CharField(max_length=20, choices=Verdict)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=clock.now, editable=False)
    typed_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()
    seen = models.UUIDField(null=True, blank=True)
    out_of_sight = models.BooleanField(default=False)

    objects: ClassVar[ChecklistAnswerQuerySet] = ChecklistAnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "client_id"], name="checklists_answer_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="checklists_answer_verdict"),
        ]
        indexes = [models.Index(fields=["checklist", "item"], name="checklists_answer_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_verdict_display()}"


class InspectionNote(models.Model):
    """What somebody said, or what was seen. Corrected by a new note that ``replaces`` it; the old one stays.

    ``role`` is that of the person interviewed: chosen from a list, so that it can be no name.
    """

    class Kind(models.TextChoices):
        INTERVIEW = "interview", "Interview"
        OBSERVATION = "observation", "Observation"

    class Spoken(models.TextChoices):
        EMPLOYER = "employer", "Employer or their representative"
        MANAGER = "manager", "Manager of the service"
        REFERRER = "referrer", "Referrer"
        PRACTITIONER = "practitioner", "Practitioner"
        OPERATOR = "operator", "Operator"
        MPE = "mpe", "Medical physics expert"
        TRAINEE = "trainee", "Trainee"
        ADMINISTRATIVE = "administrative", "Administrative staff"
        OTHER = "other", "Another role"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="notes")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    role = models.CharField(max_length=20, choices=Spoken, blank=True)
    text = models.TextField()
    written_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now, editable=False)
    typed_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField()
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "client_id"], name="checklists_note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="checklists_note_says_something"),
            models.CheckConstraint(
                condition=(Q(kind="interview") & ~Q(role="")) | Q(kind="observation", role=""),
                name="checklists_note_role_of_an_interview",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="checklists_note_not_itself"
            ),
        ]

    def __str__(self) -> str:
        said = f" with {self.get_role_display().lower()}" if self.role else ""
        return f"{self.get_kind_display()}{said}"


class ItemFinding(models.Model):
    """That a finding was recorded from an answer."""

    answer = models.ForeignKey(ChecklistAnswer, on_delete=models.PROTECT, related_name="findings")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="from_item")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Finding {self.finding_id} from answer {self.answer_id}"
