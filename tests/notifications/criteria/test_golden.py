"""Every boundary of every regime, as ``golden.csv`` has it; and proof that the file leaves none out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifications.criteria.check import check
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import Ratio, values_of
from notifications.criteria.reference import Condition, Regime, read_criteria
from tests.notifications.criteria.golden import GoldenCase, cases, told

CRITERIA = read_criteria()
CASES = cases()
INCIDENTS = [told(case.facts) for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answer_is_that_of_the_golden_file(case: GoldenCase) -> None:
    result = check(told(case.facts))
    assert (result.answer.value, result.primary, result.others) == (case.answer, case.code, case.other_codes)


def _conditions() -> Iterator[tuple[Regime, str, Condition]]:
    for regime in CRITERIA.regimes:
        for rule in regime.rules:
            for alternative in (*rule.notifiable_when_any, *rule.doubtful_when_any):
                for condition in alternative:
                    yield regime, rule.code, condition


def _incidents(regime: Regime, code: str) -> list[Incident]:
    """The incidents of the golden file that the rule is applied to."""
    modalities = next(rule.modalities for rule in regime.rules if rule.code == code)
    return [
        each
        for each in INCIDENTS
        if each.occurred_on and regime.covers(each.occurred_on) and each.modality in modalities
    ]


def _named(value: object) -> str:
    if isinstance(value, Regime):
        return value.id
    return (
        f"{value.quantity} {value.comparison} {value.value}" if isinstance(value, Condition) else str(value)
    )


@pytest.mark.parametrize(("regime", "code", "condition"), list(_conditions()), ids=_named)
def test_every_condition_of_every_rule_stands_in_the_file_from_both_sides(
    regime: Regime, code: str, condition: Condition
) -> None:
    values = [values_of(each)[condition.quantity] for each in _incidents(regime, code)]
    if condition.comparison == "is":
        words = {value for value in values if isinstance(value, str)}
        assert condition.value in words
        assert words - {condition.value}
        return
    sides = {_side(value, condition) for value in values}
    assert {-1, 1} <= sides
    assert 0 in sides or condition.comparison in ("<", ">")


def _side(value: object, condition: Condition) -> int | None:
    if isinstance(value, Ratio):
        difference = value.part - condition.number * value.whole
    elif isinstance(value, type(condition.number)):
        difference = value - condition.number
    else:
        return None
    return (difference > 0) - (difference < 0)


def test_every_regime_stands_in_the_file_with_its_first_and_its_last_day() -> None:
    days = {each.occurred_on for each in INCIDENTS}
    for regime in CRITERIA.regimes:
        assert {regime.effective_from, regime.effective_to, regime.begun_by} - {None} <= days
        assert regime.begun_by is None or regime.begun_by + timedelta(days=1) in days
