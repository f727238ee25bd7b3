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
from tests.notifications.criteria.golden import cases, told

INCIDENTS = [told(case.facts) for case in cases()]
golden = st.sampled_from(INCIDENTS)


@given(golden, st.data())
def test_the_unit_makes_no_difference(incident: Incident, data: st.DataObject) -> None:
    amounts = {"intended_effective_dose", "total_effective_dose"}
    known = {name: getattr(incident, name) for name in amounts if getattr(incident, name) is not None}
    unit, factor = data.draw(st.sampled_from([("µSv", 1000), ("Sv", Decimal("0.001")), ("mSv", 1)]))
    facts: dict[str, Any] = {name: f"{value * factor:f} {unit}" for name, value in known.items()}
    read = told(facts)
    assert {name: getattr(read, name) for name in known} == known


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


def test_without_a_modality_the_questions_of_every_modality_are_asked() -> None:
    known = Incident(country="england", event="exposure", occurred_on=date(2026, 1, 5))
    asked = set(needed(known))
    assert {"modality", "number_exposed", "exposure_kind", "person", "foetus_exposed"} <= asked
    assert not {"planned_images", "interventional", "wrong_radiopharmaceutical"} & asked
    several = check(replace(known, number_exposed=3))
    assert (several.answer, several.primary) == (Answer.NOTIFIABLE, "")


@pytest.mark.parametrize("lost", ["country", "event", "occurred_on", "modality"])
def test_what_is_not_known_of_the_place_stops_no_other_question(lost: str) -> None:
    known = Incident(
        country="england", event="exposure", occurred_on=date(2026, 1, 5), modality="radiotherapy"
    )
    asked = set(needed(replace(known, **{lost: None})))
    assert {lost, "number_exposed", "clinically_significant"} <= asked


def test_where_the_versions_differ_each_says_what_it_would_be() -> None:
    result = check(told(next(case.facts for case in cases() if "from 2023-03-25 to 2023-05-05" in case.why)))
    assert [each.answer for each in result.readings] == [Answer.NOT_NOTIFIABLE, Answer.NOTIFIABLE]
    said = "\n".join(result.reasons)
    assert "The day on which it began is not published: 1 April 2023 is assumed" in said
    assert "It went on from 25 March 2023 to 5 May 2023" in said
    assert "August 2020 revision, in force from 21 August 2020 until 31 March 2023: not notifiable" in said
    assert "April 2023 revision, in force from 1 April 2023: notifiable, code 5." in said


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
    incident = Incident(
        country="england",
        event="exposure",
        occurred_on=date(2026, 1, 5),
        modality="diagnostic_imaging",
        foetus_exposed=False,
    )
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
        ({"planning_scans_total": "10,000"}, "planning_scans_total"),
        ({"planning_scans_total": 10_000}, "planning_scans_total"),
        ({"images_in_course": 10_000}, "images_in_course"),
        ({"occurred_on": "2000-05-12"}, "occurred_on"),
        ({"occurred_until": "2026-03-01"}, "occurred_until"),
        ({"occurred_on": "2026-03-02", "occurred_until": "2026-03-01"}, "occurred_until"),
        ({"occurred_on": "2026-03-02", "occurred_until": "2026-03-03"}, "occurred_until"),
        ({"total_effective_dose": "4.1234567"}, "total_effective_dose"),
        ({"total_effective_dose": 4.1234567}, "total_effective_dose"),
        (
            {"total_effective_dose": "0.5 µSv", "intended_effective_dose": "0.0005 µSv"},
            "intended_effective_dose",
        ),
        ({"total_effective_dose": "1000 Sv"}, "total_effective_dose"),
        ({"local_drl_multiple": "10.12345"}, "local_drl_multiple"),
        ({"foetal_dose": "10.00001"}, "foetal_dose"),
        ({"course_ratio": "1.123456"}, "course_ratio"),
        ({"organ_at_risk_ratio": "10000"}, "organ_at_risk_ratio"),
        ({"miss_distance_mm": "2.505"}, "miss_distance_mm"),
        ({"total_effective_dose": "2,5"}, "total_effective_dose"),
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


def test_a_first_day_that_cannot_be_read_takes_the_last_day_with_it() -> None:
    with pytest.raises(WrongAnswers) as refused:
        told({"occurred_on": "yesterday", "occurred_until": "2026-03-01"})
    assert set(refused.value.faults) == {"occurred_on", "occurred_until"}


def test_a_number_of_json_is_read_as_it_stands() -> None:
    read = told({"intended_effective_dose": 0.00001, "total_effective_dose": 2.5, "course_ratio": 1})
    assert (read.intended_effective_dose, read.total_effective_dose, read.course_ratio) == (
        Decimal("0.00001"),
        Decimal("2.5"),
        Decimal(1),
    )


def test_yes_and_no_may_be_given_as_json_has_them() -> None:
    read = told({"tissue_reaction": True, "set_up_error": False, "number_exposed": 2, "person": None})
    assert (read.tissue_reaction, read.set_up_error, read.number_exposed, read.person) == (
        True,
        False,
        2,
        None,
    )
