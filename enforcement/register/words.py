"""What can be found on the register, and what was typed to find it, as words and marks. Pure.

A word is folded (capitals, accents, apostrophes and signs make no difference), so no database is ever handed
an operator that somebody typed. A mark is a fact with a name, ``_year_2021`` or ``_cites_6_5_b``: it begins
with an underscore, which no word holds, so nothing typed is ever taken for one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
_LAST_REGULATION: Final = 22
"""Of the 2017 Regulations: a higher number beside a citation is a word."""
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH: Final = "|".join(("sept", *(f"{each[:3]}(?:{each[3:]})?" for each in _MONTHS)))
_DATES: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b", re.ASCII),
    re.compile(r"\b(?:(?P<day>\d{1,2})[/.])?(?P<number>\d{1,2})[/.](?P<year>\d{4})\b", re.ASCII),
    re.compile(
        rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\b[.,]?\s+(?P<year>\d{{4}})\b",
        re.ASCII | re.IGNORECASE,
    ),
)
"""A day or a month: 2023-11-14, 14/11/2023 and 11/2023, 14 November 2023 and Nov 2023."""
_CITED: Final = "\x00"
"""Stands where a citation was taken out of what was typed; nothing typed holds it."""
_WORD_OR_CITED: Final = re.compile(rf"[^\W_]+|{_CITED}")
_PART: Final = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: any of ``exact`` words and marks, or of words that begin with one of
    ``starts``. ``said`` is what it is, in words that go on from "that"; ``days``, the first and the last, is
    set where it is a year, a month or a day of service, and ``dated`` where that is a month or a day."""

    said: str
    exact: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    days: tuple[date, date] | None = None
    dated: bool = False


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
    """What ``typed`` asks for: a reference, postcodes and citations wherever they stand in it, with numbers
    beside a citation as others; a date, a month or a year as that of service; and each further word as the
    beginning of one."""
    left = typed[:LONGEST].replace("\x00", " ")
    terms: list[Term] = []
    whole = _cited(left)
    if whole is not None:
        terms, left = [whole], ""
    for pattern, make, instead in (
        (_REFERENCE, _reference, " "),
        *((pattern, _dated, " ") for pattern in _DATES),
        (_POSTCODE, _postcode, " "),
        (_CITATION, _citation, f" {_CITED} "),
    ):
        for match in pattern.finditer(left):
            found = make(match)
            if found is not None:
                terms.append(found)
                left = left.replace(match.group(), instead, 1)
    terms += _words(left)
    once = tuple(dict.fromkeys(terms))[:MOST_TERMS]
    return Sought(once, nothing=bool(typed.strip()) and not once)


def year_term(year: int) -> Term:
    """Served in that year."""
    days = (date(year, 1, 1), date(year, 12, 31))
    return Term(f"were served in {year}", (mark("year", str(year)),), days=days)


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


def _dated(match: re.Match[str]) -> Term | None:
    """Served on that day, or in that month; ``None`` for a day that there is not, 31 June."""
    said = match.groupdict()
    year, month = int(said["year"]), int(said.get("number") or 0)
    if said.get("month"):
        short = said["month"][:3].lower()
        month = 1 + next(at for at, each in enumerate(_MONTHS) if each.startswith(short))
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    last = monthrange(year, month)[1]
    in_words = f"{_MONTHS[month - 1].capitalize()} {year}"
    if said["day"] is None:
        days = (date(year, month, 1), date(year, month, last))
        return Term(f"were served in {in_words}", days=days, dated=True)
    day = int(said["day"])
    if not 1 <= day <= last:
        return None
    on = date(year, month, day)
    return Term(f"were served on {day} {in_words}", days=(on, on), dated=True)


def _words(text: str) -> Iterator[Term]:
    """The words that are left, a number of a regulation as that where it stands beside a citation, or beside
    another such number."""
    found = [each[:LONGEST_WORD] for each in _WORD_OR_CITED.findall(fold(text))]
    cited = {at for at, each in enumerate(found) if each == _CITED}
    for steps in (range(len(found)), range(len(found) - 1, -1, -1)):
        for at in steps:
            if _is_regulation(found[at]) and {at - 1, at + 1} & cited:
                cited.add(at)
    for at, word in enumerate(found):
        if word != _CITED:
            yield (_cited(word) if at in cited else None) or _word(word)


def _is_regulation(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 3 and 1 <= int(word) <= _LAST_REGULATION


def _word(word: str) -> Term:
    if _YEAR.fullmatch(word) and FIRST_YEAR <= int(word) <= LAST_YEAR:
        return year_term(int(word))
    if _OUTWARD.fullmatch(word):
        return Term(f"are of the postcode area {word.upper()}, or hold “{word}”", (word, mark("area", word)))
    singular = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else ""
    return Term(f"hold “{word}”", (singular,) if singular else (), (word,))
