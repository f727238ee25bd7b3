"""The marks of a published case: what it is filtered by, with the words for people."""

from collections.abc import Iterator
from functools import cache

from django.utils.text import slugify

from notifications.learning.equipment import LABELS
from notifications.learning.models import TEXTS, LearningMark, LearningWord, PublishedLearning
from notifications.learning.themes import label_of, themes
from notifications.learning.words import words_of
from notifications.models import SubModality
from notifications.taxonomy import read_taxonomy
from regulator.organisations.models import Modality

_KIND = LearningMark.Kind


def marks_of(entry: PublishedLearning) -> list[LearningMark]:
    """Every mark, unsaved: the modality and within it its part, each tier of the cause that is told, the kind
    of equipment, each theme."""
    return [LearningMark(entry=entry, kind=kind, key=key, label=label) for kind, key, label in _told(entry)]


def words_held(entry: PublishedLearning) -> list[LearningWord]:
    """Every word of its texts and of its marks, unsaved."""
    texts = [getattr(entry, name) for name in TEXTS] + [label for _, _, label in _told(entry)]
    return [LearningWord(entry=entry, word=word) for word in sorted(words_of("\n".join(texts)))]


def cause_key(*tiers: str) -> str:
    """The key of a cause as far as it is told: ``cause_key("Referrer", "Incorrect referral")``."""
    return "--".join(slugify(each) for each in tiers if each)


def is_known(kind: str, key: str) -> bool:
    """Whether a case could have this mark: it is in the lists that are shipped, or one has it: its cause
    is from a later edition (one query, only then)."""
    return key in _shipped()[kind] or LearningMark.objects.filter(kind=kind, key=key).exists()


@cache
def _shipped() -> dict[str, frozenset[str]]:
    """By kind, every key of the shipped lists."""
    parts = [f"{each}--{part}" for each in Modality.values for part in SubModality.values]
    leaves = [(leaf.tier1, leaf.tier2, leaf.tier3) for leaf in read_taxonomy()]
    causes = [cause_key(*leaf[:depth])[:200] for leaf in leaves for depth in (1, 2, 3)]
    return {
        _KIND.MODALITY: frozenset([*Modality.values, *parts]),
        _KIND.CAUSE: frozenset(causes),
        _KIND.EQUIPMENT: frozenset(LABELS),
        _KIND.THEME: frozenset(themes()),
    }


def _told(entry: PublishedLearning) -> Iterator[tuple[str, str, str]]:
    modality = Modality(entry.modality).label
    yield _KIND.MODALITY, entry.modality, str(modality)
    if entry.sub_modality:
        label = f"{modality}: {SubModality(entry.sub_modality).label}"
        yield _KIND.MODALITY, f"{entry.modality}--{entry.sub_modality}", label
    tiers = [each for each in (entry.tier1, entry.tier2, entry.tier3) if each]
    for depth in range(1, len(tiers) + 1):
        yield _KIND.CAUSE, cause_key(*tiers[:depth])[:200], " > ".join(tiers[:depth])
    if entry.equipment:
        yield _KIND.EQUIPMENT, entry.equipment, LABELS[entry.equipment]
    for slug in entry.themes:
        yield _KIND.THEME, slug, label_of(slug)
