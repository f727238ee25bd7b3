"""The register's own tables: entries, what they cite, their documents, addresses and changes; and what is
derived from these to find them by. They hold nothing that is not public, and refer to no other table."""

from django.db import models
from django.urls import reverse

from regulator import clock


class RegisterEntry(models.Model):
    """One notice as the public sees it.

    ``slug`` is its address for ever. ``published_at`` is when it first stood here, also where it was removed
    since and came back; ``version`` rises with every change of what is shown. Entries of the portal are
    written by ``enforcement``, others imported from what CQC published before. ``employer_slug`` and
    ``premises_slug`` are what the index goes by (ESIA 1988 s1(1)(b): by premises, else by person);
    ``timeline`` lists what happened (``services.Happening``), the oldest first. Citations and timeline stand
    here as one text each too, for files in which they are one cell.
    """

    class Type(models.TextChoices):
        IMPROVEMENT = "improvement", "Improvement notice"
        PROHIBITION_IMMEDIATE = "prohibition_immediate", "Immediate prohibition notice"
        PROHIBITION_DEFERRED = "prohibition_deferred", "Deferred prohibition notice"

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        COMPLIED = "complied", "Complied with"
        NOT_COMPLIED = "not_complied", "Not complied with in time"

    class Modality(models.TextChoices):
        DIAGNOSTIC_IMAGING = "diagnostic_imaging", "Diagnostic imaging"
        RADIOTHERAPY = "radiotherapy", "Radiotherapy"
        NUCLEAR_MEDICINE = "nuclear_medicine", "Nuclear medicine"

    class Form(models.TextChoices):
        FULL = "full", "Full entry"
        SHORT = "short", "Short entry, over a claim that the full one would tell a trade secret"

    class Origin(models.TextChoices):
        PUBLISHED_BY_CQC = "published_by_cqc", "Published by CQC before this register"
        PORTAL = "portal", "Published through this portal"

    slug = models.SlugField(max_length=200, unique=True)
    reference = models.CharField(max_length=24, blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.FULL)
    employer_name = models.CharField(max_length=250)
    employer_slug = models.SlugField(max_length=120, db_index=False)
    employer_type = models.CharField(max_length=80, blank=True)
    location = models.CharField(max_length=250, blank=True)
    premises_slug = models.SlugField(max_length=160, blank=True, db_index=False)
    postcode = models.CharField(max_length=10, blank=True)
    region = models.CharField(max_length=80, blank=True)
    notice_type = models.CharField(max_length=30, choices=Type)
    legal_power = models.CharField(max_length=120)
    served_on = models.DateField()
    breach_on = models.DateField()
    description = models.TextField(blank=True)
    compliance_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status)
    complied_on = models.DateField(null=True, blank=True)
    how_closed = models.CharField(max_length=80, blank=True)
    modality = models.CharField(max_length=30, choices=Modality, blank=True)
    timeline = models.JSONField(default=list, blank=True)
    provisions_in_words = models.TextField(blank=True, db_default="")
    timeline_in_words = models.TextField(blank=True, db_default="")
    source_url = models.URLField(max_length=400, blank=True)
    origin = models.CharField(max_length=20, choices=Origin)
    employer_is_invented = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-served_on", "-pk"]
        verbose_name = "register entry"
        verbose_name_plural = "register entries"
        indexes = [
            models.Index(fields=["-served_on", "-id"], name="register_entry_served"),
            models.Index(fields=["notice_type", "status"], name="register_entry_type_status"),
            models.Index(fields=["employer_slug"], name="register_entry_employer"),
            models.Index(fields=["premises_slug"], name="register_entry_premises"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(served_on__gte=models.F("breach_on")),
                name="register_entry_served_after_breach",
            ),
            models.CheckConstraint(
                condition=models.Q(complied_on__isnull=True)
                | models.Q(complied_on__gte=models.F("served_on")),
                name="register_entry_complied_after_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_name}, {self.served_on:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("register:entry", kwargs={"slug": self.slug})


class Citation(models.Model):
    """A provision that an entry cites, with the text that was in force on the day of the breach."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.CASCADE, related_name="citations")
    position = models.PositiveIntegerField(help_text="Its place in the order of the instrument.")
    instrument = models.CharField(max_length=60)
    reference = models.CharField(max_length=40)
    citation = models.CharField(max_length=60)
    heading = models.CharField(max_length=200)
    own_words = models.TextField()
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["reference"], name="register_citation_reference")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "instrument", "reference", "in_force_from"], name="register_citation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.citation}"


class Document(models.Model):
    """An entry as a file (PDF) that the public can take away: set from what the entry says, and no more."""

    entry = models.OneToOneField(RegisterEntry, on_delete=models.CASCADE, related_name="document")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="In bytes.")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.entry}: {self.sha256}"


class Revision(models.Model):
    """One row: how often the register has changed, and when it last did. Whoever changes the register holds
    it, so that numbers are given in the order in which changes become visible."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.number)


class Change(models.Model):
    """One change of the register, numbered without gaps. What was removed is remembered by its address."""

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        REMOVED = "removed", "Removed"

    number = models.PositiveBigIntegerField(primary_key=True)
    slug = models.SlugField(max_length=200)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    fields = models.JSONField(default=list, help_text="The names of what changed, as on the entry.")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["at", "number"], name="register_change_at")]

    def __str__(self) -> str:
        return f"{self.number}: {self.slug} {self.kind}"


