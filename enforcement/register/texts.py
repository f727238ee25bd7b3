"""What an entry is found by: its words and marks, in its own row beside it."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.text import slugify

from enforcement.register.models import Citation, EntryText, RegisterEntry
from enforcement.register.words import fold, mark, parents, words_of

LONGEST_TEXT: Final = 100_000
"""Characters of a description that are found by."""


def write_text(entry: RegisterEntry, citations: Sequence[Citation], change: int) -> None:
    """Bring the row of an entry in step with what it says (two queries). ``change`` is the number of the
    change that made it say so."""
    defaults = row_of(entry, citations) | {"changed": change}
    EntryText.objects.update_or_create(entry=entry, defaults=defaults)


def row_of(entry: RegisterEntry, citations: Sequence[Citation]) -> dict[str, object]:
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
