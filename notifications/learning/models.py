"""Learning cases as staff write them, and apart from them the public library's own tables.

The public tables hold nothing that is not public, and refer to no other table but each other.
"""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from notifications.learning.equipment import LABELS as EQUIPMENT
from notifications.learning.lifecycle import DISCARDED, DRAFT, OPEN, PROPOSED, PUBLISHED, REPLACED, WITHDRAWN
from notifications.models import Cause, Notification, SubModality
from regulator import clock
from regulator.organisations.models import Modality

LONGEST_TITLE: Final = 150
LONGEST: Final = 10_000
TEXTS: Final = ("title", "system", "what_happened", "actions", "learning")
"""What the public reads, in the order of the page: what in the system let it happen comes before what
happened, and both before anything that anybody did."""
_USER: Final = settings.AUTH_USER_MODEL


def _person() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")


def cause_told(cause: Cause | None, tiers: int) -> tuple[str, str, str]:
    """The first ``tiers`` of a cause, as their roll-ups; ``""`` for one that is not told."""
    told = (cause.tier1, cause.rollup_tier2, cause.rollup)[:tiers] if cause is not None else ()
    first, second, third = (*told, "", "", "")[:3]
    return (first, second, third)


class LearningCaseQuerySet(models.QuerySet["LearningCase"]):
    def open(self) -> "LearningCaseQuerySet":
        """Those that are written or wait for a second person."""
        return self.filter(state__in=OPEN)

    def waiting(self) -> "LearningCaseQuerySet":
        """Those that wait for a second person."""
        return self.filter(state=PROPOSED)


class LearningCase(models.Model):
    """One revision of what is told of a closed notification, numbered from 1. One at most is open at a time,
    and one at most is published.

    ``system`` says what in the system let it happen. ``cause`` is CQC's coding at the time, of which the
    first ``tiers`` (0 to 3) are told. ``doubts`` is what the checks found when it was proposed
    (``doubts.as_data``), ``doubts_reason`` why it may be public all the same, in the writer's words.
    ``public_number`` is where it stands, or stood, in the library; taken off when its case is redacted.
    """

    STATES: ClassVar[list[tuple[str, str]]] = [
        (DRAFT, "Draft"),
        (PROPOSED, "Waits for a second person"),
        (PUBLISHED, "Published"),
        (REPLACED, "Replaced by a newer revision"),
        (WITHDRAWN, "Withdrawn"),
        (DISCARDED, "Given up"),
    ]

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="learning_cases")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    title = models.CharField(max_length=LONGEST_TITLE)
    system = models.TextField("what in the system let it happen")
    what_happened = models.TextField()
    actions = models.TextField("actions taken")
    learning = models.TextField()
    modality = models.CharField(max_length=30, choices=Modality)
    sub_modality = models.CharField(max_length=40, choices=SubModality, blank=True)
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tiers = models.PositiveSmallIntegerField(default=3)
    equipment = models.CharField(max_length=40, choices=tuple(EQUIPMENT.items()), blank=True)
    themes = models.JSONField(default=list, blank=True)
    doubts = models.JSONField(default=dict, blank=True)
    doubts_reason = models.TextField(blank=True)
    written_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now, editable=False)
    edited_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(default=clock.now, editable=False)
    proposed_by = _person()
    proposed_at = models.DateTimeField(null=True, blank=True)
    returned_by = _person()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(blank=True)
    approved_by = _person()
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = _person()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Replaced, withdrawn or given up.")
    ended_why = models.TextField(blank=True)
    public_number = models.PositiveBigIntegerField(null=True, blank=True)

    objects: ClassVar[LearningCaseQuerySet] = LearningCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["notification", "number"]
        verbose_name = "learning case"
        constraints = [
            models.UniqueConstraint(fields=["notification", "number"], name="learning_numbered_once"),
            models.UniqueConstraint(
                fields=["notification"],
                condition=Q(state__in=["draft", "proposed"]),
                name="learning_one_open",
            ),
            models.UniqueConstraint(
                fields=["notification"], condition=Q(state="published"), name="learning_one_published"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(approved_at__isnull=False)
                    & ~Q(approved_by=F("written_by"))
                    & ~Q(approved_by=F("edited_by"))
                    & Q(proposed_by__isnull=False)
                    & ~Q(approved_by=F("proposed_by"))
                ),
                name="learning_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced", "withdrawn"]) | Q(approved_by__isnull=False),
                name="learning_public_only_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(returned_by__isnull=True, returned_at__isnull=True, returned_why="")
                | (Q(returned_by__isnull=False, returned_at__isnull=False) & ~Q(returned_why="")),
                name="learning_returned_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "discarded"])
                | (Q(ended_by__isnull=False) & ~Q(ended_why="")),
                name="learning_ended_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(tiers__lte=3), name="learning_three_tiers"),
        ]

    def __str__(self) -> str:
        return f"Learning case, revision {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def cause_told(self) -> tuple[str, str, str]:
        """The tiers of the cause that are told, as their roll-ups; ``""`` for one that is not."""
        return cause_told(self.cause, self.tiers)


