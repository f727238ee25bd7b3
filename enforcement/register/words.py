"""What can be found on the register, and what was typed to find it, as words and marks. Pure.

A word is folded (capitals, accents, apostrophes and signs make no difference), so no database is ever handed
an operator that somebody typed. A mark is a fact with a name, ``_year_2021`` or ``_cites_6_5_b``: it begins
with an underscore, which no word holds, so nothing typed is ever taken for one.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR
from typing import Final
from unicodedata import combining, normalize

from regulator.legislation.citations import CitationError, parse_citations

__all__ = ["LONGEST", "Sought", "Term", "fold", "mark", "parents", "read", "words_of"]

LONGEST: Final = 200
"""Characters that may be typed into the search box."""
MOST_TERMS: Final = 16
"""Words that are looked for together; those after them are left out."""
LONGEST_WORD: Final = 60
FIRST_YEAR: Final = 1988
LAST_YEAR: Final = 2100

_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['’‘`´]")
_NOT_IN_A_MARK: Final = re.compile(r"[^0-9a-z]+")
_REFERENCE: Final = re.compile(r"\b([a-z]{3})[- ]?(\d{4})[- ]?(\d{5})[- ]?([0-9a-z])\b", re.IGNORECASE)
_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.IGNORECASE)
_OUTWARD: Final = re.compile(r"[a-z]{1,2}\d[a-z\d]?")
_YEAR: Final = re.compile(r"\d{4}")
_PARTS: Final = r"(?:\s*\(\s*\w{1,5}\s*\)|(?<=\))\s?(?:[ivx]{1,5}|[a-z])\b)"
_CITATION: Final = re.compile(
    rf"\b(?:(?:regulations?|regs?|schedule|sch|section)\b\.?\s*\d{{1,2}}[a-z]?{_PARTS}*|\d{{1,2}}[a-z]?{_PARTS}+)",
    re.IGNORECASE,
)
_SMALL_NUMBER: Final = re.compile(r"[1-9]\d?[a-z]?")
_PART: Final = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: any of ``exact`` words and marks, or of words that begin with one of
    ``starts``. ``said`` is what it is, in words that go on from "that"; ``year`` is set where it is a year
    of service."""

    said: str
    exact: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: all of ``terms``, in any order. ``nothing`` says that something was typed in
    which there is nothing that could be found: signs alone."""

    terms: tuple[Term, ...]
    nothing: bool = False


def fold(text: str) -> str:
    """``text`` without capitals, accents and apostrophes, ligatures made plain ("ﬁ" is "fi")."""
    plain = normalize("NFKD", _APOSTROPHES.sub("", text))
    return "".join(each for each in plain if not combining(each)).casefold()


def words_of(text: str) -> list[str]:
    """The words of ``text``, folded; what stands between them is left out."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def mark(kind: str, value: str) -> str:
    """The mark of a fact: ``mark("cites", "6(5)(b)")`` is ``_cites_6_5_b``."""
    return f"_{kind}_{_NOT_IN_A_MARK.sub('_', value.lower()).strip('_')}"


def parents(reference: str) -> tuple[str, ...]:
    """A canonical reference and what it is a part of: 6(5)(b), 6(5) and 6."""
    found = [reference]
    while (shorter := _PART.sub("", found[-1])) != found[-1]:
        found.append(shorter)
    return tuple(found)


def read(typed: str) -> Sought:
    """What ``typed`` asks for: a reference, postcodes and citations wherever they stand in it, a year as the
    year of service, and each further word as the beginning of one."""
    left = typed[:LONGEST].replace("\x00", " ")
    terms: list[Term] = []
    whole = _cited(left)
    if whole is not None:
        terms, left = [whole], ""
    for pattern, make in ((_REFERENCE, _reference), (_POSTCODE, _postcode), (_CITATION, _citation)):
        for match in pattern.finditer(left):
            found = make(match)
            if found is not None:
                terms.append(found)
                left = left.replace(match.group(), " ", 1)
    terms += [_word(word) for word in words_of(left)]
    once = tuple(dict.fromkeys(terms))[:MOST_TERMS]
    return Sought(once, nothing=bool(typed.strip()) and not once)


def year_term(year: int) -> Term:
    """Served in that year."""
    return Term(f"were served in {year}", (mark("year", str(year)),), year=year)


def cited_term(references: tuple[str, ...]) -> Term:
    """Citing any of these (canonical), or a part of one."""
    return Term(f"cite {' or '.join(references)}", tuple(mark("cites", each) for each in references))


def _cited(text: str) -> Term | None:
    """The whole of ``text`` as a citation; one bare number may be a word as well."""
    try:
        references = parse_citations(text)
    except CitationError:
        return None
    term = cited_term(references)
    bare = text.strip().lower()
    if _SMALL_NUMBER.fullmatch(bare):
        return Term(f"cite {references[0]} or hold the word “{bare}”", (*term.exact, bare))
    return term


def _citation(match: re.Match[str]) -> Term | None:
    return _cited(match.group())


def _reference(match: re.Match[str]) -> Term:
    parts = [each.upper() for each in match.groups()]
    return Term(f"have the reference {'-'.join(parts)}", (mark("reference", "".join(parts)),))


def _postcode(match: re.Match[str]) -> Term:
    outward, inward = (each.upper() for each in match.groups())
    return Term(f"are of the postcode {outward} {inward}", (mark("postcode", outward + inward),))


def _word(word: str) -> Term:
    if _YEAR.fullmatch(word) and FIRST_YEAR <= int(word) <= min(LAST_YEAR, MAXYEAR):
        return year_term(int(word))
    if _OUTWARD.fullmatch(word):
        return Term(f"are of the postcode area {word.upper()}, or hold “{word}”", (word, mark("area", word)))
    singular = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else ""
    return Term(f"hold “{word}”", (singular,) if singular else (), (word,))
