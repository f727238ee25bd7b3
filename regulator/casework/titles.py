"""A title and the name after it in folded text: "Mr Patel", "Dr O'Connor", "Mrs. Smith-Jones".

MR, DR and MS also mean imaging by magnetic resonance, digital radiography and an illness, and a miss is a
miss: words that follow or go before those in the field's own text are listed here.
"""

import re
from typing import Final

_TITLE: Final = re.compile(
    r"(?<![\w-])((?i:mrs?|ms|miss|mx|dr|doctor|prof(?:essor)?|revd?|reverend))(?:\.\s{0,3}|\s{1,3})"
    r"((?:[^\W\d_](?:\.\s?|\s)){0,3}(?:(?:van|von|de|der|den|la|le|du|di|da|dos|bin|ibn|al|el)[ -]){0,3})"
    r"([^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_])){1,39})(?![\w])"
)
_BEFORE_A_MISS: Final = re.compile(
    r"(?:near|geographical|total|partial|target|field|a|the|no|to)[ -]\Z", re.I
)
_LISTED: Final = """
    a an and any are as at be been by can could did do does for from had has have he her his i if in is it its
    may might must no nor not of on or our said says she should than that the their then there they this to
    was we were when where which while who whose will with would you your also asked called came confirmed
    after before during until unless but only both either neither because since so
    angiogram angiography based breast cardiac chair clinic clinical coil coils committee compatible
    conditional console contrast coordinator department departments detector detectors diffusion digital
    director elastography enterography equipment exam examination examinations exposure exposures facility
    female findings fusion general group guided image images imaging injection injector lead led line linac
    list lists machine machines male manager mode modality nurse office only operator operators optional
    patient patients pet physics physicist planning plate plates practitioner probability procedure protocol
    protocols quality radiographer radiographers radiography radiologist radiology radiotherapy rate referrer
    report reporting reports request requests research review room rooms safety scan scanned scanner scanners
    scanning scans sequence sequences service services simulation simulator site software spectroscopy spine
    staff study studies suite supervisor surgery system systems target targets team teams technique
    therapy unit units upgrade vendor version x-ray
    agfa canon carestream elekta fuji fujifilm ge hologic konica philips samsung shimadzu siemens toshiba
    united varian viewray
"""
_NOT_NAMES: Final = frozenset(_LISTED.split())
_ALWAYS_A_TITLE: Final = frozenset({"mrs", "Mrs", "Mr"})


def names(text: str) -> list[tuple[int, int]]:
    """Where a title and a surname stand, from the title on. A role ("Operator A", "Dr A") is no name."""
    return [match.span() for match in _TITLE.finditer(text) if _is_name(text, match)]


def _is_name(text: str, match: "re.Match[str]") -> bool:
    title, between, surname = match.groups()
    if surname.casefold().rstrip("'s") in _NOT_NAMES or surname.casefold() in _NOT_NAMES:
        return False
    if title.casefold() == "miss" and _BEFORE_A_MISS.search(text[max(0, match.start() - 14) : match.start()]):
        return False
    if title in ("ms", "MS") and not surname.isupper():
        return False
    if not surname[0].isupper():
        return title in _ALWAYS_A_TITLE and not between and len(surname) > 2
    return len(surname) > 2 or not surname.isupper()
