"""A text in plain digits, spaces, hyphens and apostrophes, without what has no width."""

import re
from typing import Final
from unicodedata import category, normalize

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
    "\u2044\u2215\uff01-\uff5e\ufe50-\ufe6b\U0001d400-\U0001d7ff]"
)
_SPACES: Final = frozenset("\u115f\u1160\u2028\u2029\u2800\u3164\uffa0")
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
    if _INVISIBLE.search(text):
        hidden = set(_INVISIBLE.findall(text))
        places = [place for place, one in enumerate(text) if one not in hidden]
        text = _INVISIBLE.sub("", text)
    odd = set(_ODD.findall(text))
    return (text.translate({ord(one): _plain(one) for one in odd}) if odd else text), places


def _plain(one: str) -> str:
    """One character for one: what stands for ``one`` in the patterns."""
    if one.isdecimal():
        return str(int(one))
    for alike, plain in _DRAWN_ALIKE:
        if one in alike:
            return plain
    kind = category(one)
    if kind in ("Zs", "Cc"):
        return " "
    if kind == "Pd":
        return "-"
    plain = normalize("NFKC", one)
    return plain if len(plain) == 1 else one
