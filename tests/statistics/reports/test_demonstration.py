"""The demonstration's report: published once, of a year that is loaded, by two people."""

from regulator.periods import reporting_year
from regulator.statistics.reports.composing import texts_of
from regulator.statistics.reports.demonstration import ensure_report
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.outline import ready_texts
from regulator.statistics.reports.prose import placed
from tests.notifications.learning.told import published
from tests.statistics.reports.room import YEAR, Room


def test_it_is_published_once_with_the_texts_that_ship(room: Room) -> None:
    made = ensure_report(YEAR, analyst=room.analyst, manager=room.manager)
    assert made is not None
    assert (made.state, made.signed_by, made.started_by) == (
        Report.State.PUBLISHED,
        room.manager,
        room.analyst,
    )
    assert ensure_report(YEAR, analyst=room.analyst, manager=room.manager) == made
    assert Report.objects.count() == 1


def test_it_tells_the_cases_that_are_in_the_library_after_what_it_says_of_their_themes(room: Room) -> None:
    told = published(title="A case that is told")
    made = ensure_report(YEAR, analyst=room.analyst, manager=room.manager)
    assert made is not None
    [text] = [block.text for place, block in texts_of(made).items() if placed(told.number) in block.text]
    assert text == f"{ready_texts(YEAR.slug)['imaging_themes']}\n\n{placed(told.number)}"


def test_a_year_without_a_text_or_a_notification_has_none(room: Room) -> None:
    assert ensure_report(reporting_year("2022/23"), analyst=room.analyst, manager=room.manager) is None
    room.employer.cases.all().update(opened_at=None)
    assert ensure_report(YEAR, analyst=room.analyst, manager=room.manager) is None
    assert not Report.objects.exists()
