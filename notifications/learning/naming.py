"""What in a text for the public says who or where it was: names of the employer, its sites and people, their
codes and postcodes, the reference of a case, exact days. Pure.

``certain`` is what must go; the rest, single words and initials of names, are ordinary words as well: those
stay for a stated reason that a second person confirms.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Found", "Known", "abbreviations", "distinctive", "look"]

_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAYS: Final = re.compile(
    rf"(?<![\w/.-])(?:{_DAY}[/-]{_MONTH}[/-](?:\d{{4}}|\d{{2}})|{_DAY}\.{_MONTH}\.\d{{4}}"
    rf"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w/-])"
    rf"|(?<!\w){_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b\.?(?:,?\s+\d{{4}})?"
    rf"|(?<!\w)(?:{_MONTHS})\.?\s+{_DAY}(?:st|nd|rd|th)?(?!\d|\w)(?:,?\s+\d{{4}})?"
)
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


@dataclass(frozen=True, slots=True)
class Known:
    """What is held about one case that the public must not read: whole ``names`` of employer and sites, their
    ``codes`` and ``postcodes``, and the whole names of ``people``."""

    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


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
    """Everything found, each once a field; a word inside something certain is not told a second time."""
    told: list[Found] = []
    for field, text in texts.items():
        certain = [Found(field, what, found, True) for what, found in _certain(text, known)]
        rest = text
        for each in certain:
            rest = rest.replace(each.text, " ")
        doubtful = [Found(field, what, found, False) for what, found in _doubtful(rest, known)]
        told += dict.fromkeys([*certain, *doubtful])
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


def _certain(text: str, known: Known) -> Iterator[tuple[str, str]]:
    yield from (("the reference of a case", match.group()) for match in _REFERENCE.finditer(text))
    yield from (("an exact day", match.group()) for match in _DAYS.finditer(text))
    yield from _standing(_A_NAME, _wholes(filter(_is_telling, known.names)), text)
    yield from _standing(_A_PERSON, _wholes(each for each in known.people if len(each.split()) > 1), text)
    yield from _standing("a code of the employer or a site", _wholes(known.codes), text)
    codes = (rf"{re.escape(each.replace(' ', '')[:-3])}\s?{re.escape(each[-3:])}" for each in known.postcodes)
    yield from _standing("a postcode of the employer", codes, text)


def _doubtful(text: str, known: Known) -> Iterator[tuple[str, str]]:
    common = (each for each in known.names if not _is_telling(each) and len(each.split()) > 1)
    yield from _standing(_A_NAME, _wholes(common), text)
    yield from _standing(_A_PERSON, _wholes(each for each in known.people if len(each.split()) == 1), text)
    words = (re.escape(word) for name in known.names for word in distinctive(name))
    yield from _standing("a word of the employer’s or a site’s name", words, text)
    letters = (re.escape(each) for name in known.names for each in abbreviations(name))
    yield from _standing("initials of the employer or a site", letters, text, exact=True)
    areas = (re.escape(each.replace(" ", "")[:-3]) for each in known.postcodes)
    yield from _standing("a postcode area of the employer", areas, text, exact=True)


def _standing(
    what: str, patterns: Iterable[str], text: str, *, exact: bool = False
) -> Iterator[tuple[str, str]]:
    for pattern in dict.fromkeys(patterns):
        flags = re.NOFLAG if exact else re.IGNORECASE
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, flags):
            yield what, match.group()


def _is_telling(name: str) -> bool:
    """Whether a whole name says which employer or site it is. One of a word or two that many bear ("X-ray
    department") does not."""
    return bool(distinctive(name)) or len(re.findall(r"\w+", name)) >= _TELLING_WORDS


def _wholes(names: Iterable[str]) -> Iterator[str]:
    """Each name as a pattern, however it is spaced and pointed."""
    for name in names:
        parts = re.findall(r"\w+", name)
        if parts:
            yield r"\W+".join(map(re.escape, parts))


def _initials(words: Sequence[str]) -> str:
    return "".join(each[0].upper() for each in words)


def _plain(word: str) -> str:
    return re.sub(r"['’]", "", word).casefold()
