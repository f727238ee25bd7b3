"""The same file is imported again after people corrected or removed an entry: what they did stands, and no
other row is taken for it."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enforcement.gate import services as gate
from enforcement.register.importing import PUBLISHED, import_entries
from enforcement.register.models import RegisterEntry
from tests.enforcement.scene import Scene

ADDRESS = "https://example.invalid/"


@pytest.fixture
def rows() -> list[dict[str, str]]:
    """One row without an address."""
    with PUBLISHED.open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    return [row | {"source_url": ""}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "entries.csv"


def _import(path: Path, rows: list[dict[str, str]]) -> list[str]:
    """What became of each row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return [each.outcome for each in import_entries(path)]


def _correct(scene: Scene, entry: RegisterEntry, **changes: Any) -> None:
    given: dict[str, Any] = {"slug": entry.slug, "by": scene.inspector, "version": entry.version}
    made = gate.correct_imported(**given, why="The file is wrong.", changes=changes)
    gate.approve_imported(proposal=made, by=scene.manager)


def _remove(scene: Scene, entry: RegisterEntry) -> None:
    given: dict[str, Any] = {"slug": entry.slug, "by": scene.inspector, "version": entry.version}
    made = gate.remove_imported(**given, why="It is no notice.")
    gate.approve_imported(proposal=made, by=scene.manager)


@pytest.mark.parametrize(
    "changes",
    [{"employer_name": "Another Trust"}, {"location": "East Wing"}, {"served_on": date(2021, 5, 11)}],
)
def test_what_was_corrected_of_a_row_without_an_address_does_not_come_back(
    scene: Scene, path: Path, rows: list[dict[str, str]], changes: dict[str, Any]
) -> None:
    assert _import(path, rows) == ["added"]
    _correct(scene, RegisterEntry.objects.get(), **changes)
    assert _import(path, rows) == ["kept"]
    _correct(scene, RegisterEntry.objects.get(), location="West Wing")
    assert _import(path, rows) == ["kept"]
    entry = RegisterEntry.objects.get()
    assert {name: getattr(entry, name) for name in changes} in (changes, {"location": "West Wing"})


def test_what_was_removed_of_a_row_without_an_address_stays_away(
    scene: Scene, path: Path, rows: list[dict[str, str]]
) -> None:
    _import(path, rows)
    _remove(scene, RegisterEntry.objects.get())
    assert _import(path, rows) == ["kept"]
    assert not RegisterEntry.objects.exists()


def test_another_row_with_the_same_words_in_its_address_is_not_taken_for_it(
    scene: Scene, path: Path, rows: list[dict[str, str]]
) -> None:
    rows.append(rows[0] | {"location": f"{rows[0]['location']}."})
    assert _import(path, rows) == ["added", "added"]
    first, second = RegisterEntry.objects.order_by("pk")
    assert second.slug == f"{first.slug}-2"
    _correct(scene, first, location="East Wing")
    rows.append(rows[0] | {"location": f"{rows[0]['location']}!"})
    assert _import(path, rows) == ["kept", "unchanged", "added"]
    _correct(scene, second, employer_name="Another Trust")
    assert _import(path, rows) == ["kept", "kept", "unchanged"]


def test_what_was_corrected_to_say_what_another_row_says_leaves_that_its_own(
    scene: Scene, path: Path, rows: list[dict[str, str]]
) -> None:
    rows.append(rows[0] | {"location": "East Wing"})
    _import(path, rows)
    second, first = RegisterEntry.objects.order_by("-pk")
    _correct(scene, first, location="East Wing")
    assert _import(path, rows) == ["kept", "unchanged"]
    assert RegisterEntry.objects.get(pk=second.pk).version == 1


@pytest.mark.parametrize("order", ["removed first", "new first"])
def test_a_new_notice_of_a_day_and_place_of_which_one_was_removed_goes_in(
    scene: Scene, path: Path, rows: list[dict[str, str]], order: str
) -> None:
    old, new = (rows[0] | {"source_url": f"{ADDRESS}{name}"} for name in ("old", "new"))
    _import(path, [old])
    removed = RegisterEntry.objects.get()
    _remove(scene, removed)
    both, outcomes = [old, new], ["kept", "added"]
    if order == "new first":
        both, outcomes = both[::-1], outcomes[::-1]
    assert _import(path, both) == outcomes
    entry = RegisterEntry.objects.get()
    assert (entry.slug, entry.source_url) == (f"{removed.slug}-2", f"{ADDRESS}new")
    assert _import(path, both) == ["kept" if each == "kept" else "unchanged" for each in outcomes]
