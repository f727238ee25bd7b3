"""The dates of a planned notification, in order: occurred, discovered, notified, reported, closed.

CQC publishes none of them, so they are made up: most in time, a few late, so that lateness exists.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from enforcement.year.draw import Draw
from regulator.deadlines.calendar import add_working_days, is_working_day
from regulator.periods import Period

__all__ = ["Timeline", "timeline", "working_days_of"]

_NOTIFY_WITHIN = 14
_REPORT_WITHIN = 84
_LATE_NOTIFICATION_PERCENT = 6
_LATE_REPORT_PERCENT = 10


@dataclass(frozen=True)
class Timeline:
    """``occurred_on <= discovered_on <= notified_on <= report_on <= closed_on``."""

    occurred_on: date
    discovered_on: date
    notified_on: date
    report_on: date
    closed_on: date


def working_days_of(period: Period) -> list[date]:
    """The working days of ``period`` in order."""
    days = (period.start + timedelta(days=offset) for offset in range((period.end - period.start).days + 1))
    return [day for day in days if is_working_day(day)]


def timeline(draw: Draw, about: object, notified_on: date, *, earliest: date) -> Timeline:
    """Dates around ``notified_on``; nothing occurred before ``earliest``, when the year's criteria began."""
    if draw.chance("late", about, percent=_LATE_NOTIFICATION_PERCENT):
        taken = draw.between("taken", about, low=_NOTIFY_WITHIN + 1, high=40)
    else:
        taken = draw.between("taken", about, low=0, high=_NOTIFY_WITHIN)
    discovered_on = max(earliest, notified_on - timedelta(days=taken))
    # Half are noticed on the day; the others come to light within some weeks.
    unnoticed = (
        draw.between("unnoticed", about, low=1, high=45) if draw.chance("later", about, percent=50) else 0
    )
    report_on = max(notified_on, _report_on(draw, about, discovered_on))
    return Timeline(
        occurred_on=max(earliest, discovered_on - timedelta(days=unnoticed)),
        discovered_on=discovered_on,
        notified_on=notified_on,
        report_on=report_on,
        closed_on=add_working_days(report_on, draw.between("closed", about, low=5, high=40)),
    )


def _report_on(draw: Draw, about: object, discovered_on: date) -> date:
    late = draw.chance("late report", about, percent=_LATE_REPORT_PERCENT)
    low, high = (_REPORT_WITHIN + 4, _REPORT_WITHIN + 30) if late else (30, _REPORT_WITHIN)
    day = discovered_on + timedelta(days=draw.between("report", about, low=low, high=high))
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
