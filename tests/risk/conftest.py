"""Employers with activity, and what they notified, for the tests of runs, rescoring and pages."""

from datetime import date

import pytest

from regulator.organisations.models import ActivityReturn, Employer
from regulator.risk.incidents import Incident
from regulator.risk.indicators import INCIDENTS, Asked
from tests.reference import ship_reference

DISCOVERED = date(2023, 6, 1)
Counted = dict[tuple[int, str], int]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How many incidents each employer notified; what the case app itself says is tested with that app."""
    held: Counted = {}

    def counts(asked: Asked) -> list[Incident]:
        return [
            Incident(employer, modality, DISCOVERED, f"{employer}-{number}")
            for (employer, modality), count in held.items()
            for number in range(count)
            if asked.employer in (None, employer)
        ]

    monkeypatch.setitem(INCIDENTS._items, "notifications", counts)
    return held


@pytest.fixture
def england(counted: Counted) -> list[Employer]:
    """Ten employers of one size: nine report five incidents each, the last none."""
    employers = []
    for number in range(10):
        held = Employer.objects.create(key=f"e{number}", name=f"Employer {number}", type="nhs_acute")
        ActivityReturn.objects.create(
            employer=held,
            modality="radiotherapy",
            period_start=date(2021, 4, 1),
            period_end=date(2024, 3, 31),
            quantity=10_000,
            unit="episodes",
            source="Return",
            completeness="complete",
        )
        employers.append(held)
    counted.update({(each.pk, "radiotherapy"): 5 for each in employers[:9]})
    return employers


@pytest.fixture
def reference(db: None) -> None:
    """The criteria and the taxonomy, as they ship."""
    ship_reference()
