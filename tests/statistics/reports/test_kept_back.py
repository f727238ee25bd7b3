"""What one edition keeps back the next keeps back too, and so do the dashboard and whatever is released."""

from collections.abc import Collection
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.figures.counts import by_employer_type
from regulator import clock
from regulator.casework.models import Case
from regulator.organisations.models import Employer, EmployerType
from regulator.periods import Period
from regulator.statistics.keeping import KeptBack, kept_back_before, kept_by_modality
from regulator.statistics.reports import published
from regulator.statistics.reports.composing import present
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Report
from regulator.statistics.tables import Mark, Table
from regulator.statistics.tabulation.releasing import for_release
from regulator.statistics.totals.breakdowns import breakdown
from tests.factories import EmployerFactory
from tests.statistics.reports.room import YEAR, Room
from tests.statistics.rows import Row, store
from tests.tabulation.conftest import crossed

FIGURE = "notifications_by_employer_type"
TABLE = "notifications_by_employer_type_radiotherapy"
ACUTE, DENTAL, GP = (str(EmployerType(each).label) for each in ("nhs_acute", "dental", "general_practice"))


def of_type(kind: str) -> Employer:
    return EmployerFactory.create(type=kind)


def shown(content: Content) -> dict[str, Any]:
    return {str(row.cells[0]): row.cells[1] for row in content.tables[TABLE].rows}


def frozen(report: Report) -> Content:
    report.refresh_from_db()
    assert report.signed_freeze is not None
    return Content.read(report.signed_freeze.content)


@pytest.fixture
def first(room: Room) -> Report:
    """An edition of 3 (of the room's own trust), 6 and 40."""
    store([Row(of_type("dental"))] * 6 + [Row(of_type("independent"))] * 40)
    return room.published()


def add_chiropractors() -> None:
    """Without what the first edition says, their 7 would hide the trust's 3, and the dentists' 6 be shown."""
    store([Row(of_type("chiropractic"))] * 7)


def test_the_second_edition_keeps_back_what_the_first_does(room: Room, first: Report) -> None:
    before = shown(frozen(first))
    assert {kind for kind, cell in before.items() if cell is Mark.CONFIDENTIAL} == {ACUTE, DENTAL}
    add_chiropractors()
    second = room.corrected(first)
    after = shown(frozen(second))
    assert after[ACUTE] is after[DENTAL] is Mark.CONFIDENTIAL
    assert after["All radiotherapy notifications"] == 56
    number = frozen(second).numbers["dental_notifications_of_radiotherapy"]
    assert number.cell is Mark.CONFIDENTIAL
    third = room.corrected(second)
    assert shown(frozen(third)) == after


def test_without_a_published_edition_nothing_is_kept_back_but_what_is_small(room: Room) -> None:
    store([Row(of_type("dental"))] * 6 + [Row(of_type("independent"))] * 40)
    report = room.frozen()
    add_chiropractors()
    assert kept_back_before(YEAR) == frozenset()
    content = shown(present(report))
    assert content[DENTAL] == 6


def test_what_counts_nothing_by_now_is_kept_back_too(room: Room, first: Report) -> None:
    """A nought in the place of what was kept back would say that all of it was taken out."""
    Case.objects.filter(employer__type="dental").update(status="withdrawn")
    store([Row(of_type("general_practice"))] * 20)
    after = shown(present(first))
    assert after[DENTAL] is Mark.CONFIDENTIAL
    assert after[ACUTE] is Mark.CONFIDENTIAL
    value: Any = by_employer_type(YEAR)
    assert value["kept_back"] == {"radiotherapy": {"dental": "[c]", "nhs_acute": "[c]"}}


def test_the_dashboard_and_a_release_keep_back_what_the_edition_does(room: Room, first: Report) -> None:
    add_chiropractors()
    numbers = {"nhs_acute": 3, "dental": 6, "independent": 40, "chiropractic": 7}
    counts = {("radiotherapy", kind): number for kind, number in numbers.items()}

    def dashboard(modality: str, kept_back: Collection[KeptBack]) -> Table:
        return breakdown(
            "employer_type", "notifications", counts, modality, YEAR.label, "", "", kept_back=kept_back
        )

    assert (DENTAL, 6) in [row.cells for row in dashboard("radiotherapy", ()).rows]
    for modality in ("", "radiotherapy"):
        table = dashboard(modality, kept_back_before(YEAR))
        assert (DENTAL, Mark.CONFIDENTIAL) in [row.cells for row in table.rows]
        assert (ACUTE, Mark.CONFIDENTIAL) in [row.cells for row in table.rows]
    released = for_release(crossed("employer_type", "modality", YEAR))
    marks = {row.cells[0]: row.cells[1] for row in released.rows}
    report = shown(present(first))
    assert {kind: marks[kind] for kind in report if kind in marks} == {
        kind: cell for kind, cell in report.items() if kind in marks
    }
    assert marks[DENTAL] is marks[ACUTE] is Mark.CONFIDENTIAL


def test_every_published_edition_counts_and_no_draft_does(room: Room, first: Report) -> None:
    assert kept_back_before(YEAR) == {
        (TABLE, kind, column) for kind in (ACUTE, DENTAL) for column in ("count", "percent")
    }
    add_chiropractors()
    store([Row(of_type("general_practice"))] * 2)
    room.corrected(first)
    both = kept_back_before(YEAR)
    assert (TABLE, GP, "count") in both
    assert (TABLE, DENTAL, "count") in both
    first.refresh_from_db()
    assert first.state == Report.State.SUPERSEDED  # and yet it is read


def test_it_is_one_query_and_none_of_what_is_no_year(room: Room, first: Report) -> None:
    """What an edition says is read once: at each further view its key alone."""
    published._kept_back_in.cache_clear()
    before = kept_back_before(YEAR)
    with CaptureQueriesContext(connection) as asked:
        assert kept_back_before(YEAR) == before != frozenset()
    assert len(asked) == 1
    assert '"content"' not in asked.captured_queries[0]["sql"]
    add_chiropractors()
    room.corrected(first)
    with CaptureQueriesContext(connection) as asked:
        assert kept_back_before(YEAR) >= before
    assert sum('"content"' in each["sql"] for each in asked.captured_queries) <= 1
    with CaptureQueriesContext(connection) as asked:
        assert published.kept_back(Period("some days", YEAR.start, clock.today())) == frozenset()
    assert not asked.captured_queries


def test_what_was_kept_back_under_a_name_that_is_no_more_keeps_its_whole_table_back(
    room: Room, first: Report, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody knows which count it was, so all of that modality are kept back, and the log says why."""
    names = {each.value: str(each.label) for each in EmployerType}
    renamed = {**names, "dental": "Dentists"}
    kept_back = kept_back_before(YEAR)
    known = kept_by_modality(kept_back, FIGURE, ["radiotherapy", "nuclear_medicine"], names)
    assert known == {("radiotherapy", "nhs_acute"), ("radiotherapy", "dental")}
    assert not caplog.records
    found = kept_by_modality(kept_back, FIGURE, ["radiotherapy", "nuclear_medicine"], renamed)
    assert found == {("radiotherapy", value) for value in names}
    assert f"{TABLE} keeps back “{DENTAL}”" in caplog.text
