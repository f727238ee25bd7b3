"""The index of the statistics for programs: every published report and every file of the dashboard."""

import re
from datetime import date
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator.organisations.models import Modality
from regulator.periods import reporting_year
from regulator.statistics.totals.files import FORMATS
from tests.statistics.reports.room import Room
from tests.statistics.reports.test_public import tables_named
from tests.totals.rows import put, spread

pytestmark = pytest.mark.django_db
INDEX: Final = "/api/v1/statistics/"
TODAY: Final = date(2026, 11, 20)


@pytest.fixture
def counted(room: Room) -> Room:
    """2025/26 and the running year on the dashboard, and a published report."""
    room.published()
    put(spread(360, date(2025, 4, 1), TODAY), counted_on=TODAY)
    return room


def told(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{INDEX}{query}")
    assert answer.status_code == 200, answer.content[:300]
    found: dict[str, Any] = answer.json()
    return found


def local(address: str) -> str:
    assert address.startswith(settings.PORTAL_URL)
    return address.removeprefix(settings.PORTAL_URL)


def test_before_there_is_anything_it_says_so(client: Client) -> None:
    found = told(client)
    assert (found["reports"], found["counted_on"], found["years"]) == ([], None, [])
    assert [each["name"] for each in found["tables"]] == [
        "trend",
        "trend-by-modality",
        "inspections-and-notices",
    ]


def test_each_report_stands_there_as_in_their_own_list_and_leads_to_it(counted: Room, client: Client) -> None:
    found = told(client)
    [report] = found["reports"]
    whole = client.get(local(report.pop("api"))).json()
    assert client.get(local(found["reports_url"])).json()["results"] == [report]
    assert whole["year"] == report["year"] == "2023/24"
    assert found["licence"] == whole["licence"] == "OGL-UK-3.0"


@pytest.mark.parametrize("query", ["", "?year=2025/26", "?year=2025/26&modality=radiotherapy"])
def test_each_file_of_the_dashboard_is_where_it_says(counted: Room, client: Client, query: str) -> None:
    found = told(client, query)
    page = client.get(local(found["dashboard_url"])).content.decode()
    shown = re.findall(r'<section class="portal-figure" aria-labelledby="([a-z0-9-]+)"', page)
    assert [each["name"] for each in found["tables"]] == shown
    assert ("sub-modality" in shown) == bool(query)
    for each in found["tables"]:
        assert list(each["files"]) == list(FORMATS)
        for form, where in each["files"].items():
            answer = client.get(local(where))
            assert answer.status_code == 200
            assert answer["Content-Type"] == FORMATS[form].media_type
        assert client.get(local(each["files"]["json"])).json()["title"] == each["title"]


def test_it_says_which_years_can_be_asked_for_and_until_when_is_counted(
    counted: Room, client: Client
) -> None:
    found = told(client)
    assert (found["years"], found["counted_on"]) == (["2025/26", "2026/27"], "2026-11-20")
    for year in found["years"]:
        for modality in Modality.values:
            assert told(client, f"?year={year}&modality={modality}")["tables"]


@pytest.mark.parametrize(
    ("query", "name"),
    [("year=abc", "year"), ("year=2011/12", "year"), ("modality=astrology", "modality"), ("yaer=1", "yaer")],
)
def test_what_cannot_be_asked_is_refused_and_named(
    counted: Room, client: Client, query: str, name: str
) -> None:
    answer = client.get(f"{INDEX}?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert "s-maxage" not in answer.get("Cache-Control", "")


def test_few_queries_the_same_at_any_size_and_only_public_tables(counted: Room, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            told(client, "?year=2025/26")
        named = tables_named(captured.captured_queries)
        assert {each for each in named if not each.startswith(("reports_", "totals_"))} == set()
        return len(captured)

    few = asked()
    assert few <= 8
    for year in ("2021/22", "2022/23"):
        counted.published(reporting_year(year))
    put(spread(360, date(2024, 4, 1), date(2025, 3, 31)), counted_on=TODAY)
    assert asked() == few


def test_it_is_kept_by_caches_until_a_report_or_the_totals_change(counted: Room, client: Client) -> None:
    first = client.get(INDEX)
    assert "s-maxage" in first["Cache-Control"]
    assert client.head(INDEX)["ETag"] == first["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = client.get(INDEX, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, len(captured), again.content) == (304, 2, b"")
    put(spread(36, date(2024, 4, 1), date(2025, 3, 31)), counted_on=TODAY)
    second = client.get(INDEX, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    counted.published(reporting_year("2022/23"))
    assert client.get(INDEX, headers={"If-None-Match": second["ETag"]}).status_code == 200


def test_the_dashboard_leads_to_it(counted: Room, client: Client) -> None:
    page = client.get("/statistics/?year=2025/26").content.decode()
    assert f'href="{INDEX}?year=2025%2F26"' in page
