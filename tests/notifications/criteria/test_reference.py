"""The criteria as data: one regime for every day, and refused when a rule or a date is wrong."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifications.criteria import reference
from notifications.criteria.quantities import FACTS_OF
from notifications.criteria.reference import read_criteria


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2010, 1, 1), "MGTI"),
        (date(2019, 6, 2), "MGTI"),
        (date(2019, 6, 3), "SAUE-2019"),
        (date(2020, 8, 20), "SAUE-2019"),
        (date(2020, 8, 21), "SAUE-2020"),
        (date(2023, 3, 31), "SAUE-2020"),
        (date(2023, 4, 1), "SAUE-2023"),
        (date(2030, 1, 1), "SAUE-2023"),
    ],
)
def test_every_day_has_its_regime(day: date, regime: str) -> None:
    assert read_criteria().regime_on(day).id == regime


@pytest.mark.parametrize(
    ("first", "last", "regimes"),
    [
        (date(2019, 6, 2), date(2019, 6, 2), ["MGTI"]),
        (date(2019, 6, 2), date(2019, 6, 3), ["MGTI", "SAUE-2019"]),
        (date(2018, 1, 1), date(2026, 1, 1), ["MGTI", "SAUE-2019", "SAUE-2020", "SAUE-2023"]),
        (date(2023, 3, 31), date(2023, 3, 31), ["SAUE-2020"]),
        (date(2023, 4, 1), date(2023, 4, 1), ["SAUE-2020", "SAUE-2023"]),
        (date(2023, 4, 30), date(2023, 4, 30), ["SAUE-2020", "SAUE-2023"]),
        (date(2023, 5, 1), date(2023, 5, 1), ["SAUE-2023"]),
        (date(2023, 4, 30), date(2023, 5, 1), ["SAUE-2020", "SAUE-2023"]),
    ],
)
def test_the_days_of_an_incident_have_every_regime_that_applied_or_may_have(
    first: date, last: date, regimes: list[str]
) -> None:
    assert [each.id for each in read_criteria().regimes_between(first, last)] == regimes


def test_every_quantity_of_the_rules_is_asked_and_every_one_that_is_asked_is_used() -> None:
    used = {
        condition.quantity
        for regime in read_criteria().regimes
        for rule in regime.rules
        for alternative in (*rule.notifiable_when_any, *rule.doubtful_when_any)
        for condition in alternative
    }
    assert used == set(FACTS_OF)


def test_the_2020_revision_keeps_the_rules_of_2019() -> None:
    criteria = read_criteria()
    assert criteria.regime("SAUE-2020").rules == criteria.regime("SAUE-2019").rules != ()


def test_the_2023_revision_brought_its_changes() -> None:
    criteria = read_criteria()
    before = {rule.code: rule for rule in criteria.regime("SAUE-2020").rules}
    after = {rule.code: rule for rule in criteria.regime("SAUE-2023").rules}
    assert set(after) - set(before) == {"4.2a", "4.2b", "9"}
    assert set(before) - set(after) == {"4.2"}
    assert [rule["5"].notifiable_when_any[0][-1].value for rule in (before, after)] == ["1", "10"]


def test_three_images_in_a_fraction_are_notifiable_only_with_a_cause_that_the_rule_names() -> None:
    rule = next(rule for rule in read_criteria().regime("SAUE-2023").rules if rule.code == "4.2a")
    conditions = [
        {(each.quantity, each.comparison, each.value) for each in every} for every in rule.notifiable_when_any
    ]
    images = ("images_in_fraction", ">=", "3")
    assert conditions == [
        {("set_up_error", "is", "true"), images},
        {("hardware_or_software_failure", "is", "true"), images},
    ]


def test_only_accidental_exposure_and_the_lowest_band_treat_children_differently() -> None:
    rules = read_criteria().regime("SAUE-2023").rules
    for_children = {
        rule.code
        for rule in rules
        for every in rule.notifiable_when_any
        for one in every
        if one.who == "child"
    }
    assert for_children == {"1", "2.1"}


def test_rules_from_own_knowledge_are_not_called_verified() -> None:
    for regime in read_criteria().regimes:
        assert all(not rule.verified for rule in regime.rules if rule.source.startswith("own knowledge"))


def test_the_two_clocks_are_14_and_84_calendar_days_from_discovery() -> None:
    limits = read_criteria().limits
    assert [(limit.key, limit.days, limit.starts_on) for limit in limits] == [
        ("notification", 14, "discovered_on"),
        ("report", 84, "discovered_on"),
    ]


def test_what_is_not_in_the_file_is_not_found() -> None:
    with pytest.raises(KeyError):
        read_criteria().regime("SAUE-1999")
    with pytest.raises(KeyError):
        read_criteria().limit("reply")


Change = Callable[[dict[str, Any]], None]


def _set(*path: str | int, to: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return change


CONDITION = ("regimes", 1, "rules", 0, "notifiable_when_any", 0, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("regimes", 2, "effective_from", to="2020-08-22"), "SAUE-2019 and SAUE-2020"),
        (_set("regimes", 2, "effective_from", to="2020-08-20"), "SAUE-2019 and SAUE-2020"),
        (_set("regimes", 3, "effective_to", to="2030-01-01"), "the last no end"),
        (_set("regimes", 1, "effective_from", to="3 June"), "SAUE-2019: '3 June' is not a date"),
        (_set("regimes", 1, "rules", 1, "code", to="1"), "SAUE-2019: code 1 is given twice"),
        (_set("regimes", 2, "rules_same_as", to="SAUE-2023"), "SAUE-2020"),
        (_set("regimes", 1, "rules", 0, "notifiable_when_any", to=[]), "code 1: no condition"),
        (_set("regimes", 1, "rules", 0, "modalities", to=["dentistry"]), "dentistry"),
        (_set(*CONDITION, "value", to="three"), "code 1: 'three' is not a number"),
        (_set(*CONDITION, "comparison", to="=>"), "code 1: '=>'"),
        (_set(*CONDITION, "colour", to="red"), "colour"),
        (_set(*CONDITION, "quantity", to="shoe_size"), "code 1: 'shoe_size' is nothing that is asked"),
        (_set("regimes", 1, "rules", 0, "concerns", to="shoes"), "code 1: 'shoes' is no part of an incident"),
        (_set("regimes", 3, "rules", 5, "doubtful_when_any", to=[[]]), "code 3: no condition"),
        (_set("regimes", 3, "begun_by", to="2023-03-31"), "SAUE-2023: it cannot have begun by 2023-03-31"),
        (_set("regimes", 2, "begun_by", to="2023-03-31"), "SAUE-2020: it cannot have begun by 2023-03-31"),
        (_set("regimes", 3, "begun_by", to="April"), "SAUE-2023: 'April' is not a date"),
        (_set("limits", 1, "key", to="notification"), "limit notification is given twice"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, change: Change, said: str) -> None:
    document = json.loads(reference._CRITERIA.read_text(encoding="utf-8"))
    change(document)
    path = tmp_path / "criteria.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_criteria(path)
