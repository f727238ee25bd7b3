"""The text of a block: what it may hold, and that no sentence stands without its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.reports.prose import (
    MOST_CASES,
    MOST_UNKNOWN,
    Bullets,
    Case,
    Paragraph,
    cases_in,
    faults,
    filled,
    names_in,
    placed,
    read,
)

KNOWN = ("wrong_patient_referred", "wrong_patient_examined", "notifications_total")


def test_paragraphs_and_lists_are_told_apart() -> None:
    text = "First line\nof a paragraph.\n\nThen:\n- one\n- two,\n  which goes on\n\n* three"
    assert read(text) == (
        Paragraph("First line of a paragraph."),
        Paragraph("Then:"),
        Bullets(("one", "two, which goes on")),
        Bullets(("three",)),
    )


def test_a_name_that_there_is_not_is_refused_with_the_nearest() -> None:
    [fault] = faults("It was {{ wrong_patient_refered }}.", KNOWN)
    assert fault.startswith(
        "There is no number called “wrong_patient_refered”. The nearest names: wrong_patient_referred"
    )
    [far] = faults("{{ qqqq }}", KNOWN)
    assert far.endswith("Choose from the list of names.")
    assert faults("{{ notifications_total }} and {{wrong_patient_examined}}", KNOWN) == []


@pytest.mark.parametrize(
    "text", ["{{ }}", "{{ two words }}", "{{ open", "shut }}", "{{ notifications_total }"]
)
def test_braces_without_a_name_are_refused(text: str) -> None:
    assert len(faults(text, KNOWN)) == 1


def test_each_number_stands_in_its_place_and_markup_stays_text() -> None:
    told = filled(
        "<b>{{ notifications_total }}</b>\n\n- {{notifications_total}}", {"notifications_total": "819"}
    )
    assert told == [{"paragraph": "<b>819</b>"}, {"points": ["819"]}]
    with pytest.raises(KeyError):
        filled("{{ notifications_total }}", {})


@given(st.text(max_size=200))
def test_any_text_is_read_and_keeps_its_words(text: str) -> None:
    if faults(text, KNOWN):
        return
    words = [
        word
        for part in filled(text, {name: name for name in KNOWN})
        for piece in ([part["paragraph"]] if "paragraph" in part else part["points"])
        for word in piece.split()
    ]
    assert set(words) <= set(text.replace("{{", " ").replace("}}", " ").split()) | set(text.split())
    assert names_in(text) == [name for name in names_in(text) if name in KNOWN]


def test_a_case_stands_for_itself_on_a_line_of_its_own() -> None:
    text = "First\n{{ case_12 }}\nsecond:\n- one\n{{case_3}}\n\n{{ case_4 }}"
    assert read(text) == (
        Paragraph("First"),
        Case(12),
        Paragraph("second:"),
        Bullets(("one",)),
        Case(3),
        Case(4),
    )
    assert (cases_in(text), names_in(text), faults(text, KNOWN)) == ([12, 3, 4], [], [])
    told = filled(placed(12), {}, {12: {"title": "A case"}})
    assert told == [{"case": {"title": "A case"}}]
    with pytest.raises(KeyError):
        filled(placed(13), {}, {12: {}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As in {{ case_12 }}.", "Put {{ case_12 }} on a line of its own"),
        ("- {{ case_12 }}", "Put {{ case_12 }} on a line of its own"),
        ("{{ case_12 }}\n\nAs in {{ case_12 }}.", "Put {{ case_12 }} on a line of its own"),
        ("{{\n\ncase_12 }}", "Put {{ case_12 }} on a line of its own"),
        ("{{ case_12 }} {{ case_12 }}", "Put {{ case_12 }} on a line of its own"),
        ("{{ case_12 }}\n\n{{case_12}}", "Case 12 stands 2 times in this text"),
        ("{{ case_0 }}", "There is no number called “case_0”"),
        ("{{ case_012 }}", "There is no number called “case_012”"),
        ("{{ case_1234567890 }}", "There is no number called “case_1234567890”"),
        ("\n".join(map(placed, range(1, MOST_CASES + 2))), "Tell 20 cases or fewer"),
    ],
)
def test_a_case_that_cannot_be_told_there_is_refused(text: str, said: str) -> None:
    [fault] = faults(text, KNOWN)
    assert fault.startswith(said)


def test_of_many_names_that_there_are_not_the_first_are_told_with_the_nearest() -> None:
    text = " ".join(f"{{{{ wrong_patient_{number} }}}}" for number in range(1_000))
    *named, more = faults(text, KNOWN)
    assert len(named) == MOST_UNKNOWN
    assert all("The nearest names: wrong_patient_" in each for each in named)
    assert more == "990 more names in this text are of no number either."
