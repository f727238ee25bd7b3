"""The calendar that deadlines are counted in: calendar days, and working days in England and Wales.

Pure. Which deadline runs in which kind of day is said where the deadline is declared. "n days after" a date
counts the day after it as day 1, so 14 days after 1 March is 15 March. Bank holidays come from the copy of
GOV.UK's list that is packaged with ``govuk-bank-holidays``; nothing here asks the network.
"""

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

__all__ = [
    "add_calendar_days",
    "add_working_days",
    "bank_holidays_within",
    "beyond_horizon",
    "horizon",
    "is_working_day",
]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def _bank_holidays() -> frozenset[date]:
    known = BankHolidays(use_cached_holidays=True)
    return frozenset(event["date"] for event in known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


@cache
def horizon() -> date:
    """The last date for which bank holidays are known: the end of the last year listed up to Christmas."""
    return date(max(day.year for day in _bank_holidays() if day.month == 12), 12, 31)


def beyond_horizon(day: date) -> bool:
    """Whether ``day`` is past the bank holidays known: then only weekends are left out, and callers warn."""
    return day > horizon()


def is_working_day(day: date) -> bool:
    """Whether ``day`` is neither a Saturday, a Sunday nor a bank holiday in England and Wales."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays()


def bank_holidays_within(start: date, end: date) -> list[date]:
    """The bank holidays after ``start`` up to ``end`` that would be working days else, in their order."""
    return sorted(day for day in _bank_holidays() if start < day <= end and day.weekday() < _SATURDAY)


def add_calendar_days(start: date, n: int) -> date:
    """The date ``n`` calendar days after ``start``; ``ValueError`` for a negative ``n``."""
    _refuse_negative(n)
    return start + timedelta(days=n)


def add_working_days(start: date, n: int) -> date:
    """The ``n``-th working day after ``start``, which need not be one itself; ``start`` when ``n`` is 0.

    ``ValueError`` for a negative ``n``.
    """
    _refuse_negative(n)
    day = start
    while n:
        day += _ONE_DAY
        n -= is_working_day(day)
    return day


def _refuse_negative(n: int) -> None:
    if n < 0:
        raise ValueError(f"days are counted forward from a date, so {n} is not a number of days after it")
