"""What somebody else wrote into the boxes of a form meanwhile, to stand beside what was typed into them."""

from typing import Any

from django import forms

from regulator.casework.wording import as_text

__all__ = ["otherwise_than_typed"]


def otherwise_than_typed(form: forms.Form) -> list[tuple[str, str]]:
    """Of a form that was sent and whose ``initial`` is what stands now: the label of each box into which
    something else was typed, and what stands, in words. How lines end makes no difference (no query)."""
    return [
        (str(box.label), _in_words(box.field, box.initial))
        for box in form.visible_fields()
        if _plain(box.field.prepare_value(box.initial)) != _plain(box.value())
        and box.field.has_changed(box.initial, box.data)
    ]


def _plain(value: object) -> object:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _in_words(field: forms.Field, value: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(each), str(each)) for each in value) or as_text(None)
    return labels.get(str(value)) or as_text(value)
