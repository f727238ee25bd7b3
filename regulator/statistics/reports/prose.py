"""The text of a block: paragraphs, bullet lists, told cases, and placeholders for numbers. Pure.

``{{ wrong_patient_referred }}`` stands for a number by its name. ``{{ case_12 }}`` on a line of its own
stands for the case at that number of the library of learning. A line that begins with a dash and a space is a
point of a list; a blank line ends a paragraph. Anything else is shown as it was typed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

__all__ = [
    "Bullets",
    "Case",
    "Paragraph",
    "Part",
    "cases_in",
    "faults",
    "filled",
    "names_in",
    "placed",
    "read",
]

LONGEST: Final = 20_000
MOST_CASES: Final = 20
"""How many cases one text may tell."""
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(?P<name>[A-Za-z0-9_]{1,80})\s*\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_CASE: Final = re.compile(r"case_(?P<number>[1-9][0-9]{0,8})")
_BULLET: Final = re.compile(r"[-*•] +")
_CLOSE: Final = 0.5
_NEAREST: Final = 3
MOST_UNKNOWN: Final = 10
"""Of so many names that no number has, the nearest that there are are looked for: each takes a while."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    number: int


Part = Paragraph | Bullets | Case


def read(text: str) -> tuple[Part, ...]:
    """The paragraphs, lists and cases of ``text``, in order; lines of one paragraph are joined."""
    parts: list[Part] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines: list[str] = []
        for line in (each.strip() for each in block.split("\n")):
            number = _alone(line)
            if number is None:
                lines.append(line)
            else:
                parts += [*_parts(lines), Case(number)]
                lines = []
        parts += _parts(lines)
    return tuple(parts)


def _alone(line: str) -> int | None:
    """The number of the case whose placeholder is the whole line."""
    whole = _PLACEHOLDER.fullmatch(line)
    return _case(whole["name"]) if whole else None


def _case(name: str) -> int | None:
    found = _CASE.fullmatch(name)
    return int(found["number"]) if found else None


def _parts(lines: list[str]) -> Iterator[Paragraph | Bullets]:
    words: list[str] = []
    points: list[str] = []
    for line in filter(None, lines):
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
    """The names of the numbers that have a placeholder, each once, in the order in which they stand."""
    names = (match["name"] for match in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(name for name in names if _case(name) is None))


def cases_in(text: str) -> list[int]:
    """The numbers of the cases that ``text`` tells, each once, in the order in which they stand."""
    return list(dict.fromkeys(each.number for each in read(text) if isinstance(each, Case)))


def placed(number: int) -> str:
    """What is typed to tell the case at ``number``."""
    return f"{{{{ case_{number} }}}}"


def faults(text: str, known: Collection[str]) -> list[str]:
    """What is wrong with ``text``, in words for whoever wrote it: a name that no number has (the first
    ``MOST_UNKNOWN`` with the nearest that there are), braces that hold no name, and a case within a sentence,
    told twice, or one of too many."""
    there = set(known)
    unknown = [name for name in names_in(text) if name not in there]
    found = [_unknown(name, known) for name in unknown[:MOST_UNKNOWN]]
    if len(unknown) > MOST_UNKNOWN:
        found.append(f"{len(unknown) - MOST_UNKNOWN:,} more names in this text are of no number either.")
    rest = _PLACEHOLDER.sub("", text)
    if _BRACES.search(rest):
        found.append(
            "Two braces must hold the name of one number, in small letters with underscores between words, "
            "like {{ notifications_total }}."
        )
    return [*found, *_misplaced(text)]


def _misplaced(text: str) -> Iterator[str]:
    named = Counter(_case(match["name"]) for match in _PLACEHOLDER.finditer(text))
    told = Counter(each.number for each in read(text) if isinstance(each, Case))
    for number, times in named.items():
        if number is None:
            continue
        if told[number] < times:
            yield f"Put {placed(number)} on a line of its own: the whole case is shown there."
        if told[number] > 1:
            yield f"Case {number} stands {told[number]} times in this text. Tell it once."
    if len(told) > MOST_CASES:
        yield f"Tell {MOST_CASES} cases or fewer in one text."


def _unknown(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.lower(), sorted(known), n=_NEAREST, cutoff=_CLOSE)
    told = f"There is no number called “{name}”."
    return (
        f"{told} The nearest names: {', '.join(near)}." if near else f"{told} Choose from the list of names."
    )


def filled(
    text: str, numbers: Mapping[str, str], cases: Mapping[int, Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The parts with each number and case in its place, as plain data: ``{"paragraph": text}``,
    ``{"points": [text, …]}`` or ``{"case": …}`` with what ``cases`` has of it. Raises ``KeyError`` for a name
    that ``numbers`` has not, and a number that ``cases`` has not: a sentence without its number must not be
    printed, nor a heading without its case."""
    return [_filled(part, numbers, cases or {}) for part in read(text)]


def _filled(part: Part, numbers: Mapping[str, str], cases: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    def fill(words: str) -> str:
        return _PLACEHOLDER.sub(lambda match: numbers[match["name"]], words)

    if isinstance(part, Paragraph):
        return {"paragraph": fill(part.text)}
    if isinstance(part, Bullets):
        return {"points": [fill(point) for point in part.points]}
    return {"case": cases[part.number]}
