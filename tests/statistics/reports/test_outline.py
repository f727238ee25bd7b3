"""The outline and the texts that ship: every name in them is one that there is."""

import pytest

from regulator.casework.identifiers import find
from regulator.periods import reporting_year
from regulator.statistics.annual import compose, tables_of
from regulator.statistics.numbers import NUMBERS
from regulator.statistics.reports.outline import TABLE, outline, places, ready_texts
from regulator.statistics.reports.prose import faults

SHIPPED = "2023-24"


@pytest.mark.django_db
def test_every_table_of_the_outline_is_laid_out_and_none_stands_at_its_end() -> None:
    """Of a year without a case too: a table is there, with noughts."""
    named = {each.name for section in outline() for each in section.holds if each.what == TABLE}
    there = {table.name for table in tables_of(compose(reporting_year("2023/24")))}
    assert named == there


def test_the_seven_figures_stand_in_their_order() -> None:
    order = [
        each.name
        for section in outline()
        for each in section.holds
        if each.name.startswith(
            ("notifications_by_modality", "notifications_by_sub", "notifications_by_cause_")
        )
        and each.name != "notifications_by_cause_tier1"
    ]
    assert order == [
        "notifications_by_modality",
        "notifications_by_sub_modality_diagnostic_imaging",
        "notifications_by_cause_diagnostic_imaging",
        "notifications_by_sub_modality_radiotherapy",
        "notifications_by_cause_radiotherapy",
        "notifications_by_sub_modality_nuclear_medicine",
        "notifications_by_cause_nuclear_medicine",
    ]


@pytest.mark.parametrize("place", sorted(ready_texts(SHIPPED)))
def test_a_text_that_ships_stands_at_a_place_and_names_numbers_that_there_are(place: str) -> None:
    text = ready_texts(SHIPPED)[place]
    assert place in places()
    assert faults(text, list(NUMBERS)) == []
    assert not find(text)
    assert not any(letter.isdigit() for letter in text.replace("Regulations 2017", ""))


def test_another_year_ships_no_text() -> None:
    assert ready_texts("2031-32") == {}
