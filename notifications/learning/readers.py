"""What the library gives to readers elsewhere: its news in the monthly digest, and its pages of which readers
may say whether they were useful."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from notifications.guidance.models import Feedback
from notifications.guidance.pages import PAGES, Page, PageKind
from notifications.guidance.sources import SOURCES, Item, Source
from notifications.learning.published import PublishedLearning, published_since


def contribute() -> None:
    SOURCES.register("learning", Source("Learning from incidents", news))
    kind = Feedback.Kind.LEARNING
    PAGES.register(kind.value, PageKind(kind.value, kind.label, page_of, titles_of))


def news(since: datetime, until: datetime, modalities: Collection[str]) -> Sequence[Item]:
    """The cases that were first published then and stand (one query)."""
    found = published_since(since - timedelta(microseconds=1)).filter(published_at__lt=until)
    if modalities:
        found = found.filter(modality__in=list(modalities))
    return [
        Item(each.title, each.get_absolute_url(), each.get_modality_display(), each.published_at)
        for each in found
    ]


def page_of(key: str) -> Page | None:
    """The case with that number, where it stands."""
    numbers = _numbers([key])
    entry = PublishedLearning.objects.standing().filter(number__in=numbers).first()
    return None if entry is None else Page(entry.title, entry.get_absolute_url(), entry.revision)


def titles_of(keys: Collection[str]) -> Mapping[str, str]:
    """The titles of cases that stand, by their numbers."""
    found = PublishedLearning.objects.standing().filter(number__in=_numbers(keys))
    return {str(number): title for number, title in found.values_list("number", "title")}


def _numbers(keys: Collection[str]) -> list[int]:
    """The keys that are numbers, written as the portal writes them."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18 and key[0] != "0"]
