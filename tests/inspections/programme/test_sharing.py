"""Sharing places out by hazard."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.programme.drawing import Stratum
from inspections.programme.sharing import Hazards, hazards, shares
from regulator.organisations.models import EmployerType, Modality

RT, NM, DI = (
    ("radiotherapy", "nhs_acute"),
    ("nuclear_medicine", "nhs_acute"),
    ("diagnostic_imaging", "dental"),
)
PLAIN = Hazards(
    "test",
    {"radiotherapy": Fraction(3), "nuclear_medicine": Fraction(2), "diagnostic_imaging": Fraction(1)},
    {"nhs_acute": Fraction(1), "dental": Fraction(1, 4)},
    "test",
    verified=False,
)


def test_places_follow_weight_and_the_root_of_the_number() -> None:
    strata = [RT] * 100 + [NM] * 100 + [DI] * 1_600
    # Weights 3*10, 2*10 and 1/4*40: 30, 20 and 10 of 60.
    assert shares(24, strata, PLAIN) == {RT: 12, NM: 8, DI: 4}


def test_what_is_over_goes_by_the_largest_remainder() -> None:
    strata = [RT] * 100 + [NM] * 100 + [DI] * 1_600
    # 25 places: 12.5, 8.33 and 4.17: the one over goes to radiotherapy.
    assert shares(25, strata, PLAIN) == {RT: 13, NM: 8, DI: 4}


def test_nobody_gets_more_places_than_there_are_to_inspect() -> None:
    assert shares(10, [RT, NM, NM], PLAIN) == {RT: 1, NM: 2}
    assert shares(0, [RT, NM], PLAIN) == {RT: 0, NM: 0}
    assert shares(5, [], PLAIN) == {}


STRATA = st.lists(st.sampled_from([RT, NM, DI]), max_size=60)


@given(st.integers(0, 80), STRATA)
def test_every_place_is_given_and_order_changes_nothing(places: int, strata: list[Stratum]) -> None:
    given_out = shares(places, strata, PLAIN)
    assert sum(given_out.values()) == min(places, len(strata))
    assert all(0 <= number <= strata.count(each) for each, number in given_out.items())
    assert shares(places, strata[::-1], PLAIN) == given_out


@pytest.mark.parametrize("modality", Modality.values)
@pytest.mark.parametrize("sector", EmployerType.values)
def test_every_modality_and_sector_of_the_portal_has_a_weight(modality: str, sector: str) -> None:
    assert hazards().weight((modality, sector)) > 0


def test_the_weights_grade_as_the_source_says_and_do_not_claim_to_be_published() -> None:
    graded = hazards()
    assert (
        graded.modalities["radiotherapy"]
        > graded.modalities["nuclear_medicine"]
        > graded.modalities["diagnostic_imaging"]
    )
    assert graded.sectors["dental"] < graded.sectors["nhs_acute"]
    assert graded.source
    assert not graded.verified


def test_what_has_no_weight_is_a_fault_and_not_no_hazard() -> None:
    with pytest.raises(LookupError):
        shares(1, [("veterinary", "nhs_acute")], PLAIN)
