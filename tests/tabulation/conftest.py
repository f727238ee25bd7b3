"""Notifications of a year, written straight into the tables, for the tests of tabulation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import pytest

from notifications.models import Cause, SubModality
from notifications.models.choices import MODALITY_OF, Basis
from regulator import clock
from regulator.organisations.models import Employer, EmployerType
from regulator.periods import Period, reporting_year
from regulator.statistics.tabulation.crossing import Crossed, cross
from regulator.statistics.tabulation.registries import POPULATIONS, dimensions_of
from tests.factories import UserFactory
from tests.reference import ship_reference
from tests.statistics.rows import Row, store

NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def year() -> Period:
    return reporting_year("2023/24")


@pytest.fixture
def employers() -> list[Employer]:
    return [
        Employer.objects.create(key=f"e-{kind}", name=f"Employer {kind}", type=kind)
        for kind in EmployerType.values
    ]


def fill(employers: list[Employer], number: int, seed: int = 1) -> None:
    """So many notifications of every sort; some are of other years, drafts, withdrawn, or do not count."""
    if not Cause.objects.exists():
        ship_reference()
    chance = Random(seed)
    causes: dict[str, list[Cause]] = {}
    for cause in Cause.objects.all():
        causes.setdefault(cause.modality, []).append(cause)
    rows = []
    for _ in range(number):
        kind = chance.choice(SubModality.values)
        modality = MODALITY_OF[kind]
        opened = datetime(2023, 1 + chance.randrange(12), 1 + chance.randrange(28), 23, 30, tzinfo=UTC)
        rows.append(
            Row(
                employer=employers[int(chance.triangular(0, len(employers), 0))],
                modality=modality,
                sub_modality=kind if chance.random() < 0.9 else "",
                cause=chance.choice(causes[modality]) if chance.random() < 0.7 else None,
                status=chance.choice(["submitted", "submitted", "under_review", "closed", "withdrawn"]),
                basis=chance.choice([Basis.STATUTORY] * 4 + [Basis.VOLUNTARY, Basis.LICENCE_BREACH]),
                opened_at=opened if chance.random() < 0.95 else None,
                discovered_on=date(2023, 1 + chance.randrange(12), 1 + chance.randrange(28)),
            )
        )
    store(rows, coder=UserFactory.create())


def crossed(rows: str, columns: str | None, period: Period, of: str = "notifications") -> Crossed:
    """A population by one field or two of its own."""
    dimensions = dimensions_of(of)
    return cross(POPULATIONS.get(of), dimensions[rows], dimensions[columns] if columns else None, period)
