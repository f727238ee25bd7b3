"""How the desk writes a value for people. Text only: escaping is the template's business."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from regulator.frontend.fields import decimal_plain


def as_text(value: object) -> str:
    """``value`` as people read it: days as "3 June 2019", moments in London's time, gaps as "Not given"."""
    if value is None or value == "":
        return "Not given"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        return f"{_day(moment)}, {moment:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, Decimal):
        return decimal_plain(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(as_text(each) for each in value) or "None"
    return str(value)


def short_day(value: date) -> str:
    """ "3 Jun 2019", for the cells of a wide table."""
    return f"{value.day} {value:%b} {value.year}"


def days(count: int) -> str:
    """ "1 day", "12 days"."""
    return f"{count} day" if count == 1 else f"{count} days"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
