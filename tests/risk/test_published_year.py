"""The published year as the risk model sees it: the rates are those of its incidents and activity."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import enforcement
from enforcement.year.plan import plan_year
from enforcement.year.records import YearPlan
from enforcement.year.tables import read_year
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import snapshot
from regulator.risk.snapshot import SeriesRow
from tests.statistics.years import store_activity, store_notifications, stored_employers

AS_OF = date(2024, 3, 31)
SHIPPED = Path(enforcement.__file__).parent / "data" / "years" / "2023-24"

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> YearPlan:
    year = read_year(SHIPPED)
    planned = plan_year(year)
    employers = stored_employers(planned)
    store_notifications(planned, employers)
    store_activity(planned, employers, year)
    return planned


def rows_of(plan: YearPlan) -> list[SeriesRow]:
    return list(snapshot(AS_OF, read_parameters()).series)


def rate(rows: list[SeriesRow], modality: str) -> tuple[int, Decimal]:
    """Incidents on the days with a return, and these per unit of activity."""
    held = [row for row in rows if row.modality == modality]
    observed = sum(sum(row.counted) for row in held)
    activity = sum((each for row in held for each in row.activity), Decimal(0))
    return observed, observed / activity


def test_the_rates_of_the_loaded_year_are_those_of_its_own_incidents_and_activity(plan: YearPlan) -> None:
    rows = rows_of(plan)
    assert {row.covered_days for row in rows} == {366}
    for modality in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine"):
        discovered = sum(
            one.modality == modality and date(2023, 4, 1) <= one.discovered_on <= AS_OF
            for one in plan.notifications
        )
        activity = sum(one.quantity for one in plan.activity if one.modality == modality)
        counted, found = rate(rows, modality)
        assert counted == discovered
        assert float(found) == pytest.approx(discovered / activity, rel=1e-9)


@pytest.mark.parametrize(
    ("modality", "published"), [("diagnostic_imaging", (447, 29_850_000)), ("radiotherapy", (244, 116_000))]
)
def test_the_rates_are_those_that_the_published_figures_imply(
    plan: YearPlan, modality: str, published: tuple[int, int]
) -> None:
    """Diagnostic imaging: 30.6 million examinations less the 0.75 million of nuclear medicine."""
    incidents, activity = published
    counted, found = rate(rows_of(plan), modality)
    assert counted == incidents
    assert float(found) == pytest.approx(incidents / activity, rel=1e-9)
