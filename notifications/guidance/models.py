"""Guidance pages in versions, what readers said of pages, and who wants the monthly digest."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from notifications.guidance.wording import Action, action_of, all_regulations
from regulator import clock
from regulator.organisations.models import Modality
from regulator.organisations.models.employers import known_modalities
from regulator.outbox.models import Message


class Theme(models.TextChoices):
    """Under which heading a topic stands in the list."""

    PROCEDURES = "procedures", "Procedures and protocols"
    DECIDING = "deciding", "Referral, justification and authorisation"
    EXPERTS = "experts", "Medical physics and equipment"
    PEOPLE = "people", "Particular groups of people"
    LEARNING = "learning", "Checking one another’s work and learning"


class Topic(models.Model):
    """One matter on which CQC asks employers to act. What it says stands in its versions."""

    slug = models.SlugField(max_length=80, unique=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("guidance:topic", args=[self.slug])


class VersionQuerySet(models.QuerySet["Version"]):
    def begun(self, moment: datetime) -> "VersionQuerySet":
        """Those that the public reads or read, the present one of a topic first."""
        shown = self.filter(state=Version.State.APPROVED, published_at__lte=moment)
        return shown.order_by("-published_at", "-pk")

    def present(self, moment: datetime) -> "VersionQuerySet":
        """The one of each topic that holds at ``moment``, also where it says that the topic is withdrawn."""
        begun = Version.objects.begun(moment).filter(topic=models.OuterRef("topic"))
        return self.filter(pk=models.Subquery(begun.values("pk")[:1]))

    def falling_away(self, draft: "Version", moment: datetime) -> "VersionQuerySet":
        """What is never shown if ``draft`` is approved at ``moment``: the versions of its topic that were
        approved to hold from its day or a later one, and are not shown yet; withdrawals among them."""
        planned = self.filter(topic=draft.topic_id, state=Version.State.APPROVED, published_at__gt=moment)
        return planned.filter(valid_from__gte=draft.valid_from)


class Version(models.Model):
    """What a topic says from ``valid_from`` on, once a second person approved it.

    Written as a draft, sent, approved or given back; never changed after it was approved, and never deleted.
    ``number`` is given on approval, and ``published_at`` then says from which moment it is shown: the
    beginning of its day in London, or the approval where that day had begun. A version that ``withdraws`` the
    topic says in ``why`` why it was withdrawn, and has no actions. ``shipped``: it came with the portal, and
    no two people of this portal answer for it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        SENT = "sent", "Waiting for a second person"
        APPROVED = "approved", "Approved"
        OVERTAKEN = "overtaken", "Approved, and replaced before its day"
        DISCARDED = "discarded", "Discarded"

    OPEN: ClassVar = (State.DRAFT, State.SENT)

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120)
    theme = models.CharField(max_length=20, choices=Theme)
    why = models.TextField("why it matters")
    actions = models.JSONField(default=list, blank=True)
    modalities = models.JSONField(default=list, validators=[known_modalities])
    what_changed = models.CharField(max_length=400, blank=True)
    withdraws = models.BooleanField(default=False)
    valid_from = models.DateField("holds from")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    shipped = models.BooleanField(default=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", help_text="Everybody whose words it may hold."
    )
    drafted_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    given_back_because = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        indexes = [models.Index(fields=["topic", "state", "-published_at"], name="guidance_version_shown")]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="guidance_version_number_once"),
            models.UniqueConstraint(
                fields=["topic"],
                condition=models.Q(state__in=("draft", "sent")),
                name="guidance_version_one_open_a_topic",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "overtaken"))
                | models.Q(number__isnull=False, published_at__isnull=False, decided_at__isnull=False),
                name="guidance_version_approved_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "overtaken"))
                | models.Q(shipped=True)
                | (
                    models.Q(decided_by__isnull=False, drafted_by__isnull=False)
                    & ~models.Q(decided_by=models.F("drafted_by"))
                ),
                name="guidance_version_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its own address, which stays when another version holds. Only for one that was approved."""
        return reverse("guidance:version", args=[self.topic.slug, self.number])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def action_list(self) -> tuple[Action, ...]:
        return tuple(action_of(each) for each in self.actions)

    @property
    def regulations(self) -> tuple[str, ...]:
        """Every provision that its actions rest on, as canonical references."""
        return all_regulations(self.action_list)

    @property
    def modality_labels(self) -> list[str]:
        """In the order in which modalities are declared."""
        return [each.label for each in Modality if each in self.modalities]

    @property
    def paragraphs(self) -> list[str]:
        """``why`` as paragraphs."""
        return [line.strip() for line in self.why.splitlines() if line.strip()]


class Turn(models.Model):
    """A moment from which on the public reads something else: that of a version, written as it is approved.
    What caches go by, so that they need not ask for the versions. Only ever appended: where a version is
    overtaken before its day, its turn changes nothing and stays."""

    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at}"


class Feedback(models.Model):
    """What one reader said of one page. Nobody is named: there is no field for it, and a comment that seems
    to name somebody is refused. The comment is removed after its time (``services.COMMENT_DAYS``); the yes
    or no stays."""

    class Kind(models.TextChoices):
        LEARNING = "learning", "Learning"
        GUIDANCE = "guidance", "Guidance"

    kind = models.CharField(max_length=10, choices=Kind)
    page_key = models.SlugField(max_length=80, db_index=False)
    page_version = models.PositiveIntegerField(null=True, blank=True)
    useful = models.BooleanField()
    comment = models.TextField(blank=True)
    received_at = models.DateTimeField(default=clock.now, editable=False)
    comment_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name_plural = "feedback"
        indexes = [
            models.Index(fields=["kind", "page_key", "-received_at"], name="guidance_feedback_page"),
            models.Index(fields=["-received_at"], name="guidance_feedback_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(comment_removed_at__isnull=True) | models.Q(comment=""),
                name="guidance_feedback_removed_is_gone",
            )
        ]

    def __str__(self) -> str:
        return f"Feedback {self.pk}"


class Wish(models.Model):
    """That an employer's person asked for the monthly digest. Deleted when they want it no more, or act for
    no employer any more.

    ``modalities`` narrows it; empty: all. What was published before ``told_through`` was told, or came before
    they asked. ``key`` names it in the link that stops it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    modalities = models.JSONField(default=list, blank=True, validators=[known_modalities])
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    told_through = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class DigestLetter(models.Model):
    """A letter that a wish caused."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="letters")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.message_id}"
