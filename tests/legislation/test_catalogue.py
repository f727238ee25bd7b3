"""The catalogue of provisions: dated, without overlaps, and refused with the line named when it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from regulator.legislation.catalogue import CATALOGUE, CatalogueRow, read_catalogue

REGISTER_CITES = {
    f"8(4){limb}{numeral}" for limb in ("", "(a)", "(b)") for numeral in ("(i)", "(ii)", "(iii)", "(iv)")
} | {"6", "8", "14", "15", "17", "15(6)", "Sch2", "6A", "s21", "s22"}


def _on(day: date, reference: str) -> list[CatalogueRow]:
    rows = [row for row in read_catalogue() if row.reference == reference]
    return [
        row
        for row in rows
        if row.in_force_from <= day and (row.in_force_to is None or day <= row.in_force_to)
    ]


def test_everything_the_register_cites_is_listed() -> None:
    assert {row.reference for row in read_catalogue()} >= REGISTER_CITES


@pytest.mark.parametrize("reference", ["2", "7", "15(2)"])
def test_a_provision_amended_in_2024_has_one_text_on_each_side_of_the_change(reference: str) -> None:
    (before,), (after,) = _on(date(2024, 9, 30), reference), _on(date(2024, 10, 1), reference)
    assert before.own_words != after.own_words


@pytest.mark.parametrize("reference", ["6A", "Sch2(o)"])
def test_a_provision_new_in_2024_is_not_in_force_before(reference: str) -> None:
    assert not _on(date(2024, 9, 30), reference)
    assert len(_on(date(2024, 10, 1), reference)) == 1


def test_powers_to_serve_notices_belong_to_the_1974_act() -> None:
    assert {row.instrument for row in read_catalogue() if row.reference in {"s21", "s22"}} == {"HSWA 1974"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2018-02-06", "6 Feb 2018", "line 2"),
        (",2024-09-30,", ",,", "overlaps"),
        (",15(6),", ",15(9),", "parent 15(6)"),
        (",partly,", ",perhaps,", "perhaps"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "provisions.csv"
    path.write_text(CATALOGUE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"provisions\.csv line \d+") as refused:
        read_catalogue(path)
    assert said in str(refused.value)
