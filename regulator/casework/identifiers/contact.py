"""E-mail addresses and telephone numbers; in folded text."""

import re
from typing import Final

from regulator.casework.identifiers.devices import is_of_a_device

_AT: Final = re.compile(r"(?<=[\w%+'-])@(?=[^\W_])(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
_SPACED_AT: Final = re.compile(
    r"[ \t]?(?:@|[(\[{] ?at ?[)\]}])[ \t]?(?=[^\W_])"
    r"(?:[\w-]{1,63}(?:\.|[ \t]?[(\[{] ?dot ?[)\]}][ \t]?)){1,8}"
    r"(?:uk|com|net|org|eu|ie|info|example|invalid)(?![\w-])",
    re.I,
)
"""Spaced out or spelled out so that programs should not see it; only with an ending that is known."""
_LOCAL_PART: Final = 64
_GAP: Final = r"[ \t().-]{0,2}"
_SPACE: Final = r"[ \t\r\n.-]{1,3}"
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z./+-])(?:"
    rf"\(?(?:\+|00 ?)44\)?[ \t.-]{{0,2}}(?:\(?0\)?)?{_GAP}[1-9](?:{_GAP}[0-9]){{8,9}}"
    r"|\+[1-9][0-9]{0,2}[ -]?\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,4}"
    rf"|\(?0[1-9][0-9]{{9}}"
    rf"|\(?0[1-9][0-9]{{1,3}}\)?{_SPACE}[0-9]{{2,4}}[ \t\r\n.-]{{0,3}}[0-9]{{3,4}}"
    rf"|\(0[1-9][0-9]{{1,3}}\)[0-9]{{5,8}}"
    rf"|0[1-9][0-9]{{3}}(?:{_SPACE}|/)[0-9]{{5,6}}"
    r"|0 7[0-9]{3} ?[0-9]{3} ?[0-9]{3}|07 [0-9]{3} [0-9]{3} [0-9]{3}"
    r")(?![0-9]|\.[0-9]|[-/][0-9]{2})"
)


def emails(text: str) -> list[tuple[int, int]]:
    """Where e-mail addresses stand, in any script."""
    found = []
    for match in (*_AT.finditer(text), *_SPACED_AT.finditer(text)):
        start = match.start()
        least = max(0, start - _LOCAL_PART)
        while start > least and (text[start - 1].isalnum() or text[start - 1] in "._%+'-"):
            start -= 1
        if start < match.start():
            found.append((start, match.end()))
    return found


def phones(text: str) -> list[tuple[int, int]]:
    """UK numbers: from abroad (+44, 0044), or with an area code of three to five digits, 10 or 11 in all; and
    those of other countries with their plus."""
    return [
        match.span()
        for match in _PHONE.finditer(text)
        if _is_long_enough(match[0]) and not is_of_a_device(text, match.start())
    ]


def _is_long_enough(written: str) -> bool:
    digits = sum(one.isdecimal() for one in written)
    if "44" in written[:6]:
        return True
    return 9 <= digits <= 15 if written.startswith("+") else digits in (10, 11)
