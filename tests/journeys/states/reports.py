"""The published annual reports, open to all."""

from typing import Any, Final

from notifications.learning.library import take_out
from notifications.learning.models import PublishedLearning
from notifications.models import Cause
from regulator.accounts.roles import Role
from regulator.periods import Period, reporting_year
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.prose import placed
from tests.factories import staff
from tests.journeys.states import EMPTY, FILLED, Reach, State, Visit, nobody, opens
from tests.journeys.states.learning import LONG
from tests.notifications.learning.told import published as learning
from tests.statistics.reports.room import YEAR, Room
from tests.statistics.rows import Row, store

SLUG: Final = "2023-24"
FIGURE_3: Final = "notifications_by_cause_diagnostic_imaging"


def published() -> None:
    """Two editions of 2023/24, which tell a case, made once: a published report never changes."""
    if not Report.objects.filter(starts_on=YEAR.start).exists():
        room = Room()
        causes = Cause.objects.filter(modality="diagnostic_imaging").order_by("position")[:4]
        coded = [Row(room.employer, "diagnostic_imaging", "ct", cause) for cause in causes]
        store(coded, coder=staff(Role.CASE_OFFICER))
        stands = learning(title=LONG, system="Two lists stood open.\n\nOne had no name on it.")
        report = told(room, YEAR, stands)
        room.notify(3, "nuclear_medicine", "pet")
        room.corrected(report)


def told(room: Room, period: Period, case: PublishedLearning) -> Report:
    """A published report that tells a case."""
    report = room.started(period)
    room.write(report, f"Before it.\n\n{placed(case.number)}", "imaging_themes")
    room.freeze(report)
    return room.publish(room.sign(report))


def withdrawn(route: str, **parts: Any) -> Reach:
    """Of another year, whose report tells a case that was withdrawn since; made once."""

    def reach(visit: Visit) -> None:
        year = reporting_year("2022/23")
        if not Report.objects.filter(starts_on=year.start).exists():
            case = learning()
            told(Room(), year, case)
            take_out(case.number)
        visit.open(route, year=year.slug, **parts)

    return reach


def of_it(route: str, **parts: Any) -> Reach:
    def reach(visit: Visit) -> None:
        published()
        visit.open(route, **parts)

    return reach


STATES: Final = (
    State("reports:list", EMPTY, opens("reports:list"), nobody),
    State("reports:methods", EMPTY, opens("reports:methods"), nobody),
    State("reports:disagreements", EMPTY, opens("reports:disagreements"), nobody),
    State("reports:list", FILLED, of_it("reports:list"), nobody),
    State("reports:report", FILLED, of_it("reports:report", year=SLUG), nobody),
    State("reports:report", "a case was withdrawn", withdrawn("reports:report"), nobody),
    State("reports:file", "the PDF is not given out", withdrawn("reports:file", form="pdf"), nobody),
    State("reports:edition", "replaced", of_it("reports:edition", year=SLUG, edition=1), nobody),
    State("reports:changes", FILLED, of_it("reports:changes", year=SLUG, edition=2), nobody),
    State("reports:table", FILLED, of_it("reports:table", year=SLUG, name=FIGURE_3), nobody),
    State(
        "reports:table",
        "with a chart",
        of_it("reports:table", year=SLUG, name="notifications_by_modality"),
        nobody,
    ),
    State("reports:methods", FILLED, of_it("reports:methods"), nobody),
    State("reports:disagreements", FILLED, of_it("reports:disagreements"), nobody),
)
NO_PAGE: Final = {
    "reports:edition_file": "a file: PDF, ODS, CSV, JSON",
    "reports:table_file": "a file: CSV, ODS, JSON",
}
