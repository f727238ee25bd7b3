"""The taxonomy of causes: every leaf once, with the labels that differ between modalities joined."""

from pathlib import Path

import pytest

from notifications.taxonomy import MODALITIES, TAXONOMY, read_submodalities, read_taxonomy


def test_every_leaf_has_its_own_stable_slug() -> None:
    leaves = read_taxonomy()
    assert len({leaf.slug for leaf in leaves}) == len(leaves) == 89
    assert all(len(leaf.slug) <= 50 for leaf in leaves)


@pytest.mark.parametrize(
    ("modality", "leaves", "branches"),
    [("diagnostic_imaging", 34, 19), ("radiotherapy", 32, 11), ("nuclear_medicine", 23, 14)],
)
def test_each_modality_has_its_own_tree(modality: str, leaves: int, branches: int) -> None:
    tree = [leaf for leaf in read_taxonomy() if leaf.modality == modality]
    assert len(tree) == leaves
    assert len({(leaf.tier1, leaf.tier2) for leaf in tree}) == branches


@pytest.mark.parametrize(
    ("rollup", "labels"),
    [
        (
            "Wrong patient position, set-up or protocol",
            {"Wrong patient position/setup/protocol", "Wrong patient position/set-up/protocol"},
        ),
        (
            "Failure to cancel",
            {
                "Failure to cancel",
                "Failure to cancel a request made in error",
                "Failure to cancel radiotherapy",
            },
        ),
        ("Patient issue", {"Patient", "Patient issue"}),
    ],
)
def test_the_roll_up_joins_labels_for_one_idea(rollup: str, labels: set[str]) -> None:
    assert {leaf.tier3 for leaf in read_taxonomy() if leaf.rollup == rollup} == labels


def test_the_roll_up_joins_the_spellings_of_equipment_related() -> None:
    joined = {leaf.tier2 for leaf in read_taxonomy() if leaf.rollup_tier2 == "Equipment related"}
    assert joined == {"Equipment related", "Equipment-related"}


def test_sub_modalities_cover_every_modality() -> None:
    assert {kind.modality for kind in read_submodalities()} == set(MODALITIES)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("di-referrer-wrong-timing", "di-referrer-wrong-patient", "line 5"),
        ("Wrong timing,Incorrect referral", "Wrong patient,Incorrect referral", "line 5"),
        ("di-referrer-wrong-timing", "", "line 5: a cell is empty"),
        ("di-referrer-wrong-timing,diagnostic_imaging", "di-referrer-wrong-timing,dentistry", "dentistry"),
        ("slug,modality", "slag,modality", "slag"),
    ],
)
def test_a_wrong_row_is_refused_by_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = TAXONOMY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "taxonomy.csv"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_taxonomy(path)
