"""The form of a case reference: ``IRN-2026-00042-K``, made to be read out over the telephone.

Pure: how a reference is written and checked. Taking the next number, under a lock, is the service's business.
"""

import re

__all__ = ["check_character", "format_reference", "is_well_formed", "normalise"]

# 23 letters, so that the prime modulus has one letter for each remainder. I, O and S are left out of the
# check because they sound or look like 1, 0 and F or 5.
_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# A prefix draws on 23 letters as well, so that mistaking any one for another changes the remainder.
_PREFIX_LETTERS = "ABCDEFGHIJKLMNOPRSTUVWY"
_MODULUS = 23
# 5 generates every non-zero remainder of 23: no weight is 0, and neighbouring weights differ.
_GENERATOR = 5

_PREFIX = re.compile(rf"[{_PREFIX_LETTERS}]{{3}}")
_SHAPE = re.compile(
    rf"(?P<prefix>[{_PREFIX_LETTERS}]{{3}})-(?P<year>[0-9]{{4}})-(?P<number>[0-9]{{5}}|[1-9][0-9]{{5,}})"
    rf"-(?P<check>[{_CHECK_LETTERS}])"
)
_GAP = re.compile("[\\s\u2010-\u2015-]+")


def format_reference(prefix: str, year: int, number: int) -> str:
    """The reference of case ``number`` (from 1, within prefix and year), five digits or as many as it needs.

    ``prefix`` is three capitals (Q, X and Z are not used); ``ValueError`` for anything out of these bounds.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"a reference's prefix is three capitals other than Q, X and Z, not {prefix!r}")
    if not 1000 <= year <= 9999:
        raise ValueError(f"a reference's year has four digits, unlike {year}")
    if number < 1:
        raise ValueError(f"cases are numbered from 1, so there is no number {number}")
    return f"{prefix}-{year}-{number:05d}-{check_character(prefix, year, number)}"


def check_character(prefix: str, year: int, number: int) -> str:
    """The check letter: a sum modulo 23, weighted by powers of 5 from the right.

    It differs for every single wrong character and for every swap of two neighbouring characters.
    """
    characters = f"{prefix}{year:04d}{number:05d}"
    total = sum(
        _value(character) * pow(_GENERATOR, place, _MODULUS)
        for place, character in enumerate(reversed(characters))
    )
    return _CHECK_LETTERS[total % _MODULUS]


def normalise(text: str) -> str:
    """``text`` as a reference is written: capitals, one hyphen where spaces or dashes stood. Checks nothing."""
    return _GAP.sub("-", text.strip()).upper()


def is_well_formed(text: str) -> bool:
    """Whether ``text``, in either case and with spaces for hyphens, is a reference whose check letter fits."""
    match = _SHAPE.fullmatch(normalise(text))
    if match is None or not int(match["number"]):
        return False
    return match["check"] == check_character(match["prefix"], int(match["year"]), int(match["number"]))


def _value(character: str) -> int:
    return int(character) if character.isdigit() else _PREFIX_LETTERS.index(character)
