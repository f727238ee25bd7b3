"""A diary as iCalendar (RFC 5545): whole days, each under a name of its own that lasts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from inspections.diary.queries import Entry

NAME = "IR(ME)R inspections"


def as_calendar(found: Iterable[Entry], *, now: datetime) -> bytes:
    """``found`` as a calendar file, stamped with ``now``."""
    calendar = Calendar()
    calendar.add("prodid", "-//Care Quality Commission//IR(ME)R portal//EN")
    calendar.add("version", "2.0")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    host = urlsplit(settings.PORTAL_URL).hostname
    for each in found:
        calendar.add_component(_event(each, host or "localhost", now))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("sequence", entry.version)
    event.add("transp", "OPAQUE" if entry.is_visit else "TRANSPARENT")
    event.add("url", f"{settings.PORTAL_URL}{reverse('admin:casework_case_change', args=[entry.case])}")
    return event
