"""What says who or where it was is found, however it is written, and ordinary words are left alone."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.learning.naming import Known, abbreviations, distinctive, look

KNOWN: Final = Known(
    names=("Wexcombe and Hollowick NHS Foundation Trust", "St Aldric’s Hospital, Stanbourne"),
    codes=("RX9", "1-2345678"),
    postcodes=("WX1 2AB", "HK12 9ZZ"),
    people=("Role holder 12",),
    equipment=("Somatom Go", "Vexil"),
    elsewhere=("Overmere Dental Practice", "The Bright Clinic"),
)


def found(text: str) -> list[tuple[str, bool]]:
    return [(each.text, each.certain) for each in look({"system": text}, KNOWN)]


@pytest.mark.parametrize(
    "text",
    [
        "Wexcombe and Hollowick NHS Foundation Trust",
        "wexcombe  and\nhollowick nhs foundation trust",
        "WEXCOMBE AND HOLLOWICK NHS-FOUNDATION TRUST",
        "St Aldric’s Hospital, Stanbourne",
        "St Aldric's Hospital Stanbourne",
        "RX9",
        "1-2345678",
        "WX1 2AB",
        "wx12ab",
        "Role Holder 12",
        "IRN-2026-00042-K",
        "irn 2026 00042 k",
        "12 March 2025",
        "12th of March",
        "March 12, 2025",
        "03/04/2025",
        "3-4-25",
        "3.4.2025",
        "2025-04-03",
        "1 Sept. 2024",
        "3-Mar-2026",
        "3-mar-26",
        "3 march 2026",
        "3 MARCH",
        "03.04.26",
        "2026/03/03",
        "2026.3.3",
        "March the 3rd",
        "March the third, 2026",
        "third of March 2026",
        "twenty-first of March",
        "3–4–25",
        "１２ March ２０２５",
        "12\u00a0Ma\u00adrch 2025",
        "St Aldrics Hospital Stanbourne",
        "St Aldric‘s Hospital, Stanbourne",
        "Ｗｅｘｃｏｍｂｅ and Hollowick NHS Foundation Trust",
        "Wex\u200bcombe and Hollo\u00adwick NHS Foundation Trust",
        "Wéxcombe and Hollowick NHS Foundation Trust",
        "Wexcombe\u200band\u200bHollowick NHS Foundation Trust",
        "R\u2060X9",
        "Role\u00a0Holder 12",
        "W\u200bX1 2AB",
    ],
)
def test_what_must_go(text: str) -> None:
    assert found(f"It was {text}, they say.") == [(text, True)]


@pytest.mark.parametrize(
    "text",
    [
        *("Wexcombe", "hollowick", "Aldric’s", "Aldrics", "Aldric", "Stanbourne", "Stan\u00adbourne"),
        *("Ｗｅｘｃｏｍｂｅ", "Wexcombe’s", "WHNFT", "WHT", "WX1", "HK12", "holder", "Holder’s", "ROLE"),
        *("Somatom  Go", "Vexil", "Overmere", "Overmere’s", "3.4.26", "March the third"),
    ],
)
def test_what_needs_a_reason(text: str) -> None:
    told = found(f"The scanner of {text} stood idle.")
    assert told
    assert not any(certain for _, certain in told)


@pytest.mark.parametrize(
    "text",
    [
        "The hospital and its trust have a foundation in safety.",
        "20 Gy in 5 fractions, 8 Gy in a single one, 26/5 as prescribed.",
        "Since April 2023 the criteria say so; in March the list was long.",
        "Version 2.1.10 of the software, regulation 6(5)(b).",
        "Staff may 3 times a day check the calibrator.",
        "The whole team thought of it.",
        "Lumbar vertebrae L4 to S1.",
        "Version 03 of the list. Software 2.1.10, v2.1.10 and firmware 3.4.11.2.",
        "It was bright, and they overmere of it; the role of others is plain.",
        "The second may ask, the third of many did; on the first of all, march.",
        "The MPE, the DRL, the RIS and the PET scanner of the NHS.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_name_that_many_bear_needs_a_reason_and_a_single_common_word_nothing() -> None:
    known = Known(names=("Radiotherapy", "Nuclear medicine"), people=("May", "Role holder"))
    told = look({"system": "In nuclear medicine and radiotherapy, the role holder may ask."}, known)
    assert [(each.text, each.certain) for each in told] == [
        ("role holder", True), ("nuclear medicine", False), ("may", False)
    ]  # fmt: skip


def test_a_name_without_an_apostrophe_is_found_with_one() -> None:
    known = Known(names=("St Marys Hospital",), people=("Pat O'Hara",))
    for text in ("St Mary's Hospital", "St Mary’s Hospital", "Pat O’Hara", "Pat OHara"):
        assert [(each.text, each.certain) for each in look({"system": f"At {text}."}, known)] == [
            (text, True)
        ]
    assert [each.certain for each in look({"system": "Mrs Ohara"}, known)] == [False]


def test_a_version_that_looks_like_a_day_needs_a_reason() -> None:
    told = look({"system": "Version 03.04.26"}, KNOWN)
    assert [(each.text, each.certain) for each in told] == [("03.04.26", False)]


def test_a_word_inside_something_certain_is_told_once() -> None:
    told = look({"title": "At Wexcombe and Hollowick NHS Foundation Trust", "system": "Stanbourne"}, KNOWN)
    assert [(each.field, each.certain) for each in told] == [("title", True), ("system", False)]


def test_a_name_of_common_words_alone_has_nothing_distinctive() -> None:
    assert distinctive("The Royal Hospital of the North") == []
    assert distinctive("Invented Employer 12") == []


@given(st.text(max_size=200))
def test_any_text_and_any_name_can_be_looked_at(text: str) -> None:
    known = Known(
        names=(text, "A"),
        codes=(text,),
        postcodes=("WX1 2AB",),
        people=(text,),
        equipment=(text,),
        elsewhere=(text,),
    )
    for each in look({"system": text}, known):
        assert each.text in text


@given(
    st.lists(st.sampled_from(["Wexcombe", "Hollowick", "NHS", "Trust", "of", "the"]), min_size=1, max_size=6)
)
def test_initials_are_of_three_letters_at_least(words: list[str]) -> None:
    assert all(len(each) >= 3 and each.isupper() for each in abbreviations(" ".join(words)))
