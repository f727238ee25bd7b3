"""The public dashboard: what it says, what it keeps back, and that nothing in its address breaks it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.organisations.models import Modality
from regulator.statistics.protecting import protected_by_modality
from regulator.statistics.published import published_years
from regulator.statistics.suppression import RULE
from regulator.statistics.tables import Mark, shown
from regulator.statistics.totals.cells import ALL
from regulator.statistics.totals.dashboard import Dashboard, dashboard
from regulator.statistics.totals.models import Revision, Total
from regulator.statistics.totals.sections import known
from regulator.statistics.totals.views import address
from regulator.statistics.totals.years import SIGNED_OFF, Whence
from tests.factories import notification_in
from tests.totals.rows import put, spread
from tests.totals.test_following import caught_up

pytestmark = pytest.mark.django_db
HOME = "/statistics/"
TODAY = date(2026, 11, 20)
NONSENSE = [
    *(f"{name}={value}" for name in ("modality", "year") for value in ("%00", "x" * 5000, "%FF%FE", "(((")),
    *("year=2025", "year=1e9", "year=2025/26%00", "year=2099/00", "year=-1", "year=%F0%9F%92%A9"),
    *("modality=astrology", "modality=radiotherapy&modality=", "modality[]=radiotherapy", "a=b&&&=&", "%"),
    *("year=%2e%2e%2fetc", "modality=%3Cscript%3E", "year=2025/26&year=nonsense", "modality=%25s%25d"),
]


def filled(number: int = 3600) -> None:
    """Whole years of 2023/24 and 2025/26, and the running one up to today."""
    first = spread(number // 3, date(2023, 4, 1), date(2024, 3, 31))
    put(first | spread(number * 2 // 3, date(2025, 4, 1), TODAY), counted_on=TODAY)


def told(**asked: str) -> Dashboard:
    return dashboard(known(), **asked)


def cells(found: Dashboard, name: str) -> dict[str, Sequence[Any]]:
    section = found.section(name)
    assert section is not None
    return {str(row.cells[0]): row.cells[1:] for row in section.table.rows}


def test_before_anything_is_counted_the_published_years_stand(client: Client) -> None:
    page = client.get(HOME)
    assert page.status_code == 200
    assert "Nothing has been counted yet" in page.content.decode()
    rows = cells(told(), "trend")
    for year in published_years():
        assert rows[year.label] == (year.totals["notifications"], Whence.PUBLISHED)
    assert rows["2012"] == (Mark.NOT_AVAILABLE, Whence.UNKNOWN)


def test_each_year_says_where_its_number_is_from() -> None:
    filled()
    rows = cells(told(), "trend")
    assert rows["2022/23"] == (727, Whence.PUBLISHED)
    assert rows["2023/24"] == (12 * 3 * 33, Whence.COUNTED)
    assert rows["2024/25"] == (842, Whence.PUBLISHED)
    assert rows["2025/26"][1] == Whence.UNSIGNED
    assert rows["2026/27"][1] == Whence.RUNNING
    assert list(rows)[-1] == "2026/27"


def test_a_row_without_any_number_does_not_say_that_cqc_published_it() -> None:
    filled()
    section = told().section("trend-by-modality")
    assert section is not None
    rows = {row.cells[0]: row.cells[1:] for row in section.table.rows}
    assert rows["2024/25"] == (*[Mark.NOT_AVAILABLE] * 3, Whence.UNKNOWN)
    assert rows["2022/23"] == (380, 270, 77, Whence.PUBLISHED)


def test_a_year_is_counted_only_where_each_of_its_months_is_held() -> None:
    some = spread(300, date(2024, 4, 1), date(2025, 2, 28))
    put(some | spread(10, date(2021, 5, 1), date(2021, 6, 30)), counted_on=TODAY)
    rows = cells(told(), "trend")
    assert rows["2024/25"] == (842, Whence.PUBLISHED)
    assert rows["2021/22"][1] == Whence.UNSIGNED  # nothing was published of it


def test_a_year_of_which_two_months_are_held_is_compared_with_nothing(client: Client) -> None:
    put(spread(3600, date(2026, 2, 1), date(2028, 3, 31)), counted_on=date(2028, 4, 20))
    held = "Of 2025/26 the cases of only 2 of 12 months are held."
    assert held in told().said
    section = told(label="2026/27").section("year")
    assert section is not None
    total = section.table.rows[-1].cells
    assert int(str(total[3])) * 6 == total[1]
    assert held in section.table.notes
    assert section.told[0].endswith(f"cannot be stated as a rise or a fall. {held}")
    for name in ("trend", "trend-by-modality", "inspections-and-notices"):
        trend = told().section(name)
        assert trend is not None
        assert [note for note in trend.table.notes if note.startswith("2026/27:") and held[:-1] in note]
    page = client.get(f"{HOME}?year=2026/27").content.decode()
    file = client.get(f"{HOME}tables/year.json?year=2026/27").content.decode()
    for form in (page, file):
        assert held in form
        assert "beyond what chance" not in form
    after = told(label="2027/28").section("year")
    assert after is not None
    assert "no more than chance would give" in after.told[0]
    assert held not in after.table.notes


def test_months_of_the_running_year_are_compared_with_what_is_held_of_the_same_months() -> None:
    put(spread(3600, date(2026, 2, 1), date(2026, 11, 20)), counted_on=TODAY)
    section = told().section("year")
    assert section is not None
    assert section.table.rows[-1].cells[3:] == (Mark.NOT_AVAILABLE, Mark.NOT_AVAILABLE)
    assert section.told == ()
    Total.objects.all().delete()
    put(spread(3600, date(2025, 9, 1), date(2026, 11, 20)), counted_on=TODAY)
    section = told().section("year")
    assert section is not None
    assert "Of April to October 2025 the cases of only 2 of 7 months are held." in section.table.notes
    assert all("cannot be stated as a rise or a fall" in each for each in section.told)
    trend = told().section("trend")
    assert trend is not None
    [why] = [note for note in trend.table.notes if note.startswith("2026/27:")]
    assert "Of 2025/26 the cases of only 7 of 12 months are held; 2026/27 is not over" in why


def test_a_quiet_month_within_a_year_is_no_month_that_is_not_held() -> None:
    lines = spread(3600, date(2025, 4, 1), date(2027, 3, 31))
    without = (date(2025, 8, 1), date(2026, 6, 1))
    put(
        {line: number for line, number in lines.items() if line[1] not in without},
        counted_on=date(2027, 4, 20),
    )
    section = told(label="2026/27").section("year")
    assert section is not None
    assert "no more than chance would give" in section.told[0]


def test_a_signed_year_is_no_longer_provisional(monkeypatch: pytest.MonkeyPatch) -> None:
    filled()
    monkeypatch.setitem(SIGNED_OFF._items, "a test", lambda: {"2025/26": date(2026, 6, 1)})
    assert cells(told(), "trend")["2025/26"][1] == Whence.COUNTED
    assert any(
        "2025/26 is signed off in its annual report, as the cases stood on 1 June 2026" in each
        for each in told().said
    )


def test_what_was_published_otherwise_is_said() -> None:
    filled()
    assert "2023/24: CQC published 819; the cases held today add up to 1,188." in told().said


def test_the_page_of_one_modality_counts_that_alone() -> None:
    filled()
    every = cells(told(), "trend-by-modality")
    for place, modality in enumerate(Modality.values):
        one = cells(told(modality=modality), "trend")
        assert [row[0] for row in one.values()][-11:] == [row[place] for row in every.values()]


def test_the_running_year_is_compared_by_the_months_that_are_over() -> None:
    filled()
    section = told().section("year")
    assert section is not None
    assert section.table.title == "Notifications in April to October 2026 by modality"
    assert section.table.columns[3].heading == "April to October 2025"
    total = section.table.rows[-1].cells
    assert total[1] == total[3]
    assert total[4] == 0
    assert section.told[0].startswith("All notifications: the change from ")
    assert "no more than chance would give" in section.told[0]


def test_the_first_month_of_a_year_is_compared_with_nothing() -> None:
    put(spread(3600, date(2025, 4, 1), date(2026, 4, 10)), counted_on=date(2026, 4, 10))
    section = told().section("year")
    assert section is not None
    assert section.table.title == "Notifications in 2026/27 by modality"
    assert [column.key for column in section.table.columns] == ["modality", "notifications", "share"]
    assert section.told == ()


def test_a_leap_day_is_among_the_months_that_are_over() -> None:
    put(spread(3600, date(2027, 4, 1), date(2029, 3, 5)), counted_on=date(2029, 3, 5))
    section = told().section("year")
    assert section is not None
    assert section.table.columns[3].heading == "April 2027 to February 2028"
    assert section.table.rows[-1].cells[4] == 0


def test_inspections_break_where_they_break_and_not_where_criteria_change() -> None:
    filled()
    section = told().section("inspections-and-notices")
    assert section is not None
    assert cells(told(), "inspections-and-notices")["2022/23"][:2] == (35, Mark.NOT_AVAILABLE)
    assert not [note for note in section.table.notes if "criteria" in note and note.startswith("2023/24: T")]
    trend = told().section("trend")
    assert trend is not None
    assert [note for note in trend.table.notes if note.startswith("2023/24: Third version")]


def test_years_across_a_break_are_not_called_more_or_fewer() -> None:
    filled()
    section = told(label="2023/24").section("year")
    assert section is not None
    assert all("cannot be stated as a rise or a fall" in each for each in section.told)


def test_nothing_finer_than_a_modality_is_shown_of_the_year_that_runs() -> None:
    filled()
    assert told().section("sub-modality") is None
    assert told(label="2025/26").section("sub-modality") is not None


def test_small_counts_are_kept_back_and_cannot_be_worked_out() -> None:
    lines = spread(3600, date(2025, 4, 1), date(2026, 3, 31))
    month = date(2025, 9, 1)
    lines["notifications", month, "radiotherapy", "employer_type", "chiropractic"] = 2
    lines["notifications", month, "radiotherapy", ALL, ""] += 2
    put(lines, counted_on=TODAY)
    rows = cells(told(label="2025/26"), "employer-type")
    assert rows["Chiropractic practice"] == (Mark.CONFIDENTIAL,)
    assert sum(cell == (Mark.CONFIDENTIAL,) for cell in rows.values()) >= 2
    one = cells(told(label="2025/26", modality="radiotherapy"), "employer-type")
    assert one["Chiropractic practice"] == (Mark.CONFIDENTIAL,)


PARTS = st.dictionaries(
    st.tuples(st.sampled_from(Modality.values), st.sampled_from("abcd")), st.integers(0, 30), min_size=1
)


@settings(max_examples=40)
@given(counts=PARTS)
def test_no_small_count_is_published_alone(counts: dict[tuple[str, str], int]) -> None:
    values = sorted({value for _, value in counts})
    shown_cells = protected_by_modality(counts)
    for (modality, value), number in counts.items():
        cell = shown_cells[modality, value]
        if 0 < number < RULE.least:
            assert cell is Mark.CONFIDENTIAL
        assert cell in (number, Mark.CONFIDENTIAL)
    for modality in {modality for modality, _ in counts}:
        row = [shown_cells[modality, value] for value in values]
        kept_back = [cell for cell in row if cell is Mark.CONFIDENTIAL]
        assert len(kept_back) != 1 or len(values) == 1


@pytest.mark.parametrize("query", ["", "?modality=radiotherapy", "?year=2025/26", "?year=2023/24"])
def test_the_page_and_each_file_show_the_same_table(client: Client, query: str) -> None:
    filled()
    page = unescape(client.get(f"{HOME}{query}").content.decode())
    names = re.findall(r'<section class="portal-figure" aria-labelledby="([a-z0-9-]+)"', page)
    assert len(names) >= 3
    for name in names:
        asked = dict(parse_qsl(query[1:]))
        section = told(modality=asked.get("modality", ""), label=asked.get("year", "")).section(name)
        assert section is not None
        table = section.table
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                assert shown(cell, column.kind) in page
        where = f"{HOME}tables/{name}"
        lines = list(csv.reader(io.StringIO(client.get(f"{where}.csv{query}").content.decode("utf-8-sig"))))
        assert lines[0] == [column.key for column in table.columns]
        rows = lines[1 : lines.index([])]
        assert rows == [[str(cell) for cell in row.cells] for row in table.rows]
        assert ["Counted", table.basis] in lines
        assert all(["Note", note] in lines for note in table.notes)
        said = json.loads(client.get(f"{where}.json{query}").content)
        assert [list(map(str, row.values()))[2:] for row in said["rows"]] == rows
        with zipfile.ZipFile(io.BytesIO(client.get(f"{where}.ods{query}").content)) as package:
            content = package.read("content.xml").decode()
        assert content.count("<table:table-row") == 1 + len(lines)  # its title


@pytest.mark.parametrize(
    "path", ["tables/nothing.csv", "tables/trend.exe", "tables/trend.pdf", "tables/sub-modality.csv"]
)
def test_a_table_that_is_not_there(client: Client, path: str) -> None:
    filled()
    assert client.get(f"{HOME}{path}").status_code == 404


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_said_beside_its_box_and_breaks_nothing(client: Client, query: str) -> None:
    filled(360)
    for path in (HOME, f"{HOME}tables/trend.json"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_a_filter_that_cannot_be_read_is_an_error_of_its_box(client: Client) -> None:
    filled(360)
    page = client.get(f"{HOME}?modality=astrology&year=2025/26").content.decode()
    assert "There is a problem" in page
    assert "Choose a modality from the list." in page
    assert "<title>Error: Statistics" in page
    assert page.count('class="portal-chip"') == 2  # the year, which could be read, and "clear all"


def test_the_address_holds_what_is_asked_and_a_chip_takes_it_off(client: Client) -> None:
    filled(360)
    page = unescape(client.get(f"{HOME}?year=2025%2F26&modality=radiotherapy").content.decode())
    assert f'href="{address({"year": "2025/26"})}"' in page
    assert f'href="{address({"modality": "radiotherapy"})}"' in page
    assert 'rel="canonical" href="http://testserver/statistics/?modality=radiotherapy&year=2025%2F26"' in page
    assert "trend.csv?modality=radiotherapy&year=2025%2F26" in page


def test_the_page_says_as_of_when_and_that_it_is_provisional(client: Client) -> None:
    filled(360)
    page = client.get(HOME).content.decode()
    assert "Provisional, as of 20 November 2026" in page
    assert "2026/27 so far" in page
    assert "Counted from the cases so far, provisional" in page


@pytest.mark.parametrize("query", ["", "?year=2025/26", "?modality=radiotherapy&year=2023/24"])
def test_few_queries_the_same_at_any_size_and_none_but_on_the_public_tables(
    client: Client, query: str
) -> None:
    for number in (360, 36_000):
        Total.objects.all().delete()
        filled(number)
        for path in (HOME, f"{HOME}tables/trend.csv"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"{path}{query}").status_code == 200
            assert len(captured) <= 6
            tables = {
                name
                for each in captured
                for name in re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "?(\w+)', each["sql"])
            }
            assert tables == {"totals_total", "totals_revision", "reports_report", "reports_freeze"}


def test_who_has_the_present_page_is_told_so_after_one_query(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC), tick=False):
        filled(360)
    with time_machine.travel(datetime(2026, 11, 20, 11, tzinfo=UTC), tick=False):
        first = client.get(HOME)
        assert "public" in first["Cache-Control"]
        with CaptureQueriesContext(connection) as captured:
            again = client.get(HOME, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, len(captured)) == (304, 1)
        held = Revision.objects.get()
        held.number += 1
        held.save()
        assert client.get(HOME, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("reference")
def test_nothing_of_a_single_case_is_on_the_page_or_in_a_file(client: Client) -> None:
    sent = notification_in("submitted", narrative="The wyvern list was open.")
    caught_up()
    own = [sent.case.reference, sent.case.employer.name, "wyvern", str(sent.case.employer.key)]
    for path in (HOME, *(f"{HOME}tables/trend.{form}" for form in ("csv", "json"))):
        content = client.get(path).content.decode()
        assert not [each for each in own if each and each in content]


def test_the_front_page_and_the_navigation_lead_there(client: Client) -> None:
    page = client.get("/").content.decode()
    assert page.count('href="/statistics/"') == 2
    assert client.post(HOME).status_code == 405
