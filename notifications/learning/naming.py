"""What in a text for the public says who or where it was: names of the employer, its sites and people, their
codes and postcodes, the reference of a case, exact days. Pure.

``certain`` is what must go; the rest, single words and initials of names, are ordinary words as well: those
stay for a stated reason that a second person confirms.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias
from unicodedata import category, normalize

from regulator.casework.identifiers import BLANKS, alike

__all__ = ["Found", "Known", "abbreviations", "distinctive", "look"]

_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_AS_NAMES: Final = (
    rf"(?:{_MONTHS}|{_MONTHS.upper().replace('SEPT?', 'SEPT|SEP')}"
    "|january|february|april|june|july|august|september|october|november|december)"
)
"""Months as they are written; "march" and "may" in small letters are words."""
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_NTH: Final = rf"{_DAY}(?:st|nd|rd|th)?"
_IN_WORDS: Final = (
    "(?i:(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    "|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_YEAR: Final = r"(?:19|20)\d\d"
_DAYS: Final = re.compile(
    rf"(?<![\w/.-])(?:{_DAY}[/-]{_MONTH}[/-](?:\d{{4}}|\d{{2}})|{_DAY}\.{_MONTH}\.\d{{4}}"
    rf"|{_YEAR}([-/.]){_MONTH}\1{_DAY})(?![\w/-])"
    rf"|(?<!\w){_DAY}([-/.]?)(?i:{_MONTHS})\2(?:{_YEAR}|\d{{2}})(?!\w)"
    rf"|(?<!\w)(?:{_NTH}|{_IN_WORDS})\s+(?:(?:day\s+)?of\s+)?(?i:{_MONTHS})\b\.?,?\s+{_YEAR}(?!\w)"
    rf"|(?<!\w)(?:{_NTH}\s+(?:(?:day\s+)?of\s+)?|{_IN_WORDS}\s+(?:day\s+)?of\s+){_AS_NAMES}\b\.?"
    rf"|(?<!\w)(?i:{_MONTHS})\.?\s+(?:the\s+)?(?:{_NTH}|{_IN_WORDS}),?\s+{_YEAR}(?!\w)"
    rf"|(?<!\w){_AS_NAMES}\.?\s+(?:the\s+)?{_NTH}(?!\d|\w)"
)
_PERHAPS_DAYS: Final = re.compile(rf"(?<!\w){_AS_NAMES}\s+the\s+{_IN_WORDS}(?!\w)")
"""\"In March the third scanner was replaced\" names no day."""
_DOTTED: Final = re.compile(rf"(?<![\w/.-]){_DAY}\.{_MONTH}\.\d{{2}}(?![\w/-]|\.\d)")
_OF_A_VERSION: Final = re.compile(
    r"(?<!\w)(?:version|release|build|firmware|software|section|paragraph|v)\.?\s*$", re.IGNORECASE
)
_PADDED: Final = len("03.04.26")
_Hit: TypeAlias = tuple[str, int, int]
"""What it is in words, and where it begins and ends in the text as it is compared."""
_REFERENCE: Final = re.compile(r"(?<!\w)IR[A-Z][\s-]?\d{4}[\s-]?\d{5}[\s-]?[0-9A-Z](?!\w)", re.IGNORECASE)
_SMALL: Final = frozenset({"a", "and", "at", "for", "in", "of", "on", "the"})
_LEGAL: Final = frozenset({"nhs", "foundation", "trust", "limited", "ltd", "plc", "llp"})
_COMMON: Final = """
    acute care cancer centre center chiropractic clinic clinics clinical community company dental dentist
    department diagnostic diagnostics district east employer general group health healthcare hospital
    hospitals house imaging infirmary institute international invented medical medicine mobile national new
    north northern nuclear oncology partnership practice private provider radiology radiotherapy road royal
    scanning service services site south southern spire street surgery teaching treatment unit university
    west western women children childrens xray
"""
_GENERIC: Final = _SMALL | _LEGAL | frozenset(_COMMON.split())
"""Words that stand in the names of many employers, and in many sentences."""
_OF_THE_FIELD: Final = frozenset(
    {"CBCT", "CQC", "DRL", "ECG", "FDG", "HDR", "MPE", "MRI", "NHS", "PACS", "PET", "QA", "RIS", "RPS", "SOP"}
)
_SHORTEST_WORD: Final = 4
_SHORTEST_INITIALS: Final = 3
_TELLING_WORDS: Final = 3
_A_NAME: Final = "the name of the employer or a site"
_A_PERSON: Final = "the name of a person"
_A_CODE: Final = "a code or a reference held of the case, its employer or a site"
_APOSTROPHES: Final = frozenset("'’‘‛`´ʼʹ′＇")
_UNSEEN: Final = ("Mn", "Me", "Cf")
"""Marks on the letter before, and what has no width."""
_DASHES: Final = frozenset("‐‑‒–—―−⁃")


