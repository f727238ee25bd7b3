"""The whole legal clock as a table that policy people can read: ``legal_lives.csv``. Each line is the life of
a notice in dated deeds, and states every clock's day and its derivation. The clocks say it from the deeds
alone, and the same again from what the services wrote when the deeds are done."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import pytest
import time_machine

from enforcement.compliance.history import told_of
from enforcement.conditions import withheld
from enforcement.legal_life import clocks
from enforcement.legal_record import life_of
from enforcement.models import Notice
from enforcement.publication import timeline
from enforcement.register.wording import NEW_DAYS, until
from enforcement.services import propose_publication
from regulator.accounts.actors import Scheduled
from regulator.deadlines.models import Deadline
from tests.enforcement.lives import deeds_of, life_of_deeds, play
from tests.enforcement.scene import Scene
from tests.reference import ship_provisions

Row = dict[str, str]
with (Path(__file__).parent / "legal_lives.csv").open(encoding="utf-8") as table:
    ROWS: Final[list[Row]] = list(csv.DictReader(table))
NAMES: Final = ("appeal", "trade_secret", "comply", "binds_again", "publish_from", "publish_by", "register")
HOLIDAYS: Final = {
    *(date(2024, *each) for each in ((3, 29), (4, 1))),
    *(date(2025, *each) for each in ((4, 18), (4, 21), (5, 5), (5, 26), (8, 25))),
    *(date(2026, *each) for each in ((4, 3), (4, 6), (5, 4), (12, 25))),
}
"""The bank holidays of England that lie in these lives, written down apart from the calendar."""
NOON: Final = time(12)
each_row = pytest.mark.parametrize("row", ROWS, ids=[each["what"] for each in ROWS])


def stated(row: Row) -> list[tuple[str, str, str]]:
    return [(name, row[name], row[f"{name}_why"]) for name in NAMES]


def found(life: object) -> list[tuple[str, str, str]]:
    return [
        (each.name, each.on.isoformat() if each.on else "", each.derivation)
        for each in clocks(life)  # type: ignore[arg-type]
    ]


@each_row
def test_every_clock_follows_from_the_deeds_alone(row: Row) -> None:
    assert found(life_of_deeds(row["type"], deeds_of(row["life"]))) == stated(row)


@each_row
def test_a_day_on_which_offices_are_closed_stays_and_is_said_to(row: Row) -> None:
    for name in NAMES:
        if row[name]:
            day = date.fromisoformat(row[name])
            closed = day.weekday() >= 5 or day in HOLIDAYS
            assert ("the law does not move it" in row[f"{name}_why"]) is closed, (name, day)


@pytest.fixture
def stage(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2023, 1, 2, 9, tzinfo=UTC), tick=False) as traveller:
        ship_provisions()
        yield traveller


@each_row
def test_what_the_services_wrote_says_the_same(row: Row, stage: time_machine.Traveller) -> None:
    deeds = deeds_of(row["life"])
    notice = play(Scene(), stage, row["type"], deeds)
    notice.refresh_from_db()
    life = life_of(notice, told_of(notice), list(notice.appeals.all()))
    assert found(life) == stated(row)
    if row["comply"]:
        assert notice.compliance_on == date.fromisoformat(row["comply"])
    running = {each.kind: each.due_on for each in Deadline.objects.open().filter(case=notice.pk)}
    if "comply" in running:
        assert running["comply"] == date.fromisoformat(row["comply"])
    _the_public_is_told_of_each_new_day(notice, deeds[0].named)
    if not notice.published_on:
        _published_when_the_row_says(row, notice, stage)


def _the_public_is_told_of_each_new_day(notice: Notice, stated: date | None) -> None:
    """The last that its timeline tells is the day that holds; where it never moved, none is told."""
    told = [each.what for each in timeline(notice) if each.what.startswith(NEW_DAYS)]
    if notice.compliance_on == stated:
        assert told == []
    else:
        assert told[-1] in {until(what, notice.compliance_on) for what in NEW_DAYS}


def _published_when_the_row_says(row: Row, notice: Notice, stage: time_machine.Traveller) -> None:
    """It may be public on no day before, and its entry is due by the day that the row says."""
    last = deeds_of(row["life"])[-1].on
    if not row["publish_from"]:
        stage.move_to(datetime(last.year + 1, last.month, 1, 12, tzinfo=UTC))
        assert withheld(notice.case, notice)
        return
    opens = date.fromisoformat(row["publish_from"])
    if opens > last:
        stage.move_to(datetime.combine(date.fromordinal(opens.toordinal() - 1), NOON, UTC))
        assert withheld(notice.case, notice)
        stage.move_to(datetime.combine(opens, NOON, UTC))
    assert withheld(notice.case, notice) == ""
    propose_publication(notice=notice, by=Scheduled("test"))
    due = Deadline.objects.get(case=notice.pk, kind="publish")
    assert due.due_on == date.fromisoformat(row["publish_by"])
