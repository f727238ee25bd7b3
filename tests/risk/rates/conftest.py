"""Employers of one peer group with activity in one reporting year, and a run over them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.organisations.models import ActivityReturn, Employer
from regulator.risk import services
from regulator.risk.models import RiskRun
from tests.factories import EmployerFactory, SiteFactory
from tests.risk.conftest import Counted, counted, england, reference

__all__ = ["counted", "england", "reference"]

AS_OF = date(2024, 3, 31)
YEAR = (date(2023, 4, 1), AS_OF)
RADIOTHERAPY = "radiotherapy"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2024, 4, 2, 12, tzinfo=UTC)):
        yield


def returned(employer: Employer, quantity: int, **changes: Any) -> ActivityReturn:
    """A complete return for 2023/24."""
    said: dict[str, Any] = {
        "modality": RADIOTHERAPY,
        "period_start": YEAR[0],
        "period_end": YEAR[1],
        "quantity": quantity,
        "unit": "episodes",
        "source": "Return",
        "completeness": "complete",
    }
    return ActivityReturn.objects.create(employer=employer, **said | changes)


def peers(
    counted: Counted, number: int, *, quantity: int = 1_000, reports: tuple[int, ...] = (2, 3, 4, 5)
) -> list[Employer]:
    """So many employers of one kind, each with a return and with incidents discovered on 1 June 2023."""
    made = [EmployerFactory.create(name=f"Peer {place:03d}") for place in range(number)]
    for place, each in enumerate(made):
        SiteFactory.create(employer=each, modalities=[RADIOTHERAPY])
        returned(each, quantity)
        counted[each.pk, RADIOTHERAPY] = reports[place % len(reports)]
    return made


def ran(as_of: date = AS_OF) -> RiskRun:
    return services.run_risk(as_of=as_of, by=Scheduled("risk.nightly_run"))
