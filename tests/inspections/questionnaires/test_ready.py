"""The questionnaires as published: every edition is frozen, every regulation exists."""

import json
from typing import Any, Final

import pytest

from inspections.questionnaires import ready
from inspections.questionnaires.queries import in_force
from inspections.questionnaires.ready import DATA, Kind, editions, newest
from regulator import clock
from regulator.legislation.catalogue import read_catalogue
from regulator.organisations.models import Modality
from tests.enforcement.scene import Scene

FROZEN: Final = {
    ("diagnostic_imaging", 1): "1556eb1977a05ed53a6c24c77c07e72128ff20f14d9be27c8c9a7bad2d575e85",
    ("nuclear_medicine", 1): "35511712e53ce7895c43f1455656a58a13991d77c60f24536e6a86578fb19928",
    ("radiotherapy", 1): "a96d04ef4c838c31dfc47cb86cef09436168f32d51b9a7cfc085e5fecce05ce7",
}
"""What was published says so for ever. Another wording is another edition: add its line."""
EVERYWHERE: Final = {"governance", "training", "justification", "mpe", "equipment", "events", "audit"}


def content(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


def files() -> dict[tuple[str, int], Any]:
    return {("shared", 1): content("shared-1.json")}


def test_no_published_edition_was_changed() -> None:
    assert {key: each.sha256 for key, each in editions().items()} == FROZEN


def test_the_digest_is_over_shared_sections_too() -> None:
    whole, shared = content("radiotherapy-1.json"), files()
    same = ready.read("radiotherapy-1.json", whole, shared)
    assert same.sha256 == FROZEN["radiotherapy", 1]
    shared["shared", 1]["sections"][0]["questions"][0]["text"] += " Always?"
    assert ready.read("radiotherapy-1.json", whole, shared).sha256 != same.sha256


@pytest.mark.parametrize("modality", Modality.values)
def test_each_modality_has_one_with_the_sections_that_it_needs(modality: str) -> None:
    [each] = newest(modality)
    own = {
        Modality.RADIOTHERAPY: {"planning", "carers"},
        Modality.NUCLEAR_MEDICINE: {"optimisation", "carers"},
        Modality.DIAGNOSTIC_IMAGING: {"optimisation", "carers", "non_medical"},
    }
    assert {one.key for one in each.sections} == EVERYWHERE | own[Modality(modality)]
    assert all(4 <= len(one.questions) <= 8 for one in each.sections)
    assert {one.kind for one in each.questions} == set(Kind)
    assert any(one.evidence for one in each.questions)


def test_every_regulation_is_in_force(scene: Scene) -> None:
    standing = in_force(clock.today())
    for each in editions().values():
        assert {one.regulation for one in each.questions} <= standing


def test_every_regulation_is_in_the_catalogue() -> None:
    known = {row.reference for row in read_catalogue() if row.instrument == "IR(ME)R 2017"}
    for each in editions().values():
        assert {one.regulation for one in each.questions} <= known


def _without_a_kind(whole: dict[str, Any]) -> None:
    del whole["sections"][3]["questions"][0]["kind"]


def _key_twice(whole: dict[str, Any]) -> None:
    whole["sections"][3]["questions"][0]["key"] = "governance_followed"


def _options_of_a_date(whole: dict[str, Any]) -> None:
    whole["sections"][3]["questions"][0] |= {"kind": "date", "options": [{"value": "a", "text": "A"}]}


def _evidence_of_a_number(whole: dict[str, Any]) -> None:
    whole["sections"][3]["questions"][0] |= {"kind": "number", "evidence": True}


def _unknown_shared(whole: dict[str, Any]) -> None:
    whole["sections"][0]["shared"] = "nothing"


def _another_edition(whole: dict[str, Any]) -> None:
    whole["edition"] = 2


@pytest.mark.parametrize(
    "spoil",
    [
        _without_a_kind,
        _key_twice,
        _options_of_a_date,
        _evidence_of_a_number,
        _unknown_shared,
        _another_edition,
    ],
)
def test_a_file_that_is_not_in_order_is_named(spoil: Any) -> None:
    whole = content("radiotherapy-1.json")
    spoil(whole)
    with pytest.raises(ValueError, match=r"radiotherapy-1\.json"):
        ready.read("radiotherapy-1.json", whole, files())