class Address(models.Model):
    """An address at which an entry once stood. ``entry`` is where it stands now; none if it was removed."""

    slug = models.SlugField(max_length=200, unique=True)
    entry = models.ForeignKey(
        RegisterEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="former_addresses"
    )

    def __str__(self) -> str:
        return self.slug


class EntryText(models.Model):
    """What an entry is found by, and ordered by: one slim row for each.

    ``words`` holds the words and marks of ``register.words``, parted by spaces; the database adds its own
    index of them (``register.finding``; on SQLite by triggers, which a migration that alters this table must
    put back). ``employer`` is the folded name, ``changed`` the number of the entry's last change.
    """

    entry = models.OneToOneField(
        RegisterEntry, primary_key=True, on_delete=models.CASCADE, related_name="search_text"
    )
    words = models.TextField()
    served_on = models.DateField()
    employer = models.CharField(max_length=250)
    changed = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["served_on", "entry"], name="register_text_served"),
            models.Index(fields=["employer", "-served_on", "-entry"], name="register_text_employer"),
            models.Index(fields=["changed", "entry"], name="register_text_changed"),
        ]

    def __str__(self) -> str:
        return f"What entry {self.entry_id} is found by"


class Word(models.Model):
    """A word or mark of ``EntryText``, and in how many entries it stands. Marks of single entries and places
    are left out. A word that stands in none has no row."""

    word = models.CharField(max_length=200, primary_key=True)
    entries = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.entries}"


class IndexLine(models.Model):
    """A line of the register's index (ESIA 1988 s1(1)(b)): how many entries an employer, a place, a provision
    or a region has, in all (``year`` 0) and by year of service. A line without entries does not stand.

    ``key`` is what it is found and addressed by, ``name`` what is read, ``sort`` the folded name.
    """

    class Kind(models.TextChoices):
        EMPLOYER = "employer", "Employer"
        PLACE = "place", "Place"
        PROVISION = "provision", "Provision"
        REGION = "region", "Region"
        EMPLOYER_TYPE = "employer_type", "Employer type"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=160)
    year = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=270)
    sort = models.CharField(max_length=270)
    entries = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "year", "sort", "key"], name="register_index_order")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "year"], name="register_index_once"),
            models.CheckConstraint(condition=models.Q(entries__gt=0), name="register_index_has_entries"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.entries}"


class ProvisionText(models.Model):
    """A text of a provision that an entry cites or once cited: one row for each day from which it changed."""

    instrument = models.CharField(max_length=60)
    reference = models.CharField(max_length=40)
    citation = models.CharField(max_length=60)
    heading = models.CharField(max_length=200)
    own_words = models.TextField()
    position = models.PositiveIntegerField()
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "instrument", "in_force_from"], name="register_provision_text_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.citation}, from {self.in_force_from}"
