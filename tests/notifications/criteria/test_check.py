"""What must hold of every answer, whatever the incident."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.criteria.check import Answer, check, needed
from notifications.criteria.evaluation import Truth
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident, WrongAnswers
from notifications.criteria.wording import as_plain
from tests.notifications.criteria.golden import cases, told

INCIDENTS = [told(case.facts) for case in cases()]
golden = st.sampled_from(INCIDENTS)
names = st.sampled_from(list(FACTS))


@given(golden, names)
def test_what_is_missing_never_gives_a_no(incident: Incident, name: str) -> None:
    """Forgetting a fact never turns anything but a "no" into a "no"."""
    less = replace(incident, **{name: None})
    if check(less).answer is Answer.NOT_NOTIFIABLE:
        assert check(incident).answer is Answer.NOT_NOTIFIABLE


@given(golden, st.decimals(min_value=0, max_value=1000, places=4))
def test_a_higher_dose_is_never_less_notifiable(incident: Incident, more: Decimal) -> None:
    if incident.total_effective_dose is None or check(incident).answer is not Answer.NOTIFIABLE:
        return
    higher = replace(incident, total_effective_dose=incident.total_effective_dose + more)
    assert check(higher).answer is Answer.NOTIFIABLE


@given(golden, st.integers(min_value=2, max_value=1_000_000))
def test_several_people_are_notifiable_wherever_the_criteria_are_held(incident: Incident, many: int) -> None:
    result = check(replace(incident, number_exposed=many))
    held = result.regime is not None and bool(result.regime.rules)
    assert (result.answer is Answer.NOTIFIABLE) == held


@given(golden, st.data())
def test_the_unit_makes_no_difference(incident: Incident, data: st.DataObject) -> None:
    amounts = {"intended_effective_dose", "total_effective_dose"}
    known = {name: getattr(incident, name) for name in amounts if getattr(incident, name) is not None}
    unit, factor = data.draw(st.sampled_from([("µSv", 1000), ("Sv", Decimal("0.001")), ("mSv", 1)]))
    facts: dict[str, Any] = {name: f"{value * factor:f} {unit}" for name, value in known.items()}
    read = told(facts)
    assert {name: getattr(read, name) for name in known} == known


@given(golden)
def test_an_answer_says_what_it_rests_on(incident: Incident) -> None:
    result = check(incident)
    plain = as_plain(result)
    assert plain["reasons"]
    assert {each["code"] for each in plain["rules"] if each["outcome"] == "met"} == {
        code for code in (result.primary, *result.others) if code
    }
    for rule in plain["rules"]:
        assert rule["source"]
        assert rule["arithmetic"]
    if result.answer is Answer.CANNOT_TELL and result.regime and result.regime.rules:
        assert result.missing or any("not verified" in each or "may apply" in each for each in result.reasons)


@given(golden)
def test_only_questions_that_matter_are_asked_and_every_missing_one_is(incident: Incident) -> None:
    asked = needed(incident)
    for each in check(incident).missing:
        assert each in asked or incident.occurred_on is None or incident.country is None or not incident.event


def test_the_modality_decides_which_questions_are_asked() -> None:
    known = Incident(country="england", event="exposure", occurred_on=date(2026, 1, 5))
    asked = {mod: set(needed(replace(known, modality=mod))) for mod in ("diagnostic_imaging", "radiotherapy")}
    assert {"planning_scan_affected", "treatment_affected"} <= asked["radiotherapy"]
    assert not {"planning_scan_affected", "treatment_affected"} & asked["diagnostic_imaging"]
    assert "interventional" in asked["diagnostic_imaging"]
    assert "interventional" not in asked["radiotherapy"]
    assert "foetal_dose" not in asked["radiotherapy"]
    exposed = replace(known, modality="radiotherapy", foetus_exposed=True)
    assert "foetal_dose" in needed(exposed)


def test_a_verified_code_is_given_before_one_that_is_not() -> None:
    incident = replace(
        next(each for each in INCIDENTS if check(each).primary == "7.1"),
        planning_scan_affected=True,
        planning_scans_total=3,
    )
    result = check(incident)
    assert (result.primary, result.others[0]) == ("4.1", "7.1")
    assert result.verified


def test_an_unverified_rule_that_does_not_concern_the_incident_raises_no_doubt() -> None:
    incident = told(next(case.facts for case in cases() if "planning scans in all" in case.why))
    outcomes = {each.rule.code: each.truth for each in check(incident).evaluations}
    assert outcomes["7.1"] is Truth.NOT_CONCERNED
    assert check(incident).answer is Answer.NOT_NOTIFIABLE


def test_a_dose_to_an_unborn_child_counts_whatever_was_ticked() -> None:
    incident = Incident(occurred_on=date(2026, 1, 5), modality="diagnostic_imaging", foetus_exposed=False)
    assert check(replace(incident, foetal_dose=Decimal(10))).primary == "5"


def test_every_fact_is_a_question_and_every_question_a_fact() -> None:
    assert {field.name for field in fields(Incident)} == set(FACTS)


@pytest.mark.parametrize(
    ("answers", "at_fault"),
    [
        ({"country": "france"}, "country"),
        ({"occurred_on": "5/1/2026"}, "occurred_on"),
        ({"occurred_on": "2026-03-03"}, "occurred_on"),
        ({"number_exposed": "-1"}, "number_exposed"),
        ({"number_exposed": "1.5"}, "number_exposed"),
        ({"number_exposed": 10**30}, "number_exposed"),
        ({"total_effective_dose": "3 mGy"}, "total_effective_dose"),
        ({"total_effective_dose": "3 mSv", "total_effective_dose_unit": "Sv"}, "total_effective_dose"),
        ({"tissue_reaction": "perhaps"}, "tissue_reaction"),
        ({"course_ratio": "a tenth"}, "course_ratio"),
        ({"total_dose": "3"}, "total_dose"),
        ({"tissue_reaction": ["yes"]}, "tissue_reaction"),
    ],
)
def test_an_answer_that_cannot_be_read_is_named(answers: dict[str, Any], at_fault: str) -> None:
    with pytest.raises(WrongAnswers) as refused:
        told(answers)
    assert list(refused.value.faults) == [at_fault]


def test_yes_and_no_may_be_given_as_json_has_them() -> None:
    read = told({"tissue_reaction": True, "set_up_error": False, "number_exposed": 2, "person": None})
    assert (read.tissue_reaction, read.set_up_error, read.number_exposed, read.person) == (
        True,
        False,
        2,
        None,
    )
