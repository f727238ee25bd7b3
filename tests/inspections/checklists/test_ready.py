"""The ready lists as data: each whole, each citing provisions that there are, and no version ever changed."""

from datetime import date

import pytest

from inspections.checklists import law
from inspections.checklists.ready import FOLDER, IN_ORDER, Ready, current, offered, ready
from regulator.legislation.catalogue import read_catalogue
from regulator.organisations.models import Modality

FROZEN = {
    "carers-1": "2d2edd9ad6a3f3388ee3ceae8a87ac4a5625283178ce7dafd85f492832ef355c",
    "drls-1": "dc03f32b70918ea3361c6ff0c4bacd94976b33e70e513c26a2637818c82b7d22",
    "inventory-1": "a04e7d2d85014b61dd1d64387ed1c8e9addb9e6c49f93117507579a865b5e042",
    "mpe_support-1": "a378c23a145e1ec155524e5d7f1485bf0abe797d89469363049d7624339c68b2",
    "mrt_pregnancy-1": "4b10b8cf4b58b64d4e7b65d046452025e07fbdcba307d9797ca967877149c155",
    "on_site-1": "e2a83f93f01a0cabf8aca1e6d746ba0023abcd0c99c11b658e2a976faa941e04",
    "procedures-1": "438c27efb367439ba1b6f1af7a50dce18398e9e9747682d523cd9daa264dccb7",
    "training-1": "52ef56f967c59166ed8b30e3eb92da919f7a52c51236a81f40d3bf1a3fb8c0cc",
}
LETTERS = "abcdefghijklmn"


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.json")))
def test_a_version_that_was_shipped_never_changes(name: str) -> None:
    """A changed list is a new file with the next version; its line is added here."""
    key, _, version = name.rpartition("-")
    assert ready(key, int(version)).sha256 == FROZEN[name]


def test_every_version_that_was_shipped_is_still_there() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(FROZEN)


def test_every_list_is_offered_in_its_newest_version() -> None:
    assert [each.key for each in offered()] == list(IN_ORDER)
    assert {name.rpartition("-")[0] for name in FROZEN} == set(IN_ORDER)


@pytest.mark.parametrize("listed", offered(), ids=lambda each: each.key)
def test_a_list_has_something_to_say(listed: Ready) -> None:
    assert 6 <= len(listed.items) <= 16
    looked_at = [each.look for each in listed.items]
    assert len(set(looked_at)) == len(looked_at)
    for each in listed.items:
        assert each.look
        assert each.good
        assert "\n" not in each.look + each.good
        assert each.provisions
        assert len(each.key) <= 40
        assert each.modalities <= set(Modality.values)
    for modality in Modality.values:
        assert law.items_on(listed, date(2025, 3, 3), modality) or listed.key == "mrt_pregnancy"


def test_every_provision_is_in_the_catalogue_of_the_regulations() -> None:
    rows = {row.reference for row in read_catalogue() if row.instrument == law.INSTRUMENT}
    files = (file.stem.rpartition("-") for file in FOLDER.glob("*-*.json"))
    every = [ready(key, int(version)) for key, _, version in files]
    assert set(offered()) <= set(every)
    assert {cited for listed in every for item in listed.items for cited in item.provisions} <= rows
    assert {each.root for listed in offered() for each in listed.items} <= rows


def test_each_matter_of_schedule_2_has_an_item() -> None:
    cited = {each for item in current("procedures").items for each in item.provisions}
    assert {f"Sch2({letter})" for letter in LETTERS} | {"Sch2(o)"} <= cited
    for item in current("procedures").items:
        if "Sch2(o)" in item.provisions:
            assert "not verified" in item.look


def test_a_provision_is_asked_about_from_the_day_on_which_it_stood() -> None:
    before = {each.key for each in law.items_on(current("on_site"), date(2024, 9, 30), "")}
    after = {each.key for each in law.items_on(current("on_site"), date(2024, 10, 1), "")}
    assert after - before == {"other-employers"}
    procedures = current("procedures")
    gone = set(law.items_on(procedures, date(2024, 10, 1), "")) - set(
        law.items_on(procedures, date(2024, 9, 30), "")
    )
    assert {each.key for each in gone} == {"referrals", "referrals-in-use"}
    assert law.stood("7", date(2024, 9, 30))
    assert law.stood("7", date(2024, 10, 1))


def test_an_item_is_asked_about_in_its_own_modalities() -> None:
    keys = {each.key for each in law.items_on(current("on_site"), date(2025, 3, 3), "diagnostic_imaging")}
    assert keys.isdisjoint({"risk-study", "licences"})
    assert {"risk-study", "licences"} <= {
        each.key for each in law.items_on(current("on_site"), date(2025, 3, 3), "")
    }


@pytest.mark.parametrize("key", ["", "../models", "on_site-1", "nothing"])
def test_what_is_no_list_is_refused(key: str) -> None:
    with pytest.raises(LookupError):
        current(key)
    with pytest.raises(LookupError):
        ready(key, 1)


def test_a_section_is_called_by_its_regulation() -> None:
    assert law.title_of("17") == "Regulation 17: Training"
    assert law.title_of("Sch2") == "Schedule 2: Employer’s procedures"
    assert law.cited("Sch2(o)") == "Schedule 2(o)"
