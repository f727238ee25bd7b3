"""Periods that figures are counted over. CQC's IR(ME)R reporting year runs from 1 April to 31 March."""

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["Period", "reporting_year", "reporting_year_of"]

_LABEL = re.compile(r"(?P<first>[0-9]{4})/(?P<second>[0-9]{2})")
_FIRST_MONTH = 4


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included."""

    label: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the period {self.label} ends on {self.end}, before it starts on {self.start}")

    def contains(self, day: date) -> bool:
        """Whether ``day`` falls within the period, its first and last day included."""
        return self.start <= day <= self.end


def reporting_year(label: str) -> Period:
    """The reporting year written ``2023/24``: 1 April 2023 to 31 March 2024.

    ``ValueError`` says in plain words what is wrong with any other label.
    """
    match = _LABEL.fullmatch(label)
    if match is None:
        raise ValueError(f'"{label}" is not a reporting year: write it like 2023/24.')
    first = int(match["first"])
    if not 1900 <= first <= 2999 or int(match["second"]) != (first + 1) % 100:
        raise ValueError(
            f'"{label}" is not a reporting year: the second year follows the first, as in 2023/24.'
        )
    return Period(label=label, start=date(first, _FIRST_MONTH, 1), end=date(first + 1, _FIRST_MONTH - 1, 31))


def reporting_year_of(day: date) -> Period:
    """The reporting year that ``day`` falls in."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return reporting_year(f"{first}/{(first + 1) % 100:02d}")
