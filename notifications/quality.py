"""What may be wrong with notifications, looked for by staff (``regulator.statistics.tabulation``).

Each check looks at the notifications that count in a period, so what it finds is in the figures. The database
refuses some faults outright: an incident after its discovery, a dose below 0, nobody exposed.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from notifications.figures import received_in
from regulator.casework.models import Case
from regulator.organisations.models import Employer, EmployerType
from regulator.periods import Period
from regulator.statistics.tabulation.activity import MENDED_BY, returned_in
from regulator.statistics.tabulation.registries import QUALITY, QualityCheck

FILE: Final = Path(__file__).parent / "data" / "dose_bounds.json"
MANY: Final = 1_000
"""So many exposed people in one notification are looked at again."""
YEARS_BACK: Final = 10
"""An incident that lies further back than the period is looked at again."""
_OFFICER: Final = "A case officer, on the case"
_EMPLOYER: Final = "The employer, who corrects the notification; a case officer asks"


@cache
def outside_the_possible() -> Q:
    """A condition on notifications: some dose lies beyond the bounds of ``data/dose_bounds.json``."""
    found = Q()
    for row in json.loads(FILE.read_text(encoding="utf-8"))["bounds"]:
        found |= Q(**{f"{row['field']}__gt": Decimal(row["most"])})
        if row["above"] is not None:
            found |= Q(**{f"{row['field']}__lte": Decimal(row["above"])})
    return found


def cases_with(fault: Callable[[Period], Q]) -> Callable[[Period], QuerySet[Any]]:
    """The cases of the notifications that count in a period and have the fault."""

    def found(period: Period) -> QuerySet[Any]:
        dated = received_in(period).annotate(received_on=TruncDate("case__opened_at"))
        return Case.objects.filter(pk__in=dated.filter(fault(period)).values("pk"))

    return found


def _always(fault: Q) -> Callable[[Period], Q]:
    return lambda period: fault


def _long_before(period: Period) -> Q:
    return Q(occurred_on__lt=period.start - timedelta(days=round(365.25 * YEARS_BACK)))


def notified_without_activity(period: Period) -> QuerySet[Any]:
    """The employers that notified in ``period`` and returned no activity for any day of it."""
    notified = received_in(period).values("case__employer")
    return Employer.objects.filter(pk__in=notified).exclude(returned_in(period))


_AFTER_RECEIPT: Final = (
    Q(discovered_on__gt=F("received_on"))
    | Q(occurred_on__gt=F("received_on"))
    | Q(occurred_until__gt=F("received_on"))
)
_CHECKS: Final = (
    (
        "closed_without_cause",
        "Closed without a cause",
        "The report’s tables of causes leave it out and do not add up to the total.",
        f"{_OFFICER}: reopen it and code the cause.",
        _always(Q(cqc_cause__isnull=True, case__closed_at__isnull=False)),
    ),
    (
        "uncoded",
        "Open, and the cause not coded",
        "Shares by cause are of what is coded so far, and will move.",
        f"{_OFFICER}: code the cause at review.",
        _always(Q(cqc_cause__isnull=True, case__closed_at__isnull=True)),
    ),
    (
        "no_modality",
        "No modality",
        "It counts in the total and in none of the modalities.",
        f"{_EMPLOYER}.",
        _always(Q(case__modality="")),
    ),
    (
        "no_sub_modality",
        "No sub-modality",
        "The sub-modalities of its modality have a line “Not stated”.",
        f"{_EMPLOYER}.",
        _always(Q(sub_modality="")),
    ),
    (
        "no_criterion",
        "No notification code",
        "It cannot be counted by criterion.",
        f"{_OFFICER}: settle the code with the employer.",
        _always(Q(criterion_code="")),
    ),
    (
        "other_employer",
        "Employer of the type “Other”",
        "Shares by type of employer lose what it would say.",
        "An administrator, in the employer’s record.",
        _always(Q(case__employer__type__in=("", EmployerType.OTHER))),
    ),
    (
        "no_date",
        "No date of the incident or of its discovery",
        "It is in no figure of lateness, and risk does not see it.",
        f"{_EMPLOYER}.",
        _always(Q(occurred_on__isnull=True) | Q(discovered_on__isnull=True)),
    ),
    (
        "after_receipt",
        "A date after the day of receipt",
        "Lateness comes out below nought, and a wrong version of the criteria may have been applied.",
        f"{_EMPLOYER}.",
        _always(_AFTER_RECEIPT),
    ),
    (
        "long_ago",
        f"An incident more than {YEARS_BACK} years before the period",
        "Often a slip in the year; the criteria of that day would apply.",
        f"{_EMPLOYER}.",
        _long_before,
    ),
    (
        "dose",
        "A dose outside the possible",
        "Sums and medians of doses are worthless with it, and so may be the criterion.",
        f"{_EMPLOYER}: often the unit is wrong.",
        _always(outside_the_possible()),
    ),
    (
        "nobody_counted",
        "Number of people exposed not stated",
        "It is missing from the number of people exposed.",
        f"{_EMPLOYER}.",
        _always(Q(number_exposed__isnull=True)),
    ),
    (
        "many_exposed",
        f"{MANY:,} or more people exposed",
        "One notification outweighs all others in the number of people exposed.",
        f"{_OFFICER}: confirm the number with the employer.",
        _always(Q(number_exposed__gte=MANY)),
    ),
)


def contribute() -> None:
    """Register the checks. Called once, when the application is ready."""
    for name, title, consequence, mended_by, fault in _CHECKS:
        QUALITY.register(name, QualityCheck(title, consequence, mended_by, cases_with(fault)))
    QUALITY.register(
        "notified_without_activity",
        QualityCheck(
            "Notified in this period, and returned no activity for it",
            "Its incidents are counted and its activity is in no denominator: rates come out too high.",
            MENDED_BY,
            notified_without_activity,
            of="employers",
            rests_on=received_in,
        ),
    )
