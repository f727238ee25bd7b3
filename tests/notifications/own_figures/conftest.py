"""One employer with two reporting years behind it, brought there by the services at the moments of the past.

Today is 2 March 2026: 2024/25 is the year that ended last, 2025/26 still runs.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from notifications import services
from notifications.content import ActionContent
from notifications.models import Cause, Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.organisations.models import ActivityReturn, Employer, Modality
from tests.factories import REPORT, Cast, notification_in
from tests.notifications.conftest import reference

__all__ = ["reference"]

IMAGING, RADIOTHERAPY = Modality.DIAGNOSTIC_IMAGING, Modality.RADIOTHERAPY
CODED = ("di-referrer-wrong-patient", "di-referrer-wrong-patient", "di-referrer-duplicate-imaging")


def told(cast: Cast, on: date, state: str = "submitted", *, days: int = 10, **changes: Any) -> Notification:
    """What the employer notified on that day, discovered so many days before."""
    with clock.at(datetime(on.year, on.month, on.day, 12, tzinfo=UTC)):
        return notification_in(state, cast=cast, discovered_on=on - timedelta(days=days), **changes)


def reported(cast: Cast, notification: Notification, on: date) -> None:
    """The report of it, filed on that day."""
    with clock.at(datetime(on.year, on.month, on.day, 12, tzinfo=UTC)):
        version = notification.case.version
        services.file_report(notification=notification, by=cast.reporter, version=version, report=REPORT)


def planned(cast: Cast, notification: Notification, on: date, what: str = "One list at a time.") -> None:
    services.add_action(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        action=ActionContent(
            what=what,
            strength="barrier",
            owner_role="Lead radiographer",
            effect_check="Count refusals for three months.",
            planned_for=on,
        ),
    )


def returned(employer: Employer, starts: date, ends: date, quantity: int = 900) -> None:
    """What it did in imaging from one day to the other."""
    ActivityReturn.objects.create(
        employer=employer,
        modality=IMAGING,
        period_start=starts,
        period_end=ends,
        quantity=quantity,
        unit=ActivityReturn.Unit.EXAMINATIONS,
        source="Tests",
        completeness="complete",
    )


def code(notification: Notification, slug: str, by: User) -> None:
    cause = Cause.objects.get(slug=slug)
    coded = {"cqc_cause": cause, "coded_at": clock.now(), "coded_by": by}
    Notification.objects.filter(pk=notification.pk).update(**coded)


@pytest.fixture
def cast(reference: None) -> Cast:
    """Of 2024/25: three of imaging and one of radiotherapy; of 2023/24 two of imaging; of 2025/26 one.

    Beside them what never counts: a draft, one withdrawn, one not notifiable, one voluntary, a licence
    breach, and what another employer notified.
    """
    made, other = Cast(), Cast()
    first = told(made, date(2024, 4, 1), "awaiting_report", sub_modality="ct")
    second = told(made, date(2024, 9, 2), "awaiting_report", sub_modality="ct", days=20)
    third = told(made, date(2025, 3, 31), "awaiting_report", sub_modality="mammography", days=1)
    told(made, date(2024, 11, 4), "awaiting_report", modality=RADIOTHERAPY, days=3)
    for notification, cause in zip((first, second, third), CODED, strict=True):
        code(notification, cause, made.officer)
    reported(made, first, date(2024, 5, 1))
    reported(made, second, date(2025, 1, 10))
    told(made, date(2023, 4, 1), sub_modality="ct")
    told(made, date(2024, 3, 31), sub_modality="fluoroscopy")
    told(made, date(2025, 4, 1), sub_modality="ct")
    for state in ("draft", "withdrawn", "not_notifiable"):
        told(made, date(2024, 10, 1), state)
    told(made, date(2024, 10, 1), basis="voluntary", criterion_code="")
    told(made, date(2024, 10, 1), basis="licence_breach")
    told(other, date(2024, 10, 1))
    return made


@pytest.fixture
def employer(cast: Cast) -> Employer:
    return cast.employer
