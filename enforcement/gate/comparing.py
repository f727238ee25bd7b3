"""What would change on an entry, field by field, with the words that go and those that come. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from difflib import SequenceMatcher
from re import findall
from typing import Any, Final

from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot
from enforcement.register.wording import due_called, seen_on
from regulator.casework.wording import as_text

LABELS: Final = {
    "reference": "Reference",
    "form": "Form",
    "employer_name": "Employer",
    "employer_type": "Kind of employer",
    "location": "Place",
    "postcode": "Postcode",
    "region": "Region",
    "notice_type": "Kind of notice",
    "legal_power": "Served under",
    "served_on": "Served on",
    "citations": "Provisions",
    "timeline": "Timeline",
    "description": "Description",
    "status": "State",
    "complied_on": "Complied with on",
    "how_closed": "How compliance was shown",
    "modality": "Modality",
    "source_url": "First published at",
    "origin": "Published through",
    "employer_is_invented": "The employer is invented",
}
"""Every field that people see, but the day on which the notice rests and the one that it states, whose labels
follow its kind (``wording.seen_on``, ``wording.due_called``). ``slug`` is the address, and never changes."""
_WORDS: Final[dict[str, dict[str, str]]] = {
    name: {str(value): str(label) for value, label in choices}
    for name, choices in {
        "form": RegisterEntry.Form.choices,
        "notice_type": RegisterEntry.Type.choices,
        "status": RegisterEntry.Status.choices,
        "modality": RegisterEntry.Modality.choices,
        "origin": RegisterEntry.Origin.choices,
    }.items()
}
SAME, GONE, COME = "same", "gone", "come"


@dataclass(frozen=True, slots=True)
class Part:
    """Some words in a row: on both sides (``same``), on the old one (``gone``) or on the new (``come``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what stands, what would stand, and whether that is the same."""

    label: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def changes(self) -> bool:
        return any(each.kind != SAME for each in (*self.before, *self.after))


def compared(before: EntrySnapshot | None, after: EntrySnapshot) -> list[Line]:
    """Every field of an entry, old and new; without an entry that stands all of it is new."""
    kind = after.notice_type
    labels = LABELS | {"breach_on": seen_on(kind), "compliance_due_on": due_called(kind)}
    return [
        Line(labels[name], *_parts(_said(before, name), _said(after, name)))
        for name in (each.name for each in fields(EntrySnapshot))
        if name in labels
    ]


def _said(snapshot: EntrySnapshot | None, name: str) -> str:
    """A field in words; ``""`` where it is empty."""
    value: Any = getattr(snapshot, name) if snapshot is not None else ""
    if name == "citations":
        return "\n".join(str(each) for each in value)
    if name == "timeline":
        return "\n".join(f"{as_text(each.on)}: {each.what}" for each in value)
    if name in _WORDS:
        return _WORDS[name].get(value, "")
    if isinstance(value, bool):
        return as_text(value)
    return as_text(value) if isinstance(value, date) else str(value or "")


def _parts(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    old, new = findall(r"\s+|\S+", before), findall(r"\s+|\S+", after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = (Part(SAME if tag == "equal" else GONE, "".join(old[a:b])) for tag, a, b, _, _ in steps)
    come = (Part(SAME if tag == "equal" else COME, "".join(new[c:d])) for tag, _, _, c, d in steps)
    return tuple(_not_empty(gone)), tuple(_not_empty(come))


def _not_empty(parts: Iterator[Part]) -> Iterator[Part]:
    return (each for each in parts if each.text)
