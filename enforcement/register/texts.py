"""What an entry is found by: its words and marks, in its own row beside it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.text import slugify

from enforcement.register.models import Citation, EntryText, RegisterEntry, Word
from enforcement.register.words import fold, mark, parents, words_of

LONGEST_TEXT: Final = 100_000
"""Characters of a description that are found by."""
NOT_COUNTED: Final = ("_reference_", "_postcode_", "_place_")


def write_text(entry: RegisterEntry, citations: Sequence[Citation], change: int) -> None:
    """Bring the row of an entry, and the numbers of its words, in step with what it says (at most six
    queries). ``change`` is the number of the change that made it say so. The caller holds the register."""
    row = row_of(entry, citations)
    held = EntryText.objects.filter(entry=entry).values_list("words", flat=True).first()
    EntryText.objects.update_or_create(entry=entry, defaults=row | {"changed": change})
    recount_words(counted(held or ""), counted(row["words"]))


def forget_words(entry: RegisterEntry) -> None:
    """Take the words of an entry off their numbers, before it is removed (at most four queries)."""
    held = EntryText.objects.filter(entry=entry).values_list("words", flat=True).first()
    recount_words(counted(held or ""), set())


def counted(words: str) -> set[str]:
    """Those of the words and marks that are counted."""
    return {each for each in words.split() if not each.startswith(NOT_COUNTED)}


def recount_words(before: set[str], after: set[str]) -> None:
    """An entry held the words ``before``, and holds those of ``after`` now."""
    changes = dict.fromkeys(before - after, -1) | dict.fromkeys(after - before, 1)
    held = {each.word: each for each in Word.objects.filter(word__in=changes)}
    for word, by in changes.items():
        if word in held:
            held[word].entries += by
    Word.objects.bulk_create(Word(word=each, entries=1) for each in changes.keys() - held.keys())
    Word.objects.filter(word__in=[each.word for each in held.values() if each.entries == 0]).delete()
    Word.objects.bulk_update([each for each in held.values() if each.entries], ["entries"], batch_size=200)


def row_of(entry: RegisterEntry, citations: Sequence[Citation]) -> dict[str, Any]:
    """The columns of an entry's row that follow from what it says."""
    return {
        "words": " ".join(sorted({*_words(entry, citations), *_marks(entry, citations)})),
        "served_on": entry.served_on,
        "employer": folded_name(entry.employer_name),
    }


def folded_name(name: str) -> str:
    """A name as lists are ordered by it."""
    return " ".join(words_of(name))[:250]


def _words(entry: RegisterEntry, citations: Sequence[Citation]) -> Iterator[str]:
    texts = [
        entry.employer_name,
        entry.employer_type,
        entry.location,
        entry.region,
        entry.description[:LONGEST_TEXT],
        entry.get_notice_type_display(),
        entry.get_status_display(),
        entry.get_modality_display() if entry.modality else "",
        *(each.heading for each in citations),
    ]
    for text in texts:
        yield from words_of(text)


def _marks(entry: RegisterEntry, citations: Sequence[Citation]) -> Iterator[str]:
    facts = [
        ("type", entry.notice_type),
        ("status", entry.status),
        ("year", str(entry.served_on.year)),
        ("modality", entry.modality),
        ("employer_type", slugify(entry.employer_type)),
        ("region", slugify(entry.region)),
        ("employer", entry.employer_slug),
        ("place", entry.premises_slug),
        ("reference", fold(entry.reference).replace("-", "")),
        *(("cites", reference) for each in citations for reference in parents(each.reference)),
    ]
    postcode = "".join(fold(entry.postcode).split())
    facts += [("postcode", postcode), ("area", postcode[:-3])]
    for kind, value in facts:
        if value:
            yield mark(kind, value)
