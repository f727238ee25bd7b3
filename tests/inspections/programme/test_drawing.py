"""The draw itself: which arm takes whom, how probable that was, and that it can be done again."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.programme import records
from inspections.programme.drawing import CERTAIN, Arm, Candidate, Terms, chance, draw, years_before

ON = date(2026, 3, 20)
TERMS = Terms(
    on=ON,
    split={("radiotherapy", "nhs_acute"): 2, ("nuclear_medicine", "nhs_acute"): 1},
    by_rule=2,
    by_time=1,
    by_chance=2,
    rest_years=2,
    floor_years=8,
    seed="a seed",
)
VISITED = date(2021, 6, 1)


def candidate(
    number: int,
    modality: str = "radiotherapy",
    *,
    sector: str = "nhs_acute",
    score: str | None = "1/2",
    inspected_on: date | None = VISITED,
    rule: str = "",
    underway: bool = False,
) -> Candidate:
    exact = None if score is None else Fraction(score)
    return Candidate(number, modality, sector, exact, rule, inspected_on, underway)


def keys(drawn: object, arm: Arm) -> list[int]:
    assert isinstance(drawn, list)
    return [each.candidate.employer for each in drawn if each.arm is arm]


def test_the_highest_scores_of_each_share_and_no_more() -> None:
    found = [candidate(n, score=f"{n}/10") for n in range(1, 8)]
    found += [candidate(n, "nuclear_medicine", score=f"{n}/10") for n in range(1, 4)]
    drawn = draw(found, replace(TERMS, by_time=0, by_chance=0))
    assert [(each.candidate.modality, each.candidate.employer) for each in drawn] == [
        ("radiotherapy", 7),
        ("radiotherapy", 6),
        ("nuclear_medicine", 3),
    ]
    assert {each.probability for each in drawn} == {CERTAIN}


def test_whoever_has_no_score_is_reached_by_time_and_chance_alone() -> None:
    found = [candidate(n, score=None) for n in range(1, 6)]
    drawn = draw(found, TERMS)
    assert keys(drawn, Arm.SCORE) == []
    assert len(keys(drawn, Arm.RANDOM)) == 2


def test_those_never_inspected_come_first_then_the_longest_ago() -> None:
    long_ago, longer = ON - timedelta(days=365 * 10), ON - timedelta(days=365 * 12)
    found = [
        candidate(1, inspected_on=long_ago),
        candidate(2, inspected_on=longer),
        candidate(3, inspected_on=None),
        candidate(4),
    ]
    assert keys(draw(found, replace(TERMS, by_time=3)), Arm.TIME) == [3, 2, 1]
    assert keys(draw(found, replace(TERMS, by_time=2)), Arm.TIME) == [3, 2]


@pytest.mark.parametrize(
    ("inspected_on", "is_drawn"),
    [
        (date(2024, 3, 20), True),
        (date(2024, 3, 21), False),
        (date(2026, 3, 19), False),
    ],
)
def test_whoever_was_inspected_lately_rests_to_the_day(inspected_on: date, is_drawn: bool) -> None:
    drawn = draw([candidate(1, inspected_on=inspected_on)], replace(TERMS, by_time=0, by_chance=0))
    assert bool(drawn) is is_drawn


@pytest.mark.parametrize(
    ("inspected_on", "is_drawn"), [(date(2018, 3, 20), True), (date(2018, 3, 21), False)]
)
def test_the_time_without_a_visit_counts_to_the_day(inspected_on: date, is_drawn: bool) -> None:
    drawn = draw([candidate(1, inspected_on=inspected_on)], replace(TERMS, split={}, by_chance=0))
    assert bool(drawn) is is_drawn


def test_a_rule_trumps_rest_and_names_itself_and_an_open_inspection_trumps_a_rule() -> None:
    rested = candidate(1, rule="prohibition notice", inspected_on=ON)
    underway = candidate(2, rule="prohibition notice", underway=True)
    [forced] = draw([rested, underway], TERMS)
    assert (forced.candidate, forced.arm, forced.probability) == (rested, Arm.RULE, CERTAIN)


def test_a_rule_that_fits_many_takes_its_places_for_the_highest_and_passes_the_rest_on() -> None:
    found = [candidate(n, score=f"{n}/10", rule="never inspected") for n in range(1, 8)]
    drawn = draw(found, replace(TERMS, by_time=0, by_chance=0))
    assert keys(drawn, Arm.RULE) == [7, 6]
    assert keys(drawn, Arm.SCORE) == [5, 4]
    assert keys(draw(found, replace(TERMS, by_rule=0, by_time=0, by_chance=0)), Arm.SCORE) == [7, 6]


def test_chance_draws_from_whoever_is_left_whatever_their_share_and_says_how_probable() -> None:
    found = [candidate(n, score=f"{n}/100") for n in range(1, 11)]
    found += [candidate(n, "diagnostic_imaging", sector="dental", score=None) for n in range(1, 31)]
    drawn = draw(found, replace(TERMS, by_time=0, by_chance=4))
    by_chance = [each for each in drawn if each.arm is Arm.RANDOM]
    assert {each.probability for each in by_chance} == {Fraction(4, 38)}
    left = sorted(
        (each for each in found if each.key not in {(10, "radiotherapy"), (9, "radiotherapy")}),
        key=lambda each: chance(TERMS.seed, each.key),
    )
    assert [each.candidate for each in by_chance] == left[:4]


def test_over_many_seeds_everybody_left_is_drawn_as_often() -> None:
    """With 6,000 draws of 4 of 20 each is expected 1,200 times; 5 standard deviations are 155."""
    found = [candidate(n, score=None) for n in range(1, 21)]
    counted: Counter[int] = Counter()
    for seed in range(6_000):
        drawn = draw(found, replace(TERMS, by_time=0, by_chance=4, seed=str(seed)))
        counted.update(keys(drawn, Arm.RANDOM))
    assert set(counted) == set(range(1, 21))
    assert all(abs(number - 1_200) < 155 for number in counted.values())


def test_there_are_never_more_places_by_chance_than_people_left() -> None:
    assert keys(draw([candidate(1, score=None)], TERMS), Arm.RANDOM) == [1]
    assert draw([], TERMS) == []


SOMEBODY = st.builds(
    Candidate,
    employer=st.integers(1, 40),
    modality=st.sampled_from(["radiotherapy", "nuclear_medicine"]),
    sector=st.sampled_from(["nhs_acute", "dental"]),
    score=st.none() | st.fractions(0, 1, max_denominator=50),
    rule=st.sampled_from(["", "", "", "severe harm"]),
    inspected_on=st.none() | st.dates(date(2010, 1, 1), ON),
    is_underway=st.booleans(),
)
PEOPLE = st.lists(SOMEBODY, max_size=40, unique_by=lambda each: each.key)


@given(PEOPLE, st.randoms(use_true_random=False))
def test_order_changes_nothing_nobody_comes_twice_and_it_can_be_drawn_again(
    found: list[Candidate], shuffler: object
) -> None:
    drawn = draw(found, TERMS)
    mixed = list(found)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, TERMS) == drawn
    assert len({each.candidate.key for each in drawn}) == len(drawn)
    assert not any(each.candidate.is_underway for each in drawn)
    assert all(0 < each.probability <= 1 for each in drawn)
    kept, terms = records.rows_of(mixed), records.written(TERMS)
    assert draw(records.candidates_of(kept), records.terms_of(terms)) == drawn
    assert records.digest(terms, kept) == records.digest(terms, records.rows_of(found))


@given(PEOPLE)
def test_one_with_a_higher_score_in_the_same_share_is_never_passed_over_by_the_score(
    found: list[Candidate],
) -> None:
    drawn = draw(found, TERMS)
    taken = {each.candidate.key: each.arm for each in drawn}
    for each in drawn:
        if each.arm is not Arm.SCORE:
            continue
        better = [
            other
            for other in found
            if other.stratum == each.candidate.stratum
            and (other.score or 0) > (each.candidate.score or 0)
            and not other.is_underway
            and (other.inspected_on is None or other.inspected_on <= years_before(ON, TERMS.rest_years))
        ]
        assert all(taken.get(other.key) not in (None, Arm.RANDOM) for other in better)


def test_a_changed_record_has_another_digest() -> None:
    found = [candidate(n) for n in range(1, 4)]
    before = records.digest(records.written(TERMS), records.rows_of(found))
    after = records.digest(
        records.written(TERMS), records.rows_of([*found[:2], replace(found[2], score=None)])
    )
    other_seed = records.digest(records.written(replace(TERMS, seed="another")), records.rows_of(found))
    assert len({before, after, other_seed}) == 3
    assert before == "f0c7cfa7bd9bfab4dd3e19d6bb9df5121f4ca3a907a6e57d1113b57f726f0002"


def test_29_february_counts_to_the_28th() -> None:
    assert years_before(date(2028, 2, 29), 2) == date(2026, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)
