"""Letters of other alphabets, and odd forms of Latin ones, that a reader takes for A to Z. Pure.

Here is what Unicode's own decomposition does not know: to it a Cyrillic "а" is another letter altogether.
Accented letters of Welsh, Polish or Irish are no look-alikes, and none is listed. Nor is Greek mu, with which
units are written ("µSv").
"""

from typing import Final
from unicodedata import normalize

__all__ = ["BLANKS", "LOOK_ALIKES", "alike"]

BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing, and are as wide as a space."""
LOOK_ALIKES: Final = {
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
    "C": "\u0421\u03f9",
    "E": "\u0415\u0395",
    "F": "\u03dc",
    "G": "\u050c",
    "H": "\u041d\u0397",
    "I": "\u0406\u0399\u04c0",
    "J": "\u0408\u037f",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "N": "\u039d",
    "O": "\u041e\u039f\u0555",
    "P": "\u0420\u03a1",
    "Q": "\u051a",
    "S": "\u0405\u054f",
    "T": "\u0422\u03a4",
    "U": "\u054d",
    "V": "\u0474",
    "W": "\u051c",
    "X": "\u0425\u03a7",
    "Y": "\u0423\u04ae\u03a5",
    "Z": "\u0396",
    "a": "\u0430\u03b1\u0251\u1d00",
    "b": "\u0432\u044c\u042c\u0299",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u1d05",
    "e": "\u0435\u04bd\u0454\u03b5\u1d07",
    "f": "\ua730",
    "g": "\u0261\u050d\u0262",
    "h": "\u04bb\u043d\u029c",
    "i": "\u0456\u03b9\u0131\u0269\u026a",
    "j": "\u0458\u03f3\u0237\u1d0a",
    "k": "\u043a\u03ba\u1d0b",
    "l": "\u04cf\u029f",
    "m": "\u043c\u1d0d",
    "n": "\u043f\u03b7\u0274\u0578",
    "o": "\u043e\u03bf\u03c3\u1d0f\u0585",
    "p": "\u0440\u03c1\u1d18",
    "q": "\u051b\u0566",
    "r": "\u0433\u0280",
    "s": "\u0455\ua731",
    "t": "\u0442\u03c4\u1d1b",
    "u": "\u03c5\u057d\u1d1c",
    "v": "\u03bd\u0475\u1d20",
    "w": "\u051d\u03c9\u0461\u1d21",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3\u028f",
    "z": "\u1d22",
}
"""By Latin letter the Cyrillic, Greek and Armenian letters that look like it, and Latin's own small capitals
and letters without their dot."""
_LATIN: Final = {sign: letter for letter, signs in LOOK_ALIKES.items() for sign in signs}


def alike(sign: str) -> str:
    """The Latin letter that ``sign`` is drawn like, with an accent or without; ``sign`` for any other."""
    return _LATIN.get(sign) or _LATIN.get(normalize("NFD", sign)[0], sign)
