"""Told cases that were withdrawn or revised after a report was frozen: what is refused, and what is said."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.learning.library import put, take_out
from notifications.learning.models import PublishedLearning
from regulator import clock
from regulator.casework.errors import NotAllowedNow
from regulator.periods import reporting_year
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.prose import placed
from regulator.statistics.reports.services import writing
from regulator.statistics.reports.sitemap import EDITIONS
from tests.notifications.learning.told import published, told
from tests.notifications.pages import browser, text
from tests.statistics.reports.room import Room
from tests.statistics.reports.test_cases import PLACE, case, out, telling

__all__ = ["case"]


def revised(case: PublishedLearning) -> None:
    """The library tells it in other words."""
    put(told(title=case.title, system="Said anew."), number=case.number, revision=case.revision + 1)


def test_what_was_revised_since_the_freeze_is_not_signed(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    revised(case)
    said = f"Case {case.number} was revised in the library since. Freeze the report again."
    with pytest.raises(NotAllowedNow) as refused:
        room.sign(report)
    assert str(refused.value) == said
    room.freeze(report)
    assert room.sign(report).state == Report.State.SIGNED


def test_what_was_revised_since_the_signature_is_not_published(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    room.sign(report)
    revised(case)
    with pytest.raises(NotAllowedNow, match="was revised in the library since"):
        room.publish(report)
    report.refresh_from_db()
    assert report.state == Report.State.SIGNED
    room.freeze(report)
    assert room.publish(room.sign(report)).state == Report.State.PUBLISHED


def changed(report: Report) -> datetime:
    """When the sitemap says that the edition changed."""
    [(_, moment)] = EDITIONS.places(report.pk, report.pk)
    return moment


def test_the_sitemap_says_when_an_edition_changed(room: Room, case: PublishedLearning) -> None:
    report = out(room, case)
    assert report.published_at is not None
    assert changed(report) == report.published_at
    with clock.at(report.published_at + timedelta(hours=1)):
        take_out(case.number)
    report.refresh_from_db()
    assert changed(report) == report.case_withdrawn_at == report.published_at + timedelta(hours=1)


def desk(room: Room, report: Report, rest: str = "", by: str = "colleague") -> str:
    return text(browser(getattr(room, by)).get(f"/desk/reports/report/{report.pk}/{rest}"))


def test_what_moved_never_shows_the_title_of_a_withdrawn_case(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    room.write(report, "Words.", PLACE)
    room.freeze(report)
    assert case.title in desk(room, report, "freezes/2/")
    take_out(case.number)
    assert case.title not in desk(room, report, "freezes/2/")
    second = room.started(reporting_year("2022/23"))
    more = published(title="Another one that is told")
    room.write(second, placed(more.number), PLACE)
    room.freeze(second)
    room.write(second, "Words.", PLACE)
    assert more.title in desk(room, second, "freeze/", "analyst")
    take_out(more.number)
    assert more.title not in desk(room, second, "freeze/", "analyst")


@pytest.mark.parametrize(
    ("became", "to_do"),
    [
        ("withdrawn from", "Take it out of the text and freeze the report again."),
        ("revised in", "Freeze the report again."),
    ],
)
def test_an_open_report_says_that_a_case_of_its_freeze_is_overtaken(
    room: Room, case: PublishedLearning, became: str, to_do: str
) -> None:
    report = telling(room, case)
    room.freeze(report)
    said = f"Case {case.number} was {became} the library since. {to_do}"
    signing, publishing = (f"/desk/reports/report/{report.pk}/{deed}/" for deed in ("sign", "publish"))

    def change(of: PublishedLearning) -> None:
        if became == "withdrawn from":
            take_out(of.number)
        else:
            revised(of)

    before = desk(room, report)
    assert signing in before
    assert "otherwise since" not in before
    room.sign(report)
    make_due()
    assert publishing in desk(room, report, by="manager")
    change(case)
    signed = desk(room, report, by="manager")
    assert publishing not in signed
    assert said in signed
    room.write(report, f"More.\n\n{placed(case.number)}" if became == "revised in" else "Words.", PLACE)
    drafting = desk(room, report)
    assert signing not in drafting
    assert said in drafting
    room.freeze(report)
    after = desk(room, report)
    assert signing in after
    assert "otherwise since" not in after


def test_a_text_is_read_before_the_chain_is_held(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    report, steps = room.started(), []

    def telling_of(name: str) -> None:
        asked = getattr(writing, name)

        def told_of(*args: Any, **kwargs: Any) -> Any:
            steps.append(name)
            return asked(*args, **kwargs)

        monkeypatch.setattr(writing, name, told_of)

    for name in ("faults", "find", "changing", "told_at"):
        telling_of(name)
    room.write(report, placed(published().number), PLACE)
    assert steps == ["faults", "find", "changing", "told_at"]
