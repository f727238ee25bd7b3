"""Reminding leads in May of the activity returns for the year that ended in March: once, and never again.

Who was reminded is a row, so whatever runs twice, or beside another, does nothing the second time; a worker
that was down on one day of May makes up for it on another.
"""

from collections import defaultdict
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.organisations.chronicle import recording
from regulator.organisations.models import (
    EMPLOYERS_RETURN,
    ActivityReminder,
    ActivityReturn,
    Employer,
    Modality,
    Site,
)
from regulator.organisations.policies import permit
from regulator.organisations.post import ACTIVITY_REMINDER, send
from regulator.organisations.queries import leads
from regulator.organisations.returns import last_ended
from regulator.periods import Period

REMINDER: Final = Scheduled("organisations.remind_of_activity")
MAY: Final = 5


def remind_of_activity() -> int:
    """Write to the leads of each employer that has not returned what its open sites carry out; answers to how
    many employers. Nothing in any month but May. Safe to repeat.
    """
    permit(REMINDER, "organisations.remind_of_activity")
    today = clock.today()
    if today.month != MAY:
        return 0
    year = last_ended(today)
    return sum(_remind(employer, year) for employer in sorted(_unreturned(year)))


def _unreturned(year: Period, employer: int | None = None) -> dict[int, list[str]]:
    """The modalities not returned, by the employer's key; of those not reminded yet. Three queries."""
    sites = Site.objects.filter(is_open=True).exclude(modalities=[])
    returns = ActivityReturn.objects.filter(source=EMPLOYERS_RETURN, **_exactly(year))
    if employer is not None:
        sites, returns = sites.filter(employer=employer), returns.filter(employer=employer)
    offered: dict[int, set[str]] = defaultdict(set)
    for key, modalities in sites.order_by().values_list("employer_id", "modalities"):
        offered[key].update(modalities)
    for key, modality in returns.order_by().values_list("employer_id", "modality"):
        offered[key].discard(modality)
    reminded = set(ActivityReminder.objects.filter(year=year.start).values_list("employer_id", flat=True))
    return {
        key: [each for each in Modality.values if each in modalities]
        for key, modalities in offered.items()
        if modalities and key not in reminded
    }


def _exactly(year: Period) -> dict[str, date]:
    return {"period_start": year.start, "period_end": year.end}


def _remind(employer: int, year: Period) -> bool:
    """Write to one employer's leads, if there is one and it is still to be reminded; whether it was."""
    with recording() as append:
        missing, to = _unreturned(year, employer).get(employer, []), leads(employer)
        if not missing or not to:
            return False
        held = Employer.objects.get(pk=employer)
        context = {
            "employer": held.name,
            "year": year.label,
            "ended_on": year.end,
            "missing": [str(Modality(each).label) for each in missing],
            "link": f"{settings.PORTAL_URL}{reverse('organisations:activity', args=[held.key])}",
        }
        for address in to:
            send(ACTIVITY_REMINDER, to=address, context=context, dedupe_key=f"{held.pk}:{year.label}")
        ActivityReminder.objects.create(employer=held, year=year.start)
        payload = {"employer": held.pk, "year": year.label, "missing": missing}
        append("organisations.activity_reminded", case=None, by=REMINDER, payload=payload)
    return True
