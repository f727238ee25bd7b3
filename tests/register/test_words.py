"""What is typed into the register's search box, and what an entry is found by."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.register.words import LONGEST_WORD, MOST_TERMS, fold, mark, parents, read, words_of


def _asked(typed: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(term.exact, term.starts) for term in read(typed).terms]


def test_words_are_folded() -> None:
    assert words_of("St James’s, Élan-Vital ﬁlm") == ["st", "jamess", "elan", "vital", "film"]
    assert fold("St James's") == fold("ST JAMES’S") == "st jamess"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("alder", [((), ("alder",))]),
        ("notices", [(("notice",), ("notices",))]),
        ("alder 2021", [((), ("alder",)), (("_year_2021",), ())]),
        ("1066", [((), ("1066",))]),
        ("le1 5ww", [(("_postcode_le15ww",), ())]),
        ("alder LE15WW", [(("_postcode_le15ww",), ()), ((), ("alder",))]),
        ("le1", [(("le1", "_area_le1"), ())]),
        ("IRE-2025-00042-K", [(("_reference_ire202500042k",), ())]),
        ("ire 2025 00042 k", [(("_reference_ire202500042k",), ())]),
        ("6(5)(b)", [(("_cites_6_5_b",), ())]),
        ("reg 15(2)", [(("_cites_15_2",), ())]),
        ("Sch 2(n)", [(("_cites_sch2_n",), ())]),
        ("6(5)b, 17(4)", [(("_cites_6_5_b", "_cites_17_4"), ())]),
        ("alder 6(5)b", [(("_cites_6_5_b",), ()), ((), ("alder",))]),
        ("alder regulation 17", [(("_cites_17",), ()), ((), ("alder",))]),
        ("17", [(("_cites_17", "17"), ())]),
        ("6(5)(b) 17", [(("_cites_6_5_b",), ()), (("_cites_17", "17"), ())]),
        ("17 reg 6(5)(b)", [(("_cites_6_5_b",), ()), (("_cites_17", "17"), ())]),
        ("6(5)(b) 8 17", [(("_cites_6_5_b",), ()), (("_cites_8", "8"), ()), (("_cites_17", "17"), ())]),
        ("8 17 6(5)(b)", [(("_cites_6_5_b",), ()), (("_cites_8", "8"), ()), (("_cites_17", "17"), ())]),
        ("6(5)(b) 99", [(("_cites_6_5_b",), ()), ((), ("99",))]),
        ("6(5)(b) 2021", [(("_cites_6_5_b",), ()), (("_year_2021",), ())]),
        ("6(5)(b) ward 17", [(("_cites_6_5_b",), ()), ((), ("ward",)), ((), ("17",))]),
        ("barts 17", [(("bart",), ("barts",)), ((), ("17",))]),
        ("barts 2021 training", [(("bart",), ("barts",)), (("_year_2021",), ()), ((), ("training",))]),
        ("alder alder ALDER", [((), ("alder",))]),
        ("", []),
    ],
)
def test_what_is_typed_is_understood(typed: str, asked: object) -> None:
    assert _asked(typed) == asked


@pytest.mark.parametrize(
    ("typed", "first", "last", "said"),
    [
        ("14 November 2023", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("14th of november, 2023", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("14 Nov. 2023", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("14/11/2023", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("14.11.2023", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("2023-11-14", "2023-11-14", "2023-11-14", "were served on 14 November 2023"),
        ("29 february 2024", "2024-02-29", "2024-02-29", "were served on 29 February 2024"),
        ("November 2023", "2023-11-01", "2023-11-30", "were served in November 2023"),
        ("sept 2023", "2023-09-01", "2023-09-30", "were served in September 2023"),
        ("may 2023", "2023-05-01", "2023-05-31", "were served in May 2023"),
        ("02/2024", "2024-02-01", "2024-02-29", "were served in February 2024"),
        ("2024", "2024-01-01", "2024-12-31", "were served in 2024"),
    ],
)
def test_a_date_is_that_of_service(typed: str, first: str, last: str, said: str) -> None:
    for around in ("", "alder "):
        [*words, term] = sorted(read(around + typed).terms, key=lambda each: each.days is not None)
        assert term.days == (date.fromisoformat(first), date.fromisoformat(last))
        assert (term.said, term.dated) == (said, typed != "2024")
        assert [each.starts for each in words] == ([("alder",)] if around else [])


@pytest.mark.parametrize(
    "typed",
    ["31 November 2023", "2023-13-01", "30/02/2024", "November", "14 november", "1/1/1066", "00/2023"],
)
def test_what_is_no_day_is_read_as_words(typed: str) -> None:
    assert not any(term.dated for term in read(typed).terms)
    assert read(typed).terms


def test_signs_alone_ask_for_nothing_that_there_is() -> None:
    assert read("((( -- *").nothing
    assert not read("").nothing
    assert not read("   ").nothing


def test_each_term_says_what_it_is() -> None:
    said = [term.said for term in read("barts 2021 6(5)(b) le1 5ww").terms]
    assert said == [
        "are of the postcode LE1 5WW",
        "cite 6(5)(b)",
        "hold “barts”",
        "were served in 2021",
    ]


def test_a_reference_has_its_parents() -> None:
    assert parents("6(5)(b)") == ("6(5)(b)", "6(5)", "6")
    assert parents("Sch2(n)") == ("Sch2(n)", "Sch2")
    assert mark("cites", "Sch2(n)") == "_cites_sch2_n"


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it_or_holds_a_sign(typed: str) -> None:
    terms = read(typed).terms
    assert len(terms) <= MOST_TERMS
    for term in terms:
        for word in (*term.exact, *term.starts):
            assert word.replace("_", "").isalnum()
            assert len(word) <= LONGEST_WORD + 20
    assert all(not word.startswith("_") for term in terms for word in term.starts)
