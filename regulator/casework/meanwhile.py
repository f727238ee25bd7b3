"""What somebody else wrote meanwhile: into the boxes of a form, to stand beside what was typed into them; or
into what a deed decides on, to be read before it is decided again."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from regulator.casework.wording import as_text

__all__ = ["LONGEST_MARKS", "Said", "marks_of", "otherwise_than_read", "otherwise_than_typed", "standing_in"]

Said = Sequence[tuple[str, str]]
"""What stands, in words, by its label."""
LONGEST_MARKS: Final = 2_000
_DIGITS: Final = 12


def otherwise_than_typed(form: forms.Form) -> list[tuple[str, str]]:
    """Of a form that was sent and whose ``initial`` is what stands now: the label of each box into which
    something else was typed, and what stands, in words. How lines end makes no difference (no query)."""
    return [
        (str(box.label), _in_words(box.field, box.initial))
        for box in form.visible_fields()
        if _plain(box.field.prepare_value(box.initial)) != _plain(box.value())
        and box.field.has_changed(box.initial, box.data)
    ]


def standing_in(form: forms.Form) -> Said:
    """What stands in the boxes of a form that begins with it (no query)."""
    return [(str(box.label), _in_words(box.field, box.initial)) for box in form.visible_fields()]


def marks_of(said: Said) -> str:
    """What a page showed, as short marks for its form to bring back; no text can be read from them."""
    return " ".join(_mark(label, words) for label, words in said)


def otherwise_than_read(said: Said, marks: str) -> list[tuple[str, str]]:
    """Of what stands now, what a page did not show yet whose form brought ``marks`` back; nothing where it
    brought none."""
    read = set(marks.split())
    return [(label, as_text(words)) for label, words in said if read and _mark(label, words) not in read]


def _mark(label: str, words: str) -> str:
    return hashlib.sha256(f"{label}\n{_plain(words)}".encode()).hexdigest()[:_DIGITS]


def _plain(value: object) -> object:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _in_words(field: forms.Field, value: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(each), str(each)) for each in value) or as_text(None)
    return labels.get(str(value)) or as_text(value)
