"""Starting the report on a year."""

from datetime import date

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.periods import Period
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.outline import places, ready_texts
from regulator.statistics.reports.permissions import WRITE, permit_now
from regulator.statistics.reports.services.holding import record

FIRST_APRIL = date(2018, 4, 1)
"""The first reporting year under the Regulations of 2017, in force since 6 February 2018."""


def start(*, period: Period, by: User) -> Report:
    """Start the report on a reporting year, with the texts that ship with the portal for it, if any do.

    Raises ``NotPermitted``, ``ValidationError`` for a year that has not begun or is before 2018/19, and
    ``NotAllowedNow`` where the year has a report already.
    """
    with writing():
        permit_now(by, WRITE)
        if not FIRST_APRIL <= period.start <= clock.today():
            raise ValidationError({"year": "Choose a year from 2018/19 on that has begun."})
        if Report.objects.filter(starts_on=period.start).exists():
            raise NotAllowedNow(
                "This year has a report already. To change a published one, start a correction."
            )
        made = Report.objects.create(starts_on=period.start, started_by=by)
        texts = ready_texts(period.slug)
        Block.objects.bulk_create(
            Block(report=made, place=place, number=1, text=texts[place], written_by=by)
            for place in places()
            if place in texts
        )
        record("started", made, by, texts=sorted(texts))
    return made
