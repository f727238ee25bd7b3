"""Numbers as people write them: the one grammar of every box, of the criteria checker and of its API.

Pure. A point stands before the decimals; a comma parts thousands, and only where each group has three digits.
"""

import re
from decimal import Decimal
from typing import Final

__all__ = ["NotANumber", "number_of", "plain"]

_NUMBER: Final = re.compile(r"[+-]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)?(\.[0-9]+)?")
_DIGIT: Final = re.compile("[0-9]")
_NUMBER_WITH_COMMAS: Final = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*")


class NotANumber(ValueError):
    """What was written is no number. ``comma``: a comma stands where a point may have been meant, so that
    nobody can tell how much it is."""

    def __init__(self, *, comma: bool) -> None:
        super().__init__("a comma where a point may be meant" if comma else "no number")
        self.comma = comma


def number_of(text: str) -> Decimal:
    """The number, exactly as it was written; "-0" is 0. Raises ``NotANumber`` for any other text: exponents,
    infinities, other scripts' digits, and a comma that parts no thousands ("2,5", "0,200")."""
    written = text.strip()
    if not _NUMBER.fullmatch(written) or not _DIGIT.search(written):
        raise NotANumber(comma="," in written and _NUMBER_WITH_COMMAS.fullmatch(written) is not None)
    return _without_sign_of_nought(Decimal(written.replace(",", "")))


def plain(number: Decimal | int) -> str:
    """A number without exponent and without noughts after its last digit: "12.5", "1200"."""
    text = format(_without_sign_of_nought(Decimal(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_sign_of_nought(number: Decimal) -> Decimal:
    return number if number else number.copy_abs()
