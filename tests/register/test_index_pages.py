"""The index of the register by premises and by person, and by regulation and region."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.register.models import IndexLine
from enforcement.register.services import remove_entry
from tests.register.entries import cited, entry
from tests.register.test_pages import NONSENSE, _names

pytestmark = pytest.mark.usefixtures("provisions")
INDEXES = ["employers", "places", "regulations", "regions"]


def _html(client: Client, path: str) -> str:
    response = client.get(f"/register/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


def test_employers_and_places_stand_from_a_to_z(client: Client) -> None:
    for name in ("Birch Trust", "alder Trust", "Élan Trust", "4 Ways Dental"):
        entry(employer_name=name, location=f"{name} Hospital")
    for path, tail in (("employers/", ""), ("places/", " Hospital, AB1 2CD")):
        html = _html(client, path)
        places = [
            html.index(f">{name}{tail}<")
            for name in ("4 Ways Dental", "alder Trust", "Birch Trust", "Élan Trust")
        ]
        assert places == sorted(places)
        one = _html(client, f"{path}?letter=e")
        assert f">Élan Trust{tail}<" in one
        assert "Birch" not in one
        assert f">4 Ways Dental{tail}<" in _html(client, f"{path}?letter=0")


def test_a_long_index_is_walked_by_its_names(client: Client) -> None:
    for number in range(105):
        entry(employer_name=f"Trust {number:03}")
    with CaptureQueriesContext(connection) as captured:
        first = _html(client, "employers/?letter=t")
    assert len(captured) == 2
    assert ">Trust 099<" in first
    assert ">Trust 100<" not in first
    later = _html(client, "employers/?letter=t&after=trust+099")
    assert ">Trust 104<" in later
    assert ">Trust 099<" not in later


def test_who_was_cited_under_a_regulation_by_year_with_its_texts(client: Client) -> None:
    """The text changed on 1 October 2024: a notice cites that of the day of its breach."""
    old, new = date(2024, 9, 1), date(2024, 10, 2)
    for day in (old, new, new):
        entry(employer_name=f"Of {day}", served_on=day, breach_on=day, citations=cited("2", on=day))
    entry(employer_name="Of another", citations=cited("17(4)"))
    html = _html(client, "regulations/2/")
    assert set(_names(html)) == {f"Of {old}", f"Of {new}"}
    assert "to 30 September 2024" in html
    assert "In force since 1 October 2024" in html
    assert html.count('<td class="govuk-table__cell govuk-table__cell--numeric">3</td>') == 2


def test_a_provision_counts_the_notices_that_cite_its_parts_once_each(client: Client) -> None:
    entry(citations=cited("6(5)(a)", "6(5)(b)"))
    entry(citations=cited("6(1)(a)"))
    html = _html(client, "regulations/6/")
    assert len(_names(html)) == 2
    assert 'href="/register/regulations/6(5)/"' in html
    assert "Notices cite parts of this provision" in html
    assert len(_names(_html(client, "regulations/6(5)/"))) == 1
    order = _html(client, "regulations/")
    entry(citations=cited("17(4)"))
    order = _html(client, "regulations/")
    assert order.index(">regulation 6(5)(b)<") < order.index(">regulation 17(4)<")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("employers/", "Employers on the register: there are none."),
        ("employers/?letter=q", "Employers on the register: none begins with “Q”."),
        ("places/?letter=0", "Places on the register: none begins with a digit."),
        ("places/?after=zz", "There are no more of them."),
        ("regulations/", "No notice on the register cites a provision."),
        ("regions/", "it is that of the place’s postcode."),
    ],
)
def test_an_empty_index_says_why_and_where_to_go(client: Client, path: str, said: str) -> None:
    page = client.get(f"/register/{path}").content.decode()
    assert said in page
    assert '<a class="govuk-link" href="/register/">See every notice on the register</a>' in page


def test_what_is_removed_leaves_the_index(client: Client) -> None:
    made = entry(region="London")
    lines = list(IndexLine.objects.values_list("kind", "key", "entries"))
    assert ("region", "london", 1) in lines
    remove_entry(made.slug)
    assert not IndexLine.objects.exists()
    assert client.get(f"/register/employers/{made.employer_slug}/").status_code == 404
    assert client.get("/register/regulations/6(5)(b)/").status_code == 404
    assert client.get("/register/regions/london/").status_code == 404


@pytest.mark.parametrize("size", [1, 45])
@pytest.mark.parametrize(
    "path", ["employers/alder/", "places/north-ab1-2cd/", "regulations/6(5)(b)/", "regions/london/"]
)
def test_each_page_takes_six_queries_at_most(client: Client, path: str, size: int) -> None:
    for _ in range(size):
        entry(employer_name="Alder", location="North", region="London")
    with CaptureQueriesContext(connection) as captured:
        html = _html(client, path)
    assert len(captured) <= 6
    assert len(_names(html)) == min(size, 20)
    assert ("Next page" in html) == (size > 20)


@pytest.mark.parametrize("path", INDEXES)
@pytest.mark.parametrize("query", [*NONSENSE, "letter=%00", "letter=zz", "after=%00", "after=" + "x" * 900])
def test_no_query_string_breaks_an_index(client: Client, path: str, query: str) -> None:
    entry()
    _html(client, f"{path}/?{query}")


@pytest.mark.parametrize(
    "path", ["employers/x/", "regulations/()/", "regulations/99(1)/", "regions/nowhere/"]
)
def test_what_does_not_stand_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/register/{path}").status_code == 404