@dataclass(frozen=True, slots=True)
class Known:
    """What is held about one case that the public must not read: whole ``names`` of employer and sites, also
    former ones, ``codes`` of theirs and of the case, ``postcodes``, and the whole names of ``people``;
    ``equipment`` is make and model, ``elsewhere`` the names of other employers."""

    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def folded(self) -> "Known":
        """The same as it is compared."""
        return Known(*(tuple(_fold(each)[0] for each in getattr(self, one.name)) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: in which field, what it is in words, how it stands there, whether it must go."""

    field: str
    what: str
    text: str
    certain: bool

    @property
    def told(self) -> str:
        return f"{self.what} (“{self.text}”)"


def look(texts: Mapping[str, str], known: Known) -> list[Found]:
    """Everything found, each once a field and as it stands there; a word inside something certain is not told
    a second time. Signs that nobody sees, accents, widths of letters, letters of other alphabets that look
    like Latin ones and kinds of apostrophes or dashes make no difference."""
    told: list[Found] = []
    held = known.folded()
    others = frozenset(_plain(word) for name in held.elsewhere for word in distinctive(name))
    for field, text in texts.items():
        folded, places = _fold(text)
        musts = list(_certain(folded, held))
        rest = folded
        for _, start, end in musts:
            rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
        doubts = [*_doubtful(rest, held), *_of_others(rest, others)]
        hits = [*((hit, True) for hit in musts), *((hit, False) for hit in doubts)]
        found = (
            Found(field, what, text[places[start] : places[end - 1] + 1], certain)
            for (what, start, end), certain in hits
        )
        told += dict.fromkeys(found)
    return told


def distinctive(name: str) -> list[str]:
    """The words of a name that stand in few others: those by which people know it."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name)
    return [each for each in words if len(each) >= _SHORTEST_WORD and _plain(each) not in _GENERIC]


def abbreviations(name: str) -> list[str]:
    """The initials by which a name may be known: of all its words, without its legal form, and with the
    endings that trusts use."""
    words = [each for each in re.findall(r"[^\W\d_]+", name) if each.casefold() not in _SMALL]
    short = [each for each in words if each.casefold() not in _LEGAL]
    whole, core = _initials(words), _initials(short)
    made = [whole, core, *(f"{core}{end}" for end in ("T", "FT", "NHSFT", "NHST"))]
    kept = (each for each in made if len(each) >= _SHORTEST_INITIALS and len(core) > 1)
    return [each for each in dict.fromkeys(kept) if each not in _OF_THE_FIELD]


def _certain(text: str, known: Known) -> Iterator[_Hit]:
    yield from (("the reference of a case", *match.span()) for match in _REFERENCE.finditer(text))
    yield from (("an exact day", *match.span()) for match in _DAYS.finditer(text))
    yield from (("an exact day", *match.span()) for match, certain in _dotted(text) if certain)
    yield from _standing(_A_NAME, _wholes(filter(_is_telling, known.names)), text)
    yield from _standing(_A_PERSON, _wholes(each for each in known.people if len(each.split()) > 1), text)
    yield from _standing(_A_CODE, _wholes(known.codes), text)
    codes = (rf"{re.escape(each.replace(' ', '')[:-3])}\s?{re.escape(each[-3:])}" for each in known.postcodes)
    yield from _standing("a postcode of the employer", codes, text)


def _doubtful(text: str, known: Known) -> Iterator[_Hit]:
    yield from (("what may be an exact day", *match.span()) for match in _PERHAPS_DAYS.finditer(text))
    yield from (
        ("what may be an exact day", *match.span()) for match, certain in _dotted(text) if not certain
    )
    common = (each for each in known.names if not _is_telling(each) and len(each.split()) > 1)
    yield from _standing(_A_NAME, _wholes(common), text)
    yield from _standing(_A_PERSON, _wholes(each for each in known.people if len(each.split()) == 1), text)
    first, last = _parts_of(known.people)
    yield from _standing("a part of a person’s name", map(_pattern, last), text)
    yield from _standing("a part of a person’s name", map(_pattern, first), text, exact=True)
    words = (_stem(word) for name in known.names for word in distinctive(name))
    yield from _standing("a word of the employer’s or a site’s name", words, text)
    letters = (re.escape(each) for name in known.names for each in abbreviations(name))
    yield from _standing("initials of the employer or a site", letters, text, exact=True)
    areas = (re.escape(each.replace(" ", "")[:-3]) for each in known.postcodes)
    yield from _standing("a postcode area of the employer", areas, text, exact=True)
    yield from _standing("the make or model of the equipment", _wholes(known.equipment), text)


def _dotted(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Days like 03.04.26, and whether they are certain: 2.1.10 may be a version, and is one where that is
    said."""
    for match in _DOTTED.finditer(text):
        of_version = _OF_A_VERSION.search(text[: match.start()]) is not None
        padded = len(match.group()) == _PADDED
        if padded or not of_version:
            yield match, padded and not of_version


def _of_others(text: str, words: frozenset[str]) -> Iterator[_Hit]:
    """Words that stand in another employer's name, where they are written as names are."""
    for match in re.finditer(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text):
        found = match.group()
        if found[0].isupper() and (_plain(found) in words or _plain(found.removesuffix("'s")) in words):
            yield "a word of another employer’s name", *match.span()


def _parts_of(people: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names before the last, as they are written and in capitals, and the last ones; of whole names, each
    of 4 letters or more. A last name is looked for in any letters, the others ("Will") as names alone."""
    first, last = list[str](), list[str]()
    for person in people:
        words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", person)
        if len(words) > 1:
            first += [form for each in words[:-1] for form in (each, each.upper())]
            last.append(words[-1])
    return (
        [each for each in first if len(each) >= _SHORTEST_WORD],
        [each for each in last if len(each) >= _SHORTEST_WORD],
    )


def _standing(what: str, patterns: Iterable[str], text: str, *, exact: bool = False) -> Iterator[_Hit]:
    for pattern in dict.fromkeys(patterns):
        flags = re.NOFLAG if exact else re.IGNORECASE
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, flags):
            yield what, *match.span()


def _is_telling(name: str) -> bool:
    """Whether a whole name says which employer or site it is. One of a word or two that many bear ("X-ray
    department") does not."""
    return bool(distinctive(name)) or len(re.findall(r"\w+", name)) >= _TELLING_WORDS


def _wholes(names: Iterable[str]) -> Iterator[str]:
    """Each name as a pattern, however it is spaced, pointed or run together."""
    for name in names:
        parts = re.findall(r"\w+(?:'\w+)*", name)
        if parts:
            yield r"\W*".join(map(_pattern, parts))


def _pattern(word: str) -> str:
    """One word, with its apostrophes or without."""
    return r"\W?".join("'?".join(map(re.escape, each)) for each in re.split(r"['-]", word) if each)


def _stem(word: str) -> str:
    """A word of a name, also without its ending: "Mary" of "St Mary's"."""
    stem = word.removesuffix("'s")
    return rf"{_pattern(stem)}(?:'?s)?" if stem != word and len(stem) >= _SHORTEST_WORD else _pattern(word)


def _initials(words: Sequence[str]) -> str:
    return "".join(each[0].upper() for each in words)


def _plain(word: str) -> str:
    return re.sub(r"['’]", "", word).casefold()


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """``text`` as it is compared, and where in it each character came from."""
    if text.isascii():
        return text.replace("`", "'"), range(len(text))
    made, places = list[str](), list[int]()
    for place, sign in enumerate(text):
        for each in _folded(sign):
            made.append(each)
            places.append(place)
    return "".join(made), places


def _folded(sign: str) -> str:
    if sign in _APOSTROPHES:
        return "'"
    if sign in _DASHES:
        return "-"
    if sign.isascii():
        return sign
    if sign in BLANKS:
        return " "
    drawn = (each for each in normalize("NFKD", alike(sign)) if category(each) not in _UNSEEN)
    return "".join(map(alike, drawn))
