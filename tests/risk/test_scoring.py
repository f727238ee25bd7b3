"""From snapshot to scores: peer groups, gaps in activity, and the same bytes for the same input."""

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.periods import DayRange
from regulator.risk.parameters import read_parameters
from regulator.risk.scoring import score
from regulator.risk.snapshot import Return, SnapshotRow, activity_in, canonical, digest

PARAMETERS = read_parameters()
WINDOW = DayRange(date(2021, 4, 1), date(2024, 3, 31))


def row(
    employer: int,
    observed: int = 3,
    activity: int | None = 1000,
    *,
    sector: str = "nhs_acute",
    modality: str = "radiotherapy",
) -> SnapshotRow:
    held = None if activity is None else Decimal(activity)
    return SnapshotRow(employer, modality, sector, observed, held, 0 if activity is None else WINDOW.days)


def test_an_employer_that_reports_little_for_its_activity_comes_out_lower_than_its_peers() -> None:
    scores, _ = score([row(n, 10) for n in range(1, 10)] + [row(10, 0)], PARAMETERS)
    quiet = scores[-1]
    assert quiet.p_below_half == max(each.p_below_half or 0 for each in scores)
    assert quiet.posterior_mean is not None
    assert quiet.posterior_mean < 1


def test_missing_activity_gives_a_flagged_row_and_no_score() -> None:
    scores, groups = score([row(n) for n in range(1, 8)] + [row(8, 5, None)], PARAMETERS)
    assert scores[-1].expected is None
    assert scores[-1].p_below_half is None
    assert scores[-1].observed == 5
    assert groups[0].without_activity == 1
    # What it reported says nothing about the peers' rate, since its activity is not known.
    assert groups[0].observed == 7 * 3


def test_nhs_and_independent_employers_are_not_each_others_peers() -> None:
    nhs = [row(n, 10) for n in range(1, 8)]
    independent = [row(n, 1, sector="independent") for n in range(11, 18)]
    scores, groups = score(nhs + independent, PARAMETERS)
    assert [group.name for group in groups] == ["radiotherapy/independent", "radiotherapy/nhs"]
    assert all(each.expected == each.observed for each in scores)


def test_a_lonely_employer_is_held_against_the_whole_modality() -> None:
    scores, groups = score(
        [row(n, 10) for n in range(1, 10)] + [row(10, 0, sector="independent")], PARAMETERS
    )
    assert scores[-1].peer_group == "radiotherapy/independent (all)"
    assert scores[-1].expected == Decimal("9.0000")
    assert groups[0].employers == 10


def test_a_single_employer_in_all_of_england_cannot_be_told_from_its_peers() -> None:
    scores, groups = score([row(1, 4)], PARAMETERS)
    assert scores[0].posterior_mean == 1
    assert groups[0].how == "few_employers"


def test_no_rows_give_no_scores() -> None:
    assert score([], PARAMETERS) == ([], [])


def test_everybody_silent_says_nothing_about_anybody() -> None:
    scores, groups = score([row(n, 0) for n in range(1, 9)], PARAMETERS)
    assert groups[0].how == "no_incidents"
    assert {each.posterior_mean for each in scores} == {Decimal(1)}
    assert len({each.p_below_half for each in scores}) == 1


rows = st.lists(
    st.builds(
        row,
        st.integers(1, 40),
        st.integers(0, 30),
        st.one_of(st.none(), st.integers(0, 10_000)),
        sector=st.sampled_from(["nhs_acute", "independent", "dental", "never heard of"]),
        modality=st.sampled_from(["radiotherapy", "nuclear_medicine"]),
    ),
    unique_by=lambda each: (each.employer_id, each.modality),
    max_size=40,
)


@given(rows, st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_the_same_scores_and_the_same_snapshot(
    held: list[SnapshotRow], shuffler: random.Random
) -> None:
    shuffled = list(held)
    shuffler.shuffle(shuffled)
    assert score(held, PARAMETERS) == score(shuffled, PARAMETERS)
    one, other = (canonical(each, start=WINDOW.start, end=WINDOW.end) for each in (held, shuffled))
    assert digest(one) == digest(other)


@given(rows)
def test_every_row_is_answered_once_and_scored_exactly_where_activity_is_known(
    held: list[SnapshotRow],
) -> None:
    scores, _ = score(held, PARAMETERS)
    assert [(each.employer_id, each.modality) for each in scores] == sorted(
        (each.employer_id, each.modality) for each in held
    )
    known = {(each.employer_id, each.modality): each.activity is not None for each in held}
    assert all((each.p_below_half is not None) == known[each.employer_id, each.modality] for each in scores)


def test_a_changed_count_changes_the_snapshot() -> None:
    one, other = (canonical([row(1, count)], start=WINDOW.start, end=WINDOW.end) for count in (1, 2))
    assert digest(one) != digest(other)


def year(first: int, quantity: int) -> Return:
    return Return(DayRange(date(first, 4, 1), date(first + 1, 3, 31)), quantity)


def test_returns_for_the_whole_window_add_up() -> None:
    activity, covered = activity_in(WINDOW, [year(2021, 100), year(2022, 200), year(2023, 300)])
    assert activity == Decimal("600.000")
    assert sum(stretch.days for stretch in covered) == WINDOW.days


def test_a_return_is_prorated_to_the_days_that_fall_into_the_window() -> None:
    window = DayRange(date(2023, 4, 1), date(2023, 4, 30))
    assert activity_in(window, [year(2023, 366)]) == (Decimal("30.000"), [window])


def test_nothing_is_scaled_up_to_the_days_without_a_return() -> None:
    activity, covered = activity_in(WINDOW, [year(2023, 366)])
    assert activity == Decimal("366.000")
    assert covered == [DayRange(date(2023, 4, 1), date(2024, 3, 31))]


def test_a_return_that_lies_between_others_fills_the_gap_alone() -> None:
    quarter = Return(DayRange(date(2022, 7, 1), date(2022, 9, 30)), 92)
    activity, covered = activity_in(WINDOW, [quarter, year(2022, 365)])
    assert activity == Decimal("365.000")
    assert [(each.start, each.end) for each in covered] == [
        (date(2022, 4, 1), date(2022, 6, 30)),
        (date(2022, 7, 1), date(2022, 9, 30)),
        (date(2022, 10, 1), date(2023, 3, 31)),
    ]


def test_two_returns_for_the_same_days_count_once_and_the_first_is_trusted() -> None:
    window = DayRange(date(2023, 4, 1), date(2024, 3, 31))
    assert activity_in(window, [year(2023, 1000), year(2023, 9)])[0] == Decimal("1000.000")


@pytest.mark.parametrize("returns", [[], [year(2015, 500)]])
def test_no_return_within_the_window_is_missing_and_not_zero(returns: list[Return]) -> None:
    assert activity_in(WINDOW, returns) == (None, [])


def test_a_return_of_nothing_is_zero_and_not_missing() -> None:
    assert activity_in(WINDOW, [year(2021, 0)])[0] == Decimal("0.000")
