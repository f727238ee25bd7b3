"""Weighing: the golden file of every permutation, what must hold of any weights, files that are refused."""

import json
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from notifications.triage.weighing import KINDS, Band, Inputs, read_weights, weigh
from tests.notifications.triage.golden import as_weighed, lines, permutations

SHIPPED = Path(__file__).parents[3] / "notifications" / "data" / "triage.json"


def test_the_golden_file_has_every_permutation_once_and_each_gets_its_band() -> None:
    assert lines() == [as_weighed(inputs) for inputs in permutations()]


def test_every_band_is_reached_and_the_file_is_whole() -> None:
    read = lines()
    assert len(read) == 4 * 3 * 3 * 2 * 2 * 2 * 3 * 2
    assert {line["band"] for line in read} == {"low", "medium", "high"}


def test_worse_never_lowers_the_band_nor_the_points() -> None:
    weights = read_weights()
    compared = 0
    for inputs in permutations():
        before = weigh(inputs, weights)
        for name, kind in KINDS.items():
            values: list[Enum] = list(kind)
            for worse in values[values.index(getattr(inputs, name)) + 1 :]:
                after = weigh(replace(inputs, **{name: worse}), weights)  # type: ignore[arg-type]
                assert after.points >= before.points
                assert after.band >= before.band
                compared += 1
    assert compared > 10_000


def gravest_alone(name: str, value: str) -> Band:
    """The band where nothing else speaks for a higher risk."""
    least: dict[str, Any] = {each: next(iter(kind)) for each, kind in KINDS.items()}
    return weigh(Inputs(**least | {name: KINDS[name](value)}), read_weights()).band


@pytest.mark.parametrize("name", ["tissue_reaction", "serious_harm"])
def test_a_tissue_reaction_or_lasting_harm_is_high_alone(name: str) -> None:
    assert gravest_alone(name, "yes") is Band.HIGH


def test_many_people_are_high_alone_and_what_is_missing_is_never_low() -> None:
    assert gravest_alone("people", "many") is Band.HIGH
    assert gravest_alone("dose", "unknown") is Band.MEDIUM
    assert gravest_alone("dose", "met") is Band.LOW


def test_each_reason_says_what_weighed_from_the_gravest_on() -> None:
    for inputs in permutations():
        found = weigh(inputs, read_weights())
        points = [reason.points for reason in found.reasons]
        assert points == sorted(points, reverse=True)
        assert sum(points) == found.points
        assert all(reason.sentence.endswith(".") for reason in found.reasons)
        assert found.proposes_inspection == (found.band is Band.HIGH)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"points": {}}, "dose must have points"),
        ({"bands": {"high": 4}}, "'medium' is missing"),
        ({"points": {"late": {"no": 1, "yes": 0}}}, "late: what is worse weighs less"),
        ({"points": {"late": {"no": -1, "yes": 0}}}, "late: what is worse weighs less"),
        ({"points": {"person": {"adult": 0, "child": 1}}}, "person must have points"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    document = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for key, value in change.items():
        document[key] = document[key] | value if key == "points" and value else value
    path = tmp_path / "triage.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_weights(path)
