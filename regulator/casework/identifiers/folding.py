"""A text in plain letters, digits, spaces, hyphens and apostrophes, without what has no width."""

import re
from typing import Final
from unicodedata import category, normalize

from regulator.casework.identifiers.lookalikes import BLANKS, alike

_HIDDEN: Final = (
    "\u00ad\u0300-\u036f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufeff"
)
_INVISIBLE: Final = re.compile(f"[{_HIDDEN}\U000e0000-\U000e0fff]")
"""Of no width, or drawn onto the character before: soft hyphens, joiners, directions, accents, tags."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ODD: Final = re.compile(
    "(?![0-9])\\d|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\u00a0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
    "\u2800\u3000\u3164\uffa0\u2010-\u2015\u2212\u2043\u2018\u2019\u02bc\u201b\u2022\u2027\u2219\u22c5\u30fb"
    "\u2044\u2215\uff01-\uff5e\ufe50-\ufe6b\U0001d400-\U0001d7ff"
    "\u017f\u02b0-\u02b8\u1d2c-\u1d6a\u2071\u207f\u2090-\u209c\u2100-\u214f\u24b6-\u24e9"
    "\u0131\u0237\u0250-\u02af\u1d00-\u1d22\ua730\ua731"
    "\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u1f00-\u1fff]"
)
"""What may stand for another sign: the last three lines are letters."""
_LIGATURE: Final = re.compile("[\u0132\u0133\ufb00-\ufb06]")
_SPACES: Final = BLANKS | {"\u2028", "\u2029"}
_HYPHENS: Final = frozenset("\u2212\u2043")
_APOSTROPHES: Final = frozenset("\u2018\u2019\u02bc\u201b")
_DOTS: Final = frozenset("\u2022\u2027\u2219\u22c5\u30fb")
_SLASHES: Final = frozenset("\u2044\u2215")
_DRAWN_ALIKE: Final = (
    (_SPACES, " "),
    (_HYPHENS, "-"),
    (_APOSTROPHES, "'"),
    (_DOTS, "·"),
    (_SLASHES, "/"),
)


def folded(text: str) -> tuple[str, list[int] | None]:
    """The text folded, and the place of each of its characters in the text as written (``None`` where they
    are the same)."""
    if text.isascii() and not _CONTROL.search(text):
        return text, None
    places = None
    if _LIGATURE.search(text):
        text, places = _apart(text)
    if _INVISIBLE.search(text):
        hidden = set(_INVISIBLE.findall(text))
        kept = [place for place, one in enumerate(text) if one not in hidden]
        places = kept if places is None else [places[each] for each in kept]
        text = _INVISIBLE.sub("", text)
    odd = set(_ODD.findall(text))
    return (text.translate({ord(one): _plain(one) for one in odd}) if odd else text), places


def _apart(text: str) -> tuple[str, list[int]]:
    """The text with its ligatures as the letters that they are made of, and where each came from."""
    made, places = list[str](), list[int]()
    for place, one in enumerate(text):
        letters = normalize("NFKC", one) if _LIGATURE.match(one) else one
        made.append(letters)
        places += [place] * len(letters)
    return "".join(made), places


def _plain(one: str) -> str:
    """One character for one: what stands for ``one`` in the patterns."""
    if one.isdecimal():
        return str(int(one))
    for signs, plain in _DRAWN_ALIKE:
        if one in signs:
            return plain
    kind = category(one)
    if kind in ("Zs", "Cc"):
        return " "
    if kind == "Pd":
        return "-"
    plain = normalize("NFKC", alike(one))
    return alike(plain) if len(plain) == 1 else one