class PublishedLearningQuerySet(models.QuerySet["PublishedLearning"]):
    def standing(self) -> "PublishedLearningQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class PublishedLearning(models.Model):
    """One learning case as the public sees it, at its number for ever.

    It tells no reference, employer or site, and of days only those of its own publication: ``year`` stands on
    the page. ``tier1`` to ``tier3`` are roll-ups, empty from where the cause is not told; ``themes`` are
    slugs. Of a withdrawn one nothing is left but its number and when it went.
    """

    number = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=90)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    system = models.TextField(blank=True)
    what_happened = models.TextField(blank=True)
    actions = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    modality = models.CharField(max_length=30, choices=Modality, blank=True)
    sub_modality = models.CharField(max_length=40, choices=SubModality, blank=True)
    tier1 = models.CharField(max_length=100, blank=True)
    tier2 = models.CharField(max_length=100, blank=True)
    tier3 = models.CharField(max_length=150, blank=True)
    equipment = models.CharField(max_length=40, choices=tuple(EQUIPMENT.items()), blank=True)
    themes = models.JSONField(default=list, blank=True)
    year = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PublishedLearningQuerySet] = PublishedLearningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-published_at", "-number"]
        verbose_name = "published learning case"
        indexes = [
            models.Index(fields=["-published_at", "-number"], name="learning_newest"),
            models.Index(fields=["modality", "tier3"], name="learning_modality_cause"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False, title="", system="", what_happened="")
                & Q(actions="", learning="")
                | Q(withdrawn_at__isnull=True) & ~Q(title=""),
                name="learning_withdrawn_says_nothing",
            )
        ]

    def __str__(self) -> str:
        return self.title or f"Withdrawn learning case {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("learning:one", kwargs={"number": self.number, "slug": self.slug})


class LearningWord(models.Model):
    """A word by which a published case is found, folded (``words.words_of``)."""

    entry = models.ForeignKey(PublishedLearning, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "word"], name="learning_word_once")]
        indexes = [
            models.Index(
                fields=["word", "entry"], name="learning_word", opclasses=["varchar_pattern_ops", "int8_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.word


class LearningMark(models.Model):
    """A fact by which published cases are filtered and counted: a cause has one mark for each tier told."""

    class Kind(models.TextChoices):
        MODALITY = "modality", "Modality"
        CAUSE = "cause", "Cause"
        EQUIPMENT = "equipment", "Equipment"
        THEME = "theme", "Theme"

    entry = models.ForeignKey(PublishedLearning, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.SlugField(max_length=200, db_index=False)
    label = models.CharField(max_length=360)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "entry"], name="learning_mark_once")]

    def __str__(self) -> str:
        return self.label


class LibraryRevision(models.Model):
    """The number of the library's last change, in one row: what caches go by."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="learning_one_revision")]

    def __str__(self) -> str:
        return str(self.number)
