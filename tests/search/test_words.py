"""Words as search knows them, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.casework.references import format_reference
from regulator.casework.search.words import LONGEST, MOST_WORDS, Sought, fold, read, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X-ray of the knee", ["x", "ray", "of", "the", "knee"]),
        ("7.5 mSv, twice!", ["7", "5", "msv", "twice"]),
        ("Café “Zürich” ﬁlm", ["cafe", "zurich", "film"]),
        ("snake_case", ["snake", "case"]),
        ("IRN-2026-00042-K", ["irn", "2026", "00042", "k"]),
        ("放射 жёлтый", ["放射", "желтыи"]),
        ("\x00 \n\t!?", []),
        ("", []),
    ],
)
def test_words_are_what_stands_between_signs_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "terms", "parts"),
    [
        ("wrong knee", (("wrong",), ("knee",)), ("wrong knee", "wrong-knee")),
        ('"wrong knee" CT', (("wrong", "knee"), ("ct",)), ("wrong knee ct", "wrong-knee-ct")),
        ("“wrong knee”", (("wrong", "knee"),), ("wrong knee", "wrong-knee")),
        ('"unbalanced knee', (("unbalanced",), ("knee",)), ("unbalanced knee", "unbalanced-knee")),
        ("knee knee KNEE", (("knee",),), ("knee knee knee", "knee-knee-knee")),
        ("((a* OR -b) AND NOT c:d^2)~", (("a",), ("or",), ("b",), ("and",), ("not",), ("c",), ("d",), ("2",)),
         ("((a* or -b) and not c:d^2)~", "((a*-or--b)-and-not-c:d^2)~")),
        ("CT", (("ct",),), ()),
        ("irn 2026", (("irn",), ("2026",)), ("irn 2026", "irn-2026")),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_words_phrases_and_parts(
    typed: str, terms: tuple[tuple[str, ...], ...], parts: tuple[str, ...]
) -> None:
    assert read(typed) == Sought(terms, parts)


@pytest.mark.parametrize("typed", ["", "  ", "!?()*", '""', '"  "', "\x00", "__", "%%%", "\N{HOSPITAL}"])
def test_signs_alone_ask_for_nothing(typed: str) -> None:
    assert read(typed).is_nothing


def test_a_whole_reference_is_known_however_it_is_typed() -> None:
    reference = format_reference("IRN", 2026, 42)
    for typed in (reference, reference.lower(), f"  {reference.replace('-', ' ')} ", f'"{reference}"'):
        assert read(typed).reference == reference, typed
    for typed in (reference[:-1], f"{reference} knee", "IRN-2026-00042-A"):
        assert read(typed).reference == "", typed


@given(st.text(max_size=400))
def test_nothing_typed_breaks_it_or_asks_for_too_much(typed: str) -> None:
    sought = read(typed)
    assert len(sought.terms) <= MOST_WORDS
    assert (
        sum(len(word) for term in sought.terms for word in term) <= 4 * LONGEST
    )  # a ligature may be 18 letters
    for word in (word for term in sought.terms for word in term):
        assert word.isalnum()
        assert fold(word) == word or fold(fold(word)) == fold(word)
    assert all("\x00" not in part for part in sought.parts)
