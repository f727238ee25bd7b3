"""Citations: the published styles read back to one canonical form, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.legislation.catalogue import read_catalogue
from regulator.legislation.citations import CitationError, parse_citations

REFERENCES = tuple(dict.fromkeys(row.reference for row in read_catalogue()))

PUBLISHED = [
    ("6(5)(c)", ("6(5)(c)",)),
    (
        "6(1)(a), 6(5)(a), 6(5)(b), 7, 8(3), 17(4)",
        ("6(1)(a)", "6(5)(a)", "6(5)(b)", "7", "8(3)", "17(4)"),
    ),
    ("8(4)(a)(ii), 8(4)(a)(iii), 8(4)(a)(iv)", ("8(4)(a)(ii)", "8(4)(a)(iii)", "8(4)(a)(iv)")),
    ("11(5)", ("11(5)",)),
    ("8(4)", ("8(4)",)),
    ("6(1)(a), 6(5)(b)", ("6(1)(a)", "6(5)(b)")),
    ("8(2), 17(4)", ("8(2)", "17(4)")),
    ("15(2), 17(4)", ("15(2)", "17(4)")),
]

MIXED = [
    ("8(4)iii", ("8(4)(iii)",)),
    ("6(5)b", ("6(5)(b)",)),
    ("6(1), 6(2)", ("6(1)", "6(2)")),
    ("regulation 6(5)(b) and 15(2)", ("6(5)(b)", "15(2)")),
    ("Regulations 17(1) & 17(4)", ("17(1)", "17(4)")),
    ("Sch 2(n)", ("Sch2(n)",)),
    ("Schedule 2 (n)", ("Sch2(n)",)),
    ("6A", ("6A",)),
    ("reg. 15(6)c", ("15(6)(c)",)),
    ("6(1)(a), 6(5)(a); 7", ("6(1)(a)", "6(5)(a)", "7")),
    ("7, 7 and regulation 7.", ("7",)),
    ("section 21", ("s21",)),
    ("Sch3, 7", ("Sch3", "7")),
    ("8(4)(a)ii", ("8(4)(a)(ii)",)),
]

REFUSED = [
    "", "   ", ".", "banana", "6(5)(b", "6(5)b)", "6(5)(b))", "6(5),", ",6(5)", "6(5)(a) and (b)", "6(1)-(4)",
    "6(1) to 6(4)", "Schedule 2 and 3", "6a", "06(1)", "6(0)", "8(4)(iiii)", "8(4)(a)(b)", "6(5)ab", "2(n)",
    "6.1", "regulation", "Sch", "100(1)", "6(1) 6(2)", "6(1)(a)(i)(ii)",
]  # fmt: skip


def _styles(reference: str) -> list[str]:
    """The ways in which one canonical reference is met in print."""
    if reference.startswith("Sch"):
        rest = reference.removeprefix("Sch")
        return [
            reference,
            f"Sch {rest}",
            f"Sch. {rest}",
            f"Schedule {rest.replace('(', ' (')}",
            f"SCHEDULE {rest}",
        ]
    if reference.startswith("s"):
        return [reference, f"s. {reference[1:]}", f"section {reference[1:]}"]
    spaced = reference.replace("(", " (")
    styles = [
        reference,
        spaced,
        f"regulation {reference}",
        f"Reg. {reference}",
        f"reg {spaced}",
        f"{reference}.",
    ]
    head, _, last = reference.rpartition("(")
    if head.endswith(")"):
        styles += [f"{head}{last[:-1]}", f"Regulation {head}{last[:-1]}"]
    return styles


@pytest.mark.parametrize(("text", "expected"), [*PUBLISHED, *MIXED])
def test_published_styles_read_to_the_canonical_form(text: str, expected: tuple[str, ...]) -> None:
    assert parse_citations(text) == expected


@pytest.mark.parametrize(("text", "expected"), PUBLISHED)
def test_what_the_register_cites_is_in_the_catalogue(text: str, expected: tuple[str, ...]) -> None:
    assert set(parse_citations(text)) <= set(REFERENCES)


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused_and_located(text: str) -> None:
    with pytest.raises(CitationError) as refused:
        parse_citations(text)
    assert text[refused.value.position :].startswith(refused.value.fragment)
    assert str(refused.value)


def test_the_error_names_the_fragment_at_fault() -> None:
    with pytest.raises(CitationError) as refused:
        parse_citations("6(1), banana, 7")
    assert (refused.value.fragment, refused.value.position) == ("banana", 6)
    assert '"banana" at character 7' in str(refused.value)


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_catalogue_reference_reads_back_in_every_style(reference: str) -> None:
    assert {parse_citations(style) for style in _styles(reference)} == {(reference,)}


@given(
    picks=st.lists(st.sampled_from(REFERENCES), min_size=1, max_size=6, unique=True),
    separator=st.sampled_from([", ", "; ", " and ", " & ", ",", ", and "]),
    data=st.data(),
)
def test_lists_in_mixed_styles_read_back_in_order(
    picks: list[str], separator: str, data: st.DataObject
) -> None:
    written = [
        data.draw(st.sampled_from([style for style in _styles(pick) if not style.endswith(".")]))
        for pick in picks
    ]
    assert parse_citations(separator.join(_unambiguous(written))) == tuple(picks)


def _unambiguous(written: list[str]) -> list[str]:
    """A bare number after a whole Schedule is refused by design, so it is written out in full."""
    return [f"regulation {text}" if text.rstrip("A").isdigit() else text for text in written]


@given(st.text(max_size=60) | st.text(alphabet="0123456789()abivxSch regulation,;&.", max_size=40))
def test_random_text_raises_nothing_but_a_citation_error(text: str) -> None:
    try:
        references = parse_citations(text)
    except CitationError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert references
        assert parse_citations(", ".join(references)) == references
