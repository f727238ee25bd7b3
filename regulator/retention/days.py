"""Years counted to the day: when what was closed on one day is due, and what was closed early enough by
another. Pure.
"""

import calendar
from datetime import date
from typing import Final

FIRST_YEAR: Final = date.min.year


def years_later(day: date, years: int) -> date:
    """The same day ``years`` calendar years on; of 29 February the 28th where that year has no 29th.

    Raises ``ValueError`` beyond the last year of the calendar.
    """
    year = day.year + years
    if _is_leap_day(day) and not calendar.isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def last_closing(as_of: date, years: int) -> date | None:
    """The last day of closing that is ``years`` years gone by on ``as_of``: ``years_later`` turned round.

    ``None`` where no day of the calendar is so long ago.
    """
    year = as_of.year - years
    if year < FIRST_YEAR:
        return None
    if (as_of.month, as_of.day) == (2, 28) and calendar.isleap(year) and not calendar.isleap(as_of.year):
        return date(year, 2, 29)
    if _is_leap_day(as_of) and not calendar.isleap(year):
        return date(year, 2, 28)
    return as_of.replace(year=year)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
