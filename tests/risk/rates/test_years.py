"""Rates of a year: the limits are the funnel's own, the band gives nobody away, unknown is not nought."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.risk.funnel import limits, over_dispersion
from regulator.risk.models import RiskRun, YearFunnel, YearRate
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import latest_funnels, rates_of, year_snapshots
from regulator.risk.tails import byar_limits, exact_limits
from regulator.risk.wording import figure, per, units_of
from regulator.risk.years import LEAST_FOR_NINE_IN_TEN, LEAST_PEERS, band_of_others, curve
from tests.factories import EmployerFactory, SiteFactory
from tests.risk.conftest import Counted
from tests.risk.rates.conftest import RADIOTHERAPY, YEAR, peers, ran, returned

STARTS = YEAR[0]


def close(stored: Decimal, computed: float) -> None:
    assert float(stored) == pytest.approx(computed, abs=1e-6)


@pytest.mark.django_db
def test_what_is_stored_is_what_the_funnel_says(counted: Counted) -> None:
    made = peers(counted, 12, reports=(0, 1, 3, 9, 14))
    for place, each in enumerate(made):
        each.activity_returns.update(quantity=400 * (place + 1))
    ran()
    rates = list(YearRate.objects.filter(starts_on=STARTS).order_by("employer"))
    observed = np.array([each.counted for each in rates], dtype=np.float64)
    activity = np.array([float(each.activity) for each in rates])
    expected = activity * observed.sum() / activity.sum()
    tau2 = over_dispersion(observed, expected)
    assert tau2 > 0
    funnel = YearFunnel.objects.get(starts_on=STARTS)
    close(funnel.tau2, tau2)
    inner, outer = limits(expected, tau2, 0.95), limits(expected, tau2, 0.998)
    for place, held in enumerate(rates):
        close(held.expected, expected[place])
        close(held.inner_low, inner[0][place])
        close(held.inner_high, inner[1][place])
        close(held.outer_low, outer[0][place])
        close(held.outer_high, outer[1][place])
        exact, byar = exact_limits(observed), byar_limits(observed)
        low, high = exact if held.counted < 10 else byar
        close(held.count_low, low[place])
        close(held.count_high, high[place])
    for row in funnel.curve:
        at, *ends = (float(cell) for cell in row)
        inner, outer = limits(np.array([at]), tau2, 0.95), limits(np.array([at]), tau2, 0.998)
        assert ends == pytest.approx([inner[0][0], inner[1][0], outer[0][0], outer[1][0]], rel=1e-4)
    assert float(funnel.curve[-1][0]) == pytest.approx(expected.max(), abs=1e-5)


def test_a_curve_has_an_end_even_where_nothing_is_expected() -> None:
    drawn = curve(0.0, 0.0)
    assert float(drawn[-1][0]) == 1.0
    assert all(float(row[1]) <= float(row[2]) for row in drawn)


@pytest.mark.parametrize(
    ("others", "band"),
    [
        (0, 0),
        (LEAST_PEERS - 1, 0),
        (LEAST_PEERS, 50),
        (LEAST_FOR_NINE_IN_TEN - 1, 50),
        (LEAST_FOR_NINE_IN_TEN, 90),
    ],
)
def test_a_band_is_withheld_where_it_would_give_somebody_away(others: int, band: int) -> None:
    rates = [0.001 * number for number in range(others + 1)]
    share, low, high = band_of_others(rates, 0, 1_000)
    assert share == band
    assert (low is None, high is None) == (band == 0, band == 0)


@given(
    st.lists(st.floats(1e-6, 0.1), min_size=LEAST_PEERS + 1, max_size=120, unique=True), st.integers(0, 10)
)
def test_no_end_of_a_band_lies_beyond_the_second_lowest_or_highest_of_the_others(
    rates: list[float], place: int
) -> None:
    """Before rounding outwards: the ends stand between others, so neither extreme is told."""
    ordered = sorted(rates)
    others = [rate for number, rate in enumerate(ordered) if number != place]
    share, low, high = band_of_others(ordered, place, 1)
    assert low is not None
    assert high is not None
    tail = (1 - share / 100) / 2
    at, upto = np.quantile(others, tail), np.quantile(others, 1 - tail)
    assert others[1] * (1 - 1e-12) <= at <= upto <= others[-2] * (1 + 1e-12)
    assert at * 0.9 <= float(low) <= at * (1 + 1e-12)
    assert upto * (1 - 1e-12) <= float(high) <= upto * 1.1 + 1e-12


def test_the_own_rate_is_in_no_band_of_its_own() -> None:
    rates = [0.002] * 10
    assert band_of_others([*rates, 0.9], 10, 1_000) == (50, Decimal("2.0"), Decimal("2.0"))


@pytest.mark.django_db
def test_unknown_activity_is_unknown_and_not_nought(counted: Counted) -> None:
    made = peers(counted, 12)
    silent, none = EmployerFactory.create(), EmployerFactory.create()
    SiteFactory.create(employer=silent, modalities=[RADIOTHERAPY])
    counted[silent.pk, RADIOTHERAPY] = 3
    returned(none, 0)
    ran()
    told = {each.employer_id: each for each in YearRate.objects.filter(starts_on=STARTS)}
    assert len(told) == 14
    assert (told[silent.pk].has_activity, told[silent.pk].observed, told[silent.pk].band) == (False, 3, 0)
    assert (told[none.pk].has_activity, told[none.pk].covered_days) == (False, 366)
    assert not told[silent.pk].is_outside
    assert {told[each.pk].peers for each in made} == {11}


@pytest.mark.django_db
def test_only_days_that_a_return_covers_count(counted: Counted) -> None:
    made = peers(counted, 12)
    half = made[0]
    half.activity_returns.update(period_start=date(2023, 10, 1), quantity=500)
    ran()
    told = YearRate.objects.get(employer=half, starts_on=STARTS)
    assert (told.observed, told.counted, told.covered_days) == (2, 0, 183)


@pytest.mark.django_db
def test_only_years_that_have_ended_are_told(counted: Counted) -> None:
    peers(counted, 3)
    assert [each.as_of for each in year_snapshots(date(2024, 3, 31), read_parameters())] == [
        date(2022, 3, 31), date(2023, 3, 31), date(2024, 3, 31)
    ]  # fmt: skip
    assert year_snapshots(date(2024, 3, 30), read_parameters())[-1].as_of == date(2023, 3, 31)


@pytest.mark.django_db
def test_a_later_run_takes_the_place_of_the_figures_and_an_earlier_one_does_not(counted: Counted) -> None:
    one = peers(counted, 3)[0]
    ran()
    newest = ran(date(2024, 4, 2))
    assert {each.run_id for each in rates_of(one)} == {newest.pk}
    assert not YearRate.objects.exclude(run=newest).exists()
    ran(date(2023, 5, 1))
    assert {each.run_id for each in rates_of(one)} == {newest.pk}
    assert {each.run_id for each in latest_funnels()} == {newest.pk}


@pytest.mark.django_db
def test_the_same_input_gives_the_same_rates(counted: Counted) -> None:
    peers(counted, 12, reports=(0, 2, 9))
    first = _all(ran())
    assert _all(ran()) == first


def _all(run: RiskRun) -> list[dict[str, object]]:
    rows = YearRate.objects.filter(run=run).order_by("employer", "starts_on").values()
    return [{name: cell for name, cell in row.items() if name not in ("id", "run_id")} for row in rows]


@pytest.mark.django_db
def test_nobody_at_all_is_no_error() -> None:
    ran()
    assert not YearRate.objects.exists()
    assert latest_funnels() == []
    assert rates_of(EmployerFactory.create()) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "0"),
        ("2.14", "2.1"),
        ("0.1463", "0.15"),
        ("128.4", "130"),
        ("0.000999", "0.0010"),
        ("1234", "1,200"),
    ],
)
def test_a_rate_is_told_to_two_figures_and_without_powers(value: str, words: str) -> None:
    assert figure(Decimal(value)) == words


def test_what_a_rate_is_told_for() -> None:
    assert (per("radiotherapy"), units_of("radiotherapy")) == (1_000, "1,000 treatment episodes")
    assert units_of("nuclear_medicine") == units_of("diagnostic_imaging") == "10,000 examinations"


@pytest.mark.django_db
@pytest.mark.parametrize(("quantity", "reports"), [(100_000_000, 2), (1, 900)])
def test_an_extreme_employer_is_a_number_and_no_failure(
    counted: Counted, quantity: int, reports: int
) -> None:
    odd = peers(counted, 12)[0]
    odd.activity_returns.update(quantity=quantity)
    counted[odd.pk, RADIOTHERAPY] = reports
    ran()
    told = YearRate.objects.get(employer=odd, starts_on=STARTS)
    assert (told.counted, told.activity) == (reports, quantity)
    assert (told.ratio < 1) == (reports == 2)
    assert told.inner_low <= 1 <= told.inner_high
