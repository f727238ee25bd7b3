"""The text of a block: what it may hold, and that no sentence stands without its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.reports.prose import Bullets, Paragraph, faults, filled, names_in, read

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
