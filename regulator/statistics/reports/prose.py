"""The text of a block: paragraphs, bullet lists, and placeholders for numbers. Pure.

``{{ wrong_patient_referred }}`` stands for a number by its name. A line that begins with a dash and a space
is a point of a list; a blank line ends a paragraph. Anything else is shown as it was typed.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

__all__ = ["Bullets", "Paragraph", "Part", "faults", "filled", "names_in", "read"]

LONGEST: Final = 20_000
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(?P<name>[A-Za-z0-9_]{1,80})\s*\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_BULLET: Final = re.compile(r"[-*•] +")
_CLOSE: Final = 0.5
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    points: tuple[str, ...]


Part = Paragraph | Bullets


def read(text: str) -> tuple[Part, ...]:
    """The paragraphs and lists of ``text``, in order; lines of one paragraph are joined."""
    parts: list[Part] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        parts += _parts([line.strip() for line in block.split("\n") if line.strip()])
    return tuple(parts)


def _parts(lines: list[str]) -> Iterator[Part]:
    words: list[str] = []
    points: list[str] = []
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is None and not points:
            words.append(line)
        elif bullet is None:
            points[-1] += f" {line}"
        else:
            if words:
                yield Paragraph(" ".join(words))
                words = []
            points.append(line[bullet.end() :])
    if words:
        yield Paragraph(" ".join(words))
    if points:
        yield Bullets(tuple(points))


def names_in(text: str) -> list[str]:
    """The names of the placeholders, each once, in the order in which they stand."""
    return list(dict.fromkeys(match["name"] for match in _PLACEHOLDER.finditer(text)))


def faults(text: str, known: Collection[str]) -> list[str]:
    """What is wrong with ``text``, in words for whoever wrote it: a name that no number has, with the nearest
    that there are, and braces that hold no name."""
    found = [_unknown(name, known) for name in names_in(text) if name not in known]
    rest = _PLACEHOLDER.sub("", text)
    if _BRACES.search(rest):
        found.append(
            "Two braces must hold the name of one number, in small letters with underscores between words, "
            "like {{ notifications_total }}."
        )
    return found


def _unknown(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.lower(), sorted(known), n=_NEAREST, cutoff=_CLOSE)
    told = f"There is no number called “{name}”."
    return (
        f"{told} The nearest names: {', '.join(near)}." if near else f"{told} Choose from the list of names."
    )


def filled(text: str, numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The parts with each number in its place, as plain data: ``{"paragraph": text}`` or
    ``{"points": [text, …]}``. Raises ``KeyError`` for a name that ``numbers`` has not: a sentence without its
    number must not be printed."""

    def fill(words: str) -> str:
        return _PLACEHOLDER.sub(lambda match: numbers[match["name"]], words)

    return [
        {"paragraph": fill(part.text)}
        if isinstance(part, Paragraph)
        else {"points": [fill(point) for point in part.points]}
        for part in read(text)
    ]
