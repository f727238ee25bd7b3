"""What the library gives to the annual report: the cases that its text may tell. What they say is read from
the library's own public tables. Staff are offered none that was restricted since it was published, for which
the cases are asked; no public page reads this."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from notifications.learning.finding import found
from notifications.learning.published import PublishedLearning
from notifications.learning.queries import numbers_restricted_since
from regulator.statistics.told import LEARNING, LIBRARIES, CaseChoice, Library, ToldCase

_CHOSEN: Final = ("number", "title", "modality", "tier1", "tier2", "tier3")


def contribute() -> None:
    LIBRARIES.register(LEARNING, Library(standing, gone, choices, first_published))


def standing(numbers: Collection[int]) -> dict[int, ToldCase]:
    """Those of these numbers that stand, by number (one query)."""
    entries = PublishedLearning.objects.standing().filter(number__in=numbers)
    return {each.number: _told(each) for each in entries.order_by("number")}


def gone(numbers: Collection[int]) -> frozenset[int]:
    """Those of these numbers at which no case stands: withdrawn, or never given (one query)."""
    entries = PublishedLearning.objects.standing().filter(number__in=numbers)
    return frozenset(numbers) - frozenset(entries.order_by().values_list("number", flat=True))


def choices(modality: str, words: str, most: int) -> list[CaseChoice]:
    """As ``Library.choices`` (one query)."""
    entries = _offered(found(words, {"modality": modality} if modality else {}))
    return _chosen(entries.only(*_CHOSEN)[:most])


def first_published(first: datetime, after: datetime) -> list[CaseChoice]:
    """As ``Library.first_published`` (one query)."""
    entries = PublishedLearning.objects.standing().filter(published_at__gte=first, published_at__lt=after)
    return _chosen(_offered(entries).only(*_CHOSEN).order_by("published_at", "number"))


def _offered(entries: QuerySet[PublishedLearning]) -> QuerySet[PublishedLearning]:
    return entries.exclude(number__in=numbers_restricted_since())


def _chosen(entries: QuerySet[PublishedLearning]) -> list[CaseChoice]:
    return [CaseChoice(each.number, each.title, each.modality, _cause(each)) for each in entries]


def _told(entry: PublishedLearning) -> ToldCase:
    return ToldCase(
        number=entry.number,
        revision=entry.revision,
        title=entry.title,
        modality=str(entry.get_modality_display()),
        cause=_cause(entry),
        path=entry.get_absolute_url(),
        system=entry.system,
        what_happened=entry.what_happened,
        actions=entry.actions,
        learning=entry.learning,
    )


def _cause(entry: PublishedLearning) -> str:
    return ", then ".join(each for each in (entry.tier1, entry.tier2, entry.tier3) if each)
