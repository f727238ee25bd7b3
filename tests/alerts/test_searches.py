"""A saved search in words, as the letters and the pages of an alert tell it."""

import pytest

from enforcement.alerts.searches import WHOLE, in_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", WHOLE),
        ("type=improvement&year=2025", "Type of notice: Improvement notice; Year served: 2025"),
        ("served_from=2024-01-01", "Served on or after: 1 January 2024"),
        ("served_to=31/12/2024", "Served on or before: 31 December 2024"),
        ("served_from=soon", "Served on or after: soon"),
        ("nothing=1", WHOLE),
    ],
)
def test_it_says_what_is_asked_as_people_read_it(query: str, said: str) -> None:
    assert in_words(query) == said
