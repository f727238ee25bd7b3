"""Reading citations: from the mixed styles in which provisions are published to one canonical form.

Canonical references look like ``6(5)(b)``, ``6A``, ``Sch2(n)`` and ``s21``. Whether a reference exists, and
which text was in force on a date, is the catalogue's business, not this module's.
"""

import re
from dataclasses import dataclass

__all__ = ["CitationError", "in_words", "parse_citations"]

_SEPARATOR = re.compile(r"\s*(?:,\s*and\b|;\s*and\b|[,;&]|\band\b)\s*", re.IGNORECASE)
_KIND = re.compile(
    r"(?P<regulation>(?:regulations?|regs?)\b\.?)|(?P<schedule>(?:schedule\b|sch(?=[\s.0-9]))\.?)"
    r"|(?P<section>(?:section\b|s(?=[\s.0-9]))\.?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<number>[1-9][0-9]?)(?P<suffix>[A-Z]?)(?![0-9A-Za-z])")
_BRACKETED = re.compile(r"\s*\(\s*(?P<part>[0-9]{1,2}[A-Z]?|[A-Za-z]{1,5})\s*\)")
_BARE = re.compile(r"(?P<part>[ivx]{1,5}|[a-z])(?![A-Za-z0-9])", re.IGNORECASE)
_PARAGRAPH = re.compile(r"[1-9][0-9]?[A-Z]?")
_LETTER = re.compile(r"[a-z]")
_ROMAN = re.compile(r"(?=.)x{0,2}(?:ix|iv|v?i{0,3})")
_PREFIXES = {"regulation": "", "schedule": "Sch", "section": "s"}


class CitationError(ValueError):
    """A citation that cannot be read. ``fragment`` is the text at fault, ``position`` its place (from 0)."""

    def __init__(self, fragment: str, position: int, reason: str) -> None:
        self.fragment = fragment
        self.position = position
        self.reason = reason
        super().__init__(f'Cannot read "{fragment}" at character {position + 1}: {reason}')


@dataclass(frozen=True)
class _Item:
    """One provision as read: its canonical form, and what decides whether its neighbour is ambiguous."""

    canonical: str
    end: int
    open_schedule: bool


def in_words(reference: str) -> str:
    """A canonical reference as people read it: "regulation 6(5)(b)", "Schedule 2(n)", "section 21"."""
    if reference.startswith("Sch"):
        return f"Schedule {reference[3:]}"
    if reference.startswith("s"):
        return f"section {reference[1:]}"
    return f"regulation {reference}"


def parse_citations(text: str) -> tuple[str, ...]:
    """The provisions cited in ``text``, in canonical form, in order and without repeats.

    Reads the styles met in CQC's register and annual reports: ``8(4)iii``, ``6(5)b``, ``6(1), 6(2)``,
    ``Regulations 17(1) & 17(4)``, ``Sch 2(n)``, ``reg. 15(6)c``. Nothing is guessed: shorthand that leaves
    part of a reference out ("6(1) to (4)", "6(5)(a) and (b)") and anything unreadable raises
    ``CitationError``.
    """
    start, end = _trimmed(text)
    if start == end:
        raise CitationError("", 0, "no provision is cited.")
    found: list[str] = []
    position, previous = start, None
    while True:
        item = _item(text, position, end, previous)
        found.append(item.canonical)
        if item.end == end:
            return tuple(dict.fromkeys(found))
        separator = _SEPARATOR.match(text, item.end, end)
        if separator is None:
            raise _unreadable(text, position, end, "write it like 6(5)(b), with a comma between provisions.")
        position, previous = separator.end(), item


def _trimmed(text: str) -> tuple[int, int]:
    """Where the citation starts and ends once surrounding space and one closing full stop are left aside."""
    stripped = text.rstrip()
    if stripped.endswith(".") and len(stripped) > 1:
        stripped = stripped[:-1].rstrip()
    return len(stripped) - len(stripped.lstrip()), len(stripped)


def _item(text: str, start: int, end: int, previous: _Item | None) -> _Item:
    kind = _KIND.match(text, start, end)
    name = str(kind.lastgroup) if kind else "regulation"
    at = _skip_space(text, kind.end(), end) if kind else start
    number = _NUMBER.match(text, at, end)
    if number is None:
        raise _unreadable(text, start, end, "a provision starts with its number, like 6(5)(b) or Sch 2(n).")
    parts, after = _parts(text, number.end(), end)
    if not _fits(name, parts):
        raise _unreadable(text, start, end, "its brackets are not in the order paragraph, letter, numeral.")
    bare = not kind and not parts
    if bare and previous is not None and previous.open_schedule:
        raise _unreadable(text, start, end, "say whether this is a regulation or another Schedule.")
    canonical = _PREFIXES[name] + number.group() + "".join(f"({part})" for part in parts)
    spelled_out = kind is not None and at > start + len("sch")
    return _Item(canonical, after, name == "schedule" and not parts and spelled_out)


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _parts(text: str, start: int, end: int) -> tuple[list[str], int]:
    """What stands in brackets after the number, and where that ends; some lack brackets ("6(5)b")."""
    parts: list[str] = []
    while True:
        match = _BRACKETED.match(text, start, end)
        if match is None and parts:
            match = _BARE.match(text, start, end)
        if match is None:
            return parts, start
        part = match.group("part")
        parts.append(part if part[0].isdigit() else part.lower())
        start = match.end()


def _fits(kind: str, parts: list[str]) -> bool:
    """Whether the bracketed parts follow the drafting order: (1)(a)(i), or (a)(i) below a Schedule."""
    if kind != "schedule" and parts:
        if not _PARAGRAPH.fullmatch(parts[0]):
            return False
        parts = parts[1:]
    if not parts:
        return True
    if len(parts) == 1:
        return bool(_LETTER.fullmatch(parts[0]) or _ROMAN.fullmatch(parts[0]))
    return len(parts) == 2 and bool(_LETTER.fullmatch(parts[0]) and _ROMAN.fullmatch(parts[1]))


def _unreadable(text: str, start: int, end: int, reason: str) -> CitationError:
    """The error for the piece of ``text`` from ``start`` to the next separator."""
    separator = re.compile(r"[,;&]").search(text, start, end)
    fragment = text[start : separator.start() if separator else end].strip()
    return CitationError(fragment, start, reason if fragment else "a provision is missing here.")
