"""Writing the public library: a case put in, said anew, taken out. Called by the services of learning alone,
inside their transaction; nothing else puts anything before the public."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F
from django.utils.text import slugify

from notifications.learning.marks import marks_of, words_held
from notifications.learning.models import (
    TEXTS,
    LearningMark,
    LearningWord,
    LibraryRevision,
    PublishedLearning,
)
from regulator import clock
from regulator.statistics.reports.services import withdraw_case

_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Told:
    """What the public is to read: nothing of a case is in it but these words and kinds."""

    texts: Mapping[str, str]
    modality: str
    sub_modality: str = ""
    tiers: tuple[str, str, str] = ("", "", "")
    equipment: str = ""
    themes: tuple[str, ...] = ()


def put(told: Told, *, number: int | None = None, revision: int = 1) -> PublishedLearning:
    """Let the library tell this, at ``number`` where it stands already: the day of its first publication and
    its number stay. Raises ``PublishedLearning.DoesNotExist`` for a number that was withdrawn."""
    if number is None:
        entry = PublishedLearning(year=clock.today().year, published_at=clock.now())
    else:
        entry = PublishedLearning.objects.standing().get(number=number)
    for name in TEXTS:
        setattr(entry, name, told.texts[name].strip())
    entry.slug = slugify(entry.title)[:_LONGEST_SLUG].strip("-") or "learning"
    entry.modality, entry.sub_modality = told.modality, told.sub_modality
    entry.tier1, entry.tier2, entry.tier3 = told.tiers
    entry.equipment, entry.themes = told.equipment, list(told.themes)
    entry.revision, entry.updated_at = revision, clock.now()
    entry.save()
    _find_anew(entry)
    _changed()
    return entry


def take_out(number: int) -> None:
    """Let nothing of it be left but its number: its page says that it was withdrawn, and so does each annual
    report that tells it. Raises ``PublishedLearning.DoesNotExist`` where it does not stand."""
    entry = PublishedLearning.objects.standing().get(number=number)
    for name in (*TEXTS, "modality", "sub_modality", "tier1", "tier2", "tier3", "equipment"):
        setattr(entry, name, "")
    entry.slug, entry.themes = "withdrawn", []
    entry.withdrawn_at = entry.updated_at = clock.now()
    entry.save()
    LearningWord.objects.filter(entry=entry).delete()
    LearningMark.objects.filter(entry=entry).delete()
    _changed()
    withdraw_case(number=number)


def _find_anew(entry: PublishedLearning) -> None:
    LearningWord.objects.filter(entry=entry).delete()
    LearningMark.objects.filter(entry=entry).delete()
    LearningWord.objects.bulk_create(words_held(entry))
    LearningMark.objects.bulk_create(marks_of(entry))


def _changed() -> None:
    standing = LibraryRevision.objects.filter(pk=1)
    if not standing.update(number=F("number") + 1, changed_at=clock.now()):
        LibraryRevision.objects.create(pk=1, number=1, changed_at=clock.now())
