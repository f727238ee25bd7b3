"""Finding published learning cases by words and marks. The library's own tables alone, whichever database.

Each word that is looked for is a condition of its own on the list of words, by the beginning: an index finds
it on both databases. There are hundreds of cases, and in ten years some thousands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Count, Q, QuerySet

from notifications.learning.models import LearningMark, LearningWord, PublishedLearning
from notifications.learning.words import sought

A_PAGE: Final = 20
KINDS: Final = tuple(LearningMark.Kind.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how many of what is shown have it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what was found, and how many there are in all."""

    entries: list[PublishedLearning]
    total: int
    number: int
    pages: int


def found(typed: str, marks: Mapping[str, str]) -> QuerySet[PublishedLearning]:
    """What stands and has all of the words and all of the marks (by kind), the newest first. Nothing where
    what was typed has no word in it."""
    entries = PublishedLearning.objects.standing()
    terms = sought(typed)
    if terms is None:
        return entries.none()
    for term in terms:
        holding = LearningWord.objects.filter(_begins(term)).order_by().values("entry")
        entries = entries.filter(pk__in=holding)
    for kind, key in marks.items():
        marked = LearningMark.objects.filter(kind=kind, key=key).order_by().values("entry")
        entries = entries.filter(pk__in=marked)
    return entries.order_by("-published_at", "-number")


def _begins(term: str) -> Q:
    """Words that begin with ``term``, said so that the index of the database in use is taken: SQLite's LIKE
    looks at every word, PostgreSQL's order of words is not that of their letters."""
    if connection.vendor == "sqlite":
        return Q(word__gte=term, word__lt=f"{term}\U0010ffff")
    return Q(word__startswith=term)


def choices(entries: QuerySet[PublishedLearning]) -> dict[str, list[Choice]]:
    """By kind of mark, what ``entries`` have and how many of them (one query), as people read it in order."""
    marks = LearningMark.objects.filter(entry__in=entries.order_by().values("pk")).order_by()
    rows = marks.values_list("kind", "key", "label").annotate(number=Count("pk"))
    told: dict[str, dict[str, Choice]] = {kind: {} for kind in KINDS}
    for kind, key, label, number in rows:
        former = told[kind].get(key)
        told[kind][key] = Choice(key, label, number + (former.count if former else 0))
    return {kind: sorted(each.values(), key=lambda choice: choice.label) for kind, each in told.items()}


def page_of(entries: QuerySet[PublishedLearning], number: int) -> Page:
    """One page (two queries); the last one for a number beyond it."""
    total = entries.count()
    pages = max(1, -(-total // A_PAGE))
    number = min(max(number, 1), pages)
    shown = list(entries[(number - 1) * A_PAGE : number * A_PAGE]) if total else []
    return Page(shown, total, number, pages)
