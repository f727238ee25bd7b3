"""An employer's own figures: of a year without anything, of one with everything, and of the one that runs."""

from datetime import timedelta
from typing import Final

from notifications import services
from notifications.models import Notification
from regulator import clock
from regulator.organisations.models import Modality
from regulator.organisations.returns import last_ended
from tests.factories import REPORT, Cast, notification_in
from tests.journeys.states import EMPTY, FILLED, State, Visit, reporter
from tests.journeys.test_employer_page import england
from tests.notifications.own_figures.conftest import code, planned, returned

YEAR: Final = "own_figures:year"
LONG: Final = (
    "Every request that is written outside the electronic system is read back by a second operator, who "
    "signs for it, until the ward’s own system sends requests itself."
)
NO_PAGE: Final = {"own_figures:file": "a file"}


def a_year(cast: Cast) -> None:
    """Three notifications of the last year that ended, one of the year before, one of this; with causes, a
    late report, and actions of which one is overdue."""
    year = last_ended(clock.today())
    noon = clock.now().replace(hour=12, year=year.start.year, month=6, day=3)
    made = list[Notification]()
    for days, modality in ((0, Modality.DIAGNOSTIC_IMAGING), (90, Modality.RADIOTHERAPY), (-300, None)):
        with clock.at(noon + timedelta(days=days)):
            changes = {"modality": modality} if modality else {}
            made.append(notification_in("awaiting_report", cast=cast, **changes))
    code(made[0], "di-referrer-duplicate-imaging", cast.officer)
    with clock.at(noon + timedelta(days=120)):
        version = made[0].case.version
        services.file_report(notification=made[0], by=cast.reporter, version=version, report=REPORT)
    late = notification_in("awaiting_report", cast=cast)
    with clock.at(clock.now() - timedelta(days=20)):
        planned(cast, made[1], clock.today() + timedelta(days=10), LONG)
    planned(cast, late, clock.today() + timedelta(days=30))


def nothing(visit: Visit) -> None:
    alone = Cast()
    year = last_ended(clock.today())
    returned(alone.employer, year.start, year.end)
    visit.become(alone.reporter)
    visit.open(YEAR, key=alone.employer.key)


def filled(visit: Visit) -> None:
    cast = Cast()
    a_year(cast)
    england(cast.employer, 2)
    visit.become(cast.reporter)
    visit.open(YEAR, key=cast.employer.key)


def running(visit: Visit) -> None:
    cast = Cast()
    a_year(cast)
    visit.become(cast.reporter)
    year = last_ended(clock.today() + timedelta(days=366))
    visit.open(YEAR, f"?year={year.slug}", key=cast.employer.key)


STATES: Final = (
    State(YEAR, EMPTY, nothing, reporter),
    State(YEAR, FILLED, filled, reporter),
    State(YEAR, "the year that runs", running, reporter),
)
