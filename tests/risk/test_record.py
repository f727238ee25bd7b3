"""The score's own record: arms, limits, and "not yet shown" until it is."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.organisations.models import Employer
from regulator.risk import services
from regulator.risk.indicators import OUTCOMES, Asked, Outcome
from regulator.risk.queries import selections
from regulator.risk.record import RANDOM, SCORE, Selected, record_of, wilson


def arm(name: str, tried: int, found: int, probability: float = 0.5) -> list[Selected]:
    return [Selected(probability, place < found, name) for place in range(tried)]


@pytest.mark.parametrize(
    ("found", "tried", "low", "high"),
    [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0.0000", "0.1611")],
)
def test_wilsons_limits_are_those_of_the_published_examples(
    found: int, tried: int, low: str, high: str
) -> None:
    """Newcombe 1998, Stat Med 17:857, table I, method 3."""
    limits = wilson(found, tried)
    assert (f"{limits[0]:.4f}", f"{limits[1]:.4f}") == (low, high)


@given(st.integers(1, 300), st.data())
def test_the_limits_hold_the_share(tried: int, data: st.DataObject) -> None:
    found = data.draw(st.integers(0, tried))
    low, high = wilson(found, tried)
    assert 0 <= low <= found / tried <= high <= 1


def test_with_no_inspections_nothing_is_shown() -> None:
    record = record_of([])
    assert (record.arms, record.lift, record.shown, record.brier) == ((), None, False, None)


def test_a_few_lucky_inspections_show_nothing_yet() -> None:
    record = record_of([*arm(SCORE, 36, 14), *arm(RANDOM, 4, 0)])
    assert not record.shown
    assert record.lift is None


def test_the_lift_of_the_published_audit_is_shown() -> None:
    """Bardsley et al. 2009: 26% qualified of those selected, 13% at random."""
    record = record_of([*arm(SCORE, 600, 156), *arm(RANDOM, 300, 39)])
    assert record.shown
    assert record.lift == pytest.approx(2.0)


def test_misses_are_held_against_what_the_scores_said() -> None:
    record = record_of([*arm(SCORE, 10, 6, 0.7), *arm("reactive", 5, 5, 0.2)])
    assert (record.misses, round(record.claimed_misses, 9)) == (4, 3.0)
    assert record.brier is not None
    assert record.brier == pytest.approx((6 * 0.09 + 4 * 0.49 + 5 * 0.64) / 15)


@pytest.mark.django_db
def test_an_inspection_is_held_against_the_run_before_it(
    england: list[Employer], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = [
        Outcome(england[-1].pk, date(2024, 6, 1), 2, arm=SCORE),
        Outcome(england[0].pk, date(2024, 6, 1), 0, arm=RANDOM),
        Outcome(england[0].pk, date(2026, 6, 1), 1, arm=RANDOM),
    ]

    def told(asked: Asked) -> list[Outcome]:
        return [each for each in visits if each.visited in asked.window]

    monkeypatch.setitem(OUTCOMES._items, "inspections", told)
    assert selections() == []
    with clock.at(datetime(2024, 3, 31, 12, tzinfo=UTC)):
        run = services.run_risk(as_of=date(2024, 3, 31), by=Scheduled("risk.nightly_run"))
    with clock.at(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        found = selections()
    said = {each.employer_id: float(each.p_any) for each in run.scores.all()}
    assert found == [
        Selected(said[england[-1].pk], True, SCORE),
        Selected(said[england[0].pk], False, RANDOM),
    ]
