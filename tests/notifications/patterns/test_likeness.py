"""When two notifications look like one incident, and when three incidents are more than chance."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.patterns.likeness import Told, alike, phrases, plain, shared
from notifications.patterns.rising import FEWEST, UNLIKELY, rise

DAY = date(2026, 3, 3)
TEXT = "The operator exposed a patient who had no referral and then told the person in charge of the list"
OTHER = "A boost was planned on the wrong side because the contour had been copied from the former scan"
days = st.lists(st.integers(0, 900), max_size=40).map(lambda n: sorted(DAY - timedelta(days=k) for k in n))
told = st.builds(
    Told,
    on=st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n)),
    text=st.sampled_from([TEXT, TEXT + " again", OTHER, "", "Same words"]),
    site=st.sampled_from([None, 1, 2]),
    examination=st.sampled_from(["", "CT chest", "ct  CHEST!"]),
)


def test_texts_are_compared_by_their_runs_of_three_words() -> None:
    assert phrases("One, two; THREE four") == {("one", "two", "three"), ("two", "three", "four")}
    assert phrases("Two words") == {("two", "words")}
    assert phrases(" ... ") == frozenset()
    assert shared(TEXT, TEXT.upper()) == 1.0
    assert shared(TEXT, OTHER) == 0.0
    assert shared("", "") == 0.0
    assert shared("a b c d", "a b c e") == pytest.approx(1 / 3)
    assert plain(" Acme-Scan (X100) ") == "acme scan x100"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"on": DAY + timedelta(days=3)}, True),
        ({"on": DAY + timedelta(days=4)}, False),
        ({"text": OTHER}, False),
        ({"text": ""}, False),
        ({"site": 2, "examination": "CT chest"}, True),
    ],
)
def test_the_same_words_within_three_days_are_one_incident(changes: dict[str, object], found: bool) -> None:
    one = Told(DAY, TEXT, site=1, examination="CT chest")
    assert (alike(one, Told(**{"on": DAY, "text": TEXT, "site": 1, **changes})) is not None) is found  # type: ignore[arg-type]


def test_somewhat_alike_words_need_the_day_the_site_and_the_examination() -> None:
    somewhat = " ".join([*TEXT.split()[:9], *OTHER.split()[:12]])
    assert 0.15 < shared(TEXT, somewhat) < 0.5
    one = Told(DAY, TEXT, site=1, examination="CT chest")
    found = alike(one, Told(DAY, somewhat, site=1, examination="ct  CHEST!"))
    assert found is not None
    assert found.reasons[1:] == (
        "The day is the same.",
        "The site is the same.",
        "The examination is the same: CT chest.",
    )
    for other in (
        Told(DAY + timedelta(days=1), somewhat, site=1, examination="CT chest"),
        Told(DAY, somewhat, site=2, examination="CT chest"),
        Told(DAY, somewhat, site=None, examination="CT chest"),
        Told(DAY, somewhat, site=1, examination="CT head"),
    ):
        assert alike(one, other) is None


@settings(deadline=None)
@given(told, told)
def test_likeness_has_no_order(one: Told, other: Told) -> None:
    mine, theirs = alike(one, other), alike(other, one)
    assert (mine is None) == (theirs is None)
    assert mine is None or theirs is None or mine.shared == theirs.shared


def past(*ago: int) -> list[date]:
    return sorted(DAY - timedelta(days=n) for n in ago)


LONG_AGO = DAY - timedelta(days=3_000)


@pytest.mark.parametrize(
    ("ago", "window"),
    [
        ((1, 20, 80), 90),  # three where none came in two years
        ((1, 20, 89), 90),
        ((1, 20, 90), 180),  # the 91st day is not within the last 90
        ((1, 20), None),  # two are no cluster
        ((100, 110, 120), 180),
        ((1, 20, 80, 200), 90),  # one in the past: P = 0.0028
        ((1, 20, 80, 200, 300, 400), None),  # three in the past: P = 0.015
        ((200, 210, 220), None),  # long over
    ],
)
def test_three_are_a_cluster_where_the_past_knows_of_next_to_none(
    ago: tuple[int, ...], window: int | None
) -> None:
    found = rise(past(*ago), today=DAY, known_since=LONG_AGO)
    assert (found.window if found else None) == window


def test_a_cluster_says_what_was_expected() -> None:
    found = rise(past(1, 20, 80), today=DAY, known_since=LONG_AGO)
    assert found is not None
    assert found.sentence == (
        "3 in the last 90 days; 0 in the 730 days before let less than 0.1 be expected."
    )
    assert found.expected == pytest.approx(45 / 730)
    assert found.probability == pytest.approx(0.00043, abs=5e-6)


def test_a_short_past_makes_what_is_seen_less_improbable() -> None:
    seen = past(1, 20, 80)
    assert rise(seen, today=DAY, known_since=DAY - timedelta(days=80)) is None
    assert rise(seen, today=DAY, known_since=DAY) is None
    assert rise(seen, today=DAY, known_since=DAY - timedelta(days=700)) is not None


def test_what_is_dated_ahead_does_not_count() -> None:
    assert rise(past(-1, -2, 20, 80), today=DAY, known_since=LONG_AGO) is None


@settings(deadline=None)
@given(days)
def test_a_rise_is_improbable_and_never_of_fewer_than_three(seen: list[date]) -> None:
    found = rise(seen, today=DAY, known_since=LONG_AGO)
    if found is not None:
        assert found.count >= FEWEST
        assert 0 <= found.probability <= UNLIKELY
        assert found.count > found.expected


@settings(deadline=None)
@given(days)
def test_one_more_in_the_window_never_hides_a_rise(seen: list[date]) -> None:
    if rise(seen, today=DAY, known_since=LONG_AGO) is not None:
        assert rise(sorted([*seen, DAY]), today=DAY, known_since=LONG_AGO) is not None
