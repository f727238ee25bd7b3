"""Amounts with their units, converted exactly: every unit here is a power of ten of another.

Pure. An amount is a ``Decimal`` in the base unit of its dimension: mSv, mGy, cGy·cm² or MBq. What a number
is, ``regulator.frontend.numbers`` says.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from regulator.frontend.numbers import NotANumber
from regulator.frontend.numbers import number_of as read_number

__all__ = ["UNITS", "Bounds", "Dimension", "NotAnAmount", "in_base_unit", "number_of", "units_of"]

_MOST_DIGITS: Final = 20
_LARGEST: Final = Decimal("1e12")


class NotAnAmount(ValueError):
    """What was given is no amount of the dimension asked for; the message says why, in plain words."""


class Dimension(Enum):
    """What is measured; the value is how a sentence names it."""

    EFFECTIVE_DOSE = "an effective dose"
    ABSORBED_DOSE = "an absorbed dose"
    DOSE_AREA_PRODUCT = "a dose-area product"
    ACTIVITY = "an activity"


@dataclass(frozen=True, slots=True)
class Unit:
    """``symbol`` is ten to the ``exponent`` base units of its dimension."""

    symbol: str
    dimension: Dimension
    exponent: int


UNITS: Final[dict[str, Unit]] = {
    unit.symbol: unit
    for unit in (
        Unit("mSv", Dimension.EFFECTIVE_DOSE, 0),
        Unit("µSv", Dimension.EFFECTIVE_DOSE, -3),
        Unit("Sv", Dimension.EFFECTIVE_DOSE, 3),
        Unit("mGy", Dimension.ABSORBED_DOSE, 0),
        Unit("Gy", Dimension.ABSORBED_DOSE, 3),
        Unit("cGy·cm²", Dimension.DOSE_AREA_PRODUCT, 0),
        Unit("MBq", Dimension.ACTIVITY, 0),
        Unit("kBq", Dimension.ACTIVITY, -3),
        Unit("GBq", Dimension.ACTIVITY, 3),
    )
}
"""The units by their symbol, the base unit of each dimension first."""

_ALSO_WRITTEN: Final = {
    "μSv": "µSv",
    "uSv": "µSv",
    "cGycm2": "cGy·cm²",
    "cGy.cm2": "cGy·cm²",
    "cGycm²": "cGy·cm²",
}


def units_of(dimension: Dimension) -> tuple[str, ...]:
    """The symbols that fit ``dimension``, its base unit first."""
    return tuple(unit.symbol for unit in UNITS.values() if unit.dimension is dimension)


def in_base_unit(number: str, unit: str, dimension: Dimension) -> Decimal:
    """The amount in the base unit of ``dimension``, exactly as it was written.

    An empty ``unit`` stands for the base unit. ``NotAnAmount`` for a unit that does not fit, a negative
    number, one that no dose or activity can be, and anything that is no number.
    """
    amount = number_of(number)
    symbol = unit.strip() or units_of(dimension)[0]
    found = UNITS.get(_ALSO_WRITTEN.get(symbol, symbol))
    fitting = " or ".join(units_of(dimension))
    if found is None:
        raise NotAnAmount(f"“{symbol[:20]}” is not a unit that is known here. Use {fitting}.")
    if found.dimension is not dimension:
        raise NotAnAmount(f"{found.symbol} does not measure {dimension.value}. Use {fitting}.")
    return amount.scaleb(found.exponent)


def number_of(text: str) -> Decimal:
    """A number that is not negative, with at most 20 digits. ``NotAnAmount`` for any other."""
    try:
        number = read_number(text)
    except NotANumber as refused:
        comma = "Use a point, not a comma, before the decimals, like 0.25."
        raise NotAnAmount(comma if refused.comma else "Enter a number, like 3 or 0.25.") from None
    if number < 0:
        raise NotAnAmount("Enter 0 or more.")
    if len(number.as_tuple().digits) > _MOST_DIGITS or number > _LARGEST or number.adjusted() < -_MOST_DIGITS:
        raise NotAnAmount("Enter a number of a sensible size, with at most 20 digits.")
    return number


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large and how fine an answer may be: as a draft keeps it, in ``unit``."""

    digits: int
    places: int
    unit: str = ""

    @property
    def limit(self) -> Decimal:
        """What every answer is less than."""
        return Decimal(10) ** (self.digits - self.places)

    @property
    def words(self) -> str:
        """What stands beside the question."""
        unit = f" {self.unit}" if self.unit else ""
        kept = f", in {self.unit}" if self.unit else ""
        return f"Less than {self.limit:,}{unit}, with at most {self.places} decimal places{kept}."

    def within(self, number: Decimal) -> Decimal:
        """``number`` without noughts after its last digit. ``NotAnAmount`` where it is too large or fine."""
        whole = number == number.to_integral_value()
        written = number.quantize(Decimal(1)) if whole else number.normalize()
        if number >= self.limit or -int(written.as_tuple().exponent) > self.places:
            raise NotAnAmount(f"Enter a number that can be kept. {self.words}")
        return written
