"""The published reports as anybody reads them: what is there, what is not, and that no case is touched."""

import re
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from regulator.periods import reporting_year
from regulator.statistics.figures import FIGURES
from regulator.statistics.reports import services, urls
from regulator.statistics.reports.models import Document, Report
from regulator.statistics.series import all_breaks
from tests.statistics.reports.room import Room

REPORT: Final = "/statistics/reports/2023-24/"
API: Final = "/api/v1/statistics/reports/"
_NAMED: Final = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_][a-z0-9_]*)"?', re.IGNORECASE)
TABLE: Final = "notifications_by_modality"


def addresses() -> list[str]:
    """Every public address of the application, its parts filled in from the report that is published."""
    parts = {"year": "2023-24", "name": TABLE, "edition": "2"}
    found = []
    for each in urls.urlpatterns:
        route = "/statistics/" + re.sub(r"<(?:slug|int):(\w+)>", r"<\1>", str(each.pattern))
        for name, value in parts.items():
            route = route.replace(f"<{name}>", value)
        forms = ("csv", "ods", "json", "pdf") if "report.<form>" in route else ("csv", "ods", "json")
        found += [route.replace("<form>", form) for form in forms] if "<form>" in route else [route]
    kept = [f"{API}2023-24/{tail}" for tail in ("", "tables/", f"tables/{TABLE}/", "numbers/")]
    return [*found, API, *kept]


ADDRESSES: Final = addresses()


def tables_named(queries: list[dict[str, str]]) -> set[str]:
    """The tables that these statements name."""
    return {name.lower() for query in queries for name in _NAMED.findall(query["sql"])}


@pytest.fixture
def published(room: Room) -> Room:
    """Two editions of 2023/24."""
    report = room.published()
    room.notify(2, "nuclear_medicine", "pet")
    room.corrected(report)
    return room


def test_every_route_is_asked() -> None:
    assert len(urls.urlpatterns) >= 9
    assert all(isinstance(each, URLPattern) for each in urls.urlpatterns)
    assert not any("<" in address for address in ADDRESSES)
    assert get_resolver().resolve(API).url_name == "api-statistics-reports-list"


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_reads_the_applications_own_tables_alone_in_at_most_six_queries(
    published: Room, client: Client, address: str
) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    named = tables_named(captured.captured_queries)
    assert {each for each in named if not each.startswith("reports_")} == set()
    assert len(captured) <= 6
    assert answer["ETag"]
    assert "s-maxage" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/statistics/reports/", REPORT, f"{REPORT}editions/2/changes/", API])
def test_more_editions_cost_no_more_queries(published: Room, client: Client, address: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = asked()
    for year in ("2021/22", "2022/23"):
        published.published(reporting_year(year))
    assert asked() == few


def test_whoever_has_the_present_answer_gets_304_after_one_query(published: Room, client: Client) -> None:
    tag = client.get(REPORT)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = client.get(REPORT, headers={"If-None-Match": tag})
    assert (again.status_code, len(captured), again.content) == (304, 1, b"")
    published.corrected(Report.objects.get(edition=2))
    assert client.get(REPORT, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/statistics/reports/2022-23/",
        "/statistics/reports/2023-25/",
        "/statistics/reports/nonsense/",
        "/statistics/reports/2023-24-25/",
        f"{REPORT}report.exe",
        f"{REPORT}tables/nothing/",
        f"{REPORT}tables/nothing.csv",
        f"{REPORT}tables/{TABLE}.pdf",
        f"{REPORT}editions/3/",
        f"{REPORT}editions/99999999999999999999/",
        f"{REPORT}editions/1/changes/",
        f"{REPORT}editions/0/report.pdf",
        f"{API}2023-99/",
        f"{API}nonsense/",
        f"{API}2023-24/tables/nothing/",
    ],
)
def test_nonsense_is_not_found(published: Room, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("state", ["started", "frozen", "signed"])
def test_what_is_not_published_is_not_there(room: Room, client: Client, state: str) -> None:
    getattr(room, state)()
    for address in (REPORT, f"{REPORT}report.pdf", f"{REPORT}tables/{TABLE}/", f"{API}2023-24/"):
        assert client.get(address).status_code == 404
    assert client.get(API).json()["results"] == []
    assert "No report is published yet" in client.get("/statistics/reports/").content.decode()


def test_the_api_lists_reports_since_a_year(published: Room, client: Client) -> None:
    def years(since: str) -> list[str]:
        return [each["year"] for each in client.get(f"{API}?since={since}").json()["results"]]

    assert (years("2023"), years("2024")) == (["2023/24"], [])
    for nonsense in ("x", "-1", "20231", "٢٠٢٣", ""):
        assert client.get(f"{API}?since={nonsense}").status_code == 400


def test_each_table_is_of_one_figure(published: Room, client: Client) -> None:
    said = client.get(f"{API}2023-24/").json()
    named = [name for figure in said["figures"] for name in figure["tables"]]
    assert sorted(named) == sorted(table["name"] for table in said["tables"])
    assert len(named) == len(set(named)) > 10
    assert {each["name"]: each["source"] for each in said["figures"]} == {
        name: figure.source for name, figure in FIGURES.items()
    }


def test_the_earlier_edition_stays_and_says_that_it_was_replaced(published: Room, client: Client) -> None:
    first = client.get(f"{REPORT}editions/1/").content.decode()
    assert "which was replaced on" in first
    assert f'href="{REPORT}editions/2/changes/"' in first
    now = client.get(REPORT).content.decode()
    assert "a corrected report" in now
    assert "Two came late." in now
    changes = client.get(f"{REPORT}editions/2/changes/").content.decode()
    assert "Nuclear medicine" in changes


def test_a_draft_of_a_correction_changes_nothing_that_the_public_reads(
    published: Room, client: Client
) -> None:
    before = client.get(REPORT).content
    report = Report.objects.get(edition=2)
    made = services.correct(report=report, reason="More.", by=published.analyst, version=report.version)
    published.notify(5)
    published.freeze(made)
    assert client.get(REPORT).content == before


def test_each_row_of_a_table_has_a_header_and_each_column_a_scope(published: Room, client: Client) -> None:
    page = client.get(f"{REPORT}tables/{TABLE}/").content.decode()
    assert page.count('<th scope="row"') == 4
    assert page.count('<th scope="col"') == 3
    assert "<caption" in page
    assert 'role="img"' in page
    assert "<title" in page.partition("<svg")[2]


def test_the_pdf_is_the_one_that_was_set(published: Room, client: Client) -> None:
    answer = client.get(f"{REPORT}report.pdf")
    held = Document.objects.get(freeze__report__edition=2)
    assert answer.content == bytes(held.pdf or b"")
    assert client.get(f"{REPORT}editions/1/report.pdf").content != answer.content


def test_the_methods_name_every_figure_and_every_break(published: Room, client: Client) -> None:
    page = client.get("/statistics/methods/").content.decode()
    for figure in FIGURES.values():
        assert figure.title in page
    for each in all_breaks():
        assert each.title.replace("'", "&#39;") in page
    assert "[c]" in page


def test_to_whoever_is_signed_in_a_page_is_private(published: Room, client: Client) -> None:
    client.force_login(published.manager)
    assert client.get(REPORT)["Cache-Control"] == "private, no-store"
