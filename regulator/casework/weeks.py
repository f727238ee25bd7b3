"""Weeks as people in London count them: from Monday to Sunday, whatever the clocks do in between."""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

WEEK: Final = timedelta(days=7)


def week_of(moment: datetime) -> date:
    """The Monday (Europe/London) of the week in which ``moment`` (aware) lies."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday())


def is_over(week: date, *, today: date) -> bool:
    """Whether the week that began on the Monday ``week`` has ended by ``today``."""
    return today >= week + WEEK


def weeks_since(week: date, *, today: date) -> int:
    """How many whole weeks ago the week that began on ``week`` ended; 0 in the week after it."""
    return (today - week - WEEK) // WEEK
