"""How rates are told: for how many units, and in plain English. Pure; imports neither scipy nor Django."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

__all__ = [
    "MIDDLE_HALF",
    "NINE_IN_TEN",
    "WITHHELD",
    "band_in_words",
    "figure",
    "per",
    "two_figures",
    "units_of",
]

WITHHELD: Final = 0
MIDDLE_HALF: Final = 50
NINE_IN_TEN: Final = 90
"""Which share of the peers a band holds, in percent."""
_PER: Final = {"radiotherapy": 1_000}
_UNITS: Final = {"radiotherapy": "treatment episodes"}
_FIGURES: Final = 2


def per(modality: str) -> int:
    """For how many units of activity a rate is told: 1,000 episodes of radiotherapy, 10,000 examinations."""
    return _PER.get(modality, 10_000)


def units_of(modality: str) -> str:
    """What a rate is counted against: "10,000 examinations"."""
    return f"{per(modality):,} {_UNITS.get(modality, 'examinations')}"


def figure(value: Decimal) -> str:
    """A rate to two significant figures, and never in powers of ten: "2.1", "0.15", "130"."""
    if value == 0:
        return "0"
    return f"{two_figures(value, ROUND_HALF_EVEN):,f}"


def two_figures(value: Decimal, rounding: str) -> Decimal:
    """``value`` to two significant figures: 9.97 becomes 10, not 10.0."""
    for _ in range(2):
        value = value.quantize(Decimal(1).scaleb(value.adjusted() - _FIGURES + 1), rounding)
    return value


def band_in_words(band: int, low: Decimal | None, high: Decimal | None) -> str:
    """Where the peers lie: "Nine in ten: 1.0 to 4.2"; ``""`` where that is withheld."""
    if band == WITHHELD or low is None or high is None:
        return ""
    share = "Nine in ten" if band == NINE_IN_TEN else "The middle half"
    return f"{share}: {figure(low)} to {figure(high)}"
