"""The table of letters that look like Latin ones: what is in it, and what is not."""

from typing import Final
from unicodedata import category, name, normalize

import pytest

from regulator.casework.identifiers import alike
from regulator.casework.identifiers.folding import folded
from regulator.casework.identifiers.lookalikes import BLANKS, LOOK_ALIKES

SIGNS: Final = [(letter, sign) for letter, signs in LOOK_ALIKES.items() for sign in signs]
OURS: Final = (
    "Llŷr ap Siôn, Ynys Môn; Ŵyn Tŷ-hŵl",
    "Gráinne Ní Dhónaill, Seán Ó Súilleabháin, Pádraig, Áine, Éilís, Úna",
    "Łukasz Żółkiewski, Świętosława Ćwik, Małgorzata Źrebiec, Żaneta Ńęcka, Ąkowski",
    "Zoë, François, Müller, Øystein, Ægir, Đorđe, Ğül, Şahin, Ñuñoa, Ůlehla, Straße",
)
"""Accented letters, and Latin letters that no accent makes."""


@pytest.mark.parametrize(("letter", "sign"), SIGNS)
def test_each_is_one_letter_of_another_alphabet_or_a_form_of_a_latin_one(letter: str, sign: str) -> None:
    assert letter.isascii()
    assert letter.isalpha()
    assert category(sign) in ("Lu", "Ll")
    assert not normalize("NFKD", sign).isascii(), "its decomposition would do"
    begins = name(sign).split()[0]
    assert begins in ("CYRILLIC", "GREEK", "ARMENIAN", "LATIN")
    assert alike(sign) == letter
    assert folded(f"x{sign}") == (f"x{letter}", None)


def test_none_stands_for_two() -> None:
    assert len({sign for _, sign in SIGNS}) == len(SIGNS)


@pytest.mark.parametrize("text", OURS)
def test_letters_of_names_are_none(text: str) -> None:
    assert "".join(map(alike, text)) == text
    assert folded(text)[0] == text


def test_mu_stays_the_letter_of_units() -> None:
    assert folded("20 μSv, 5 \u00b5Sv")[0] == "20 μSv, 5 \u00b5Sv"


def test_an_accent_on_it_makes_no_difference() -> None:
    assert [alike(each) for each in "άΆїЁё"] == list("aAiEe")
    assert [alike(each) for each in "йЖδΔ"] == list("йЖδΔ")


def test_a_blank_is_drawn_as_nothing() -> None:
    for sign in BLANKS:
        assert folded(f"a{sign}b")[0] == "a b"
