"""A stage for programmes: employers with open sites, a run of scores, and people who may draw and approve."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
import time_machine

from inspections.programme.drawing import Stratum
from inspections.programme.models import Programme
from inspections.programme.services import Wanted, approve_programme, draw_programme
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import Employer, Modality
from regulator.risk.models import RiskRun, RiskScore, RiskSeries
from tests.factories import EmployerFactory, SiteFactory, staff

MORNING = datetime(2026, 3, 20, 9, tzinfo=UTC)
TODAY = MORNING.date()
YEAR = 2026
RT: Stratum = (Modality.RADIOTHERAPY.value, "nhs_acute")
MEASURES: Final[dict[str, Any]] = {
    "observed": 1,
    "expected": Decimal(4),
    "mean": Decimal("0.5"),
    "low": Decimal("0.1"),
    "high": Decimal("0.9"),
}
WANTED = Wanted(split={RT: 3}, by_rule=2, by_time=1, by_chance=4, reactive=5, rest_years=2, floor_years=8)


@dataclass
class Hall:
    """Twelve employers with a site for radiotherapy, scored 0.10, 0.15, … 0.65 in their order."""

    planner: User = field(default_factory=lambda: staff(Role.INSPECTOR))
    manager: User = field(default_factory=lambda: staff(Role.ENFORCEMENT_MANAGER))
    employers: list[Employer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.employers = [EmployerFactory.create() for _ in range(12)]
        for each in self.employers:
            SiteFactory.create(employer=each, modalities=[Modality.RADIOTHERAPY.value])
        self.run = score(self.employers)

    def drawn(self) -> Programme:
        return draw_programme(year=YEAR, wanted=WANTED, by=self.planner)

    def approved(self) -> Programme:
        made = self.drawn()
        return approve_programme(programme=made, by=self.manager, version=made.version)


def score(employers: list[Employer], as_of: date = date(2026, 3, 19)) -> RiskRun:
    """A finished run in which each of the employers has a score for radiotherapy, rising by 0.05."""
    run = RiskRun.objects.create(
        as_of=as_of,
        window_start=date(2023, 3, 20),
        window_end=as_of,
        state=RiskRun.State.DONE,
        model_version="test",
        parameters_hash="p" * 64,
        snapshot_hash="s" * 64,
        queued_at=MORNING,
        started_at=MORNING,
        finished_at=MORNING,
        rows=len(employers),
    )
    for number, each in enumerate(employers):
        scored(run, each, Decimal("0.10") + Decimal("0.05") * number)
    return run


def scored(run: RiskRun, employer: Employer, p_any: Decimal, *, rules: list[str] | None = None) -> RiskScore:
    """One employer's score of a run, with its series in radiotherapy."""
    made = RiskScore.objects.create(
        run=run,
        employer=employer,
        model_version="test",
        parameters_hash="p" * 64,
        snapshot_hash="s" * 64,
        p_under=p_any,
        p_poor=Decimal(0),
        p_any=p_any,
        p_low=p_any,
        p_high=p_any,
        among_places=p_any,
        loss=Decimal(1),
        has_activity=True,
        looks_now=bool(rules),
        rules=rules or [],
        tie=f"{employer.pk:016}",
        **MEASURES,
    )
    RiskSeries.objects.create(
        score=made,
        modality=Modality.RADIOTHERAPY,
        peer_group="radiotherapy/nhs",
        has_activity=True,
        covered_days=365,
        severe=0,
        p_below_half=p_any,
        z_od=Decimal(0),
        funnel_low=Decimal("0.5"),
        funnel_high=Decimal("1.5"),
        mid_p=Decimal("0.5"),
        count_low=Decimal("0.2"),
        count_high=Decimal(5),
        **MEASURES,
    )
    return made


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hall(db: None, travel: time_machine.Traveller) -> Hall:
    return Hall()
