"""Starting the report on a year."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.periods import Period
from regulator.statistics.figures import moments
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.outline import modality_of, places, ready_texts
from regulator.statistics.reports.permissions import WRITE, permit_now
from regulator.statistics.reports.prose import placed
from regulator.statistics.reports.services.holding import record
from regulator.statistics.told import library

THEMES: Final = "_themes"
"""How the places for themes, cases and learning end."""
MOST_CASES: Final = 5
FIRST_APRIL: Final = date(2018, 4, 1)
"""The first reporting year under the Regulations of 2017, in force since 6 February 2018."""


def start(*, period: Period, by: User) -> Report:
    """Start the report on a reporting year, with the texts that ship with the portal for it, if any do.

    The text on the themes of a modality goes on with the cases of that modality which were first published in
    the library of learning during the year and stand, the oldest first, ``MOST_CASES`` at most; where no text
    ships it tells these alone, and without one there is none.
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
        ready, telling = ready_texts(period.slug), _telling(period)
        texts = {
            place: "\n\n".join(each[place] for each in (ready, telling) if place in each)
            for place in {*ready, *telling}
        }
        Block.objects.bulk_create(
            Block(report=made, place=place, number=1, text=texts[place], written_by=by)
            for place in places()
            if place in texts
        )
        record("started", made, by, texts=sorted(texts))
    return made


def _telling(period: Period) -> dict[str, str]:
    """The text of each place for themes that tells cases of the year (1 query)."""
    found = library().first_published(*moments(period))
    texts = {}
    for place in (each for each in places() if each.endswith(THEMES)):
        own = [placed(each.number) for each in found if each.modality == modality_of(place)]
        if own:
            texts[place] = "\n\n".join(own[:MOST_CASES])
    return texts
