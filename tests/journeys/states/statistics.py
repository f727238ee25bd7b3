"""The public dashboard, open to all."""

from datetime import date
from typing import Final

from regulator.statistics.totals.models import Revision, Total
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody
from tests.totals.rows import put, spread

HOME: Final = "statistics:home"
_TODAY: Final = date(2026, 11, 20)


def counted(number: int, query: str = "") -> Reach:
    def reach(visit: Visit) -> None:
        Total.objects.all().delete()
        Revision.objects.all().delete()
        if number:
            put(spread(number, date(2025, 4, 1), _TODAY), counted_on=_TODAY)
        visit.open(HOME, query)

    return reach


STATES: Final = (
    State(HOME, EMPTY, counted(0), nobody),
    State(HOME, FILLED, counted(2000), nobody),
    State(HOME, f"{FILLED}, a year that is over", counted(2000, "?year=2025/26"), nobody),
    State(HOME, f"{FILLED}, one modality", counted(2000, "?year=2025/26&modality=radiotherapy"), nobody),
    State(HOME, "few, so that much is kept back", counted(300, "?year=2025/26"), nobody),
    State(HOME, REFUSED, counted(2000, "?year=soon&modality=astrology"), nobody),
)
NO_PAGE: Final = {"statistics:table": "A file: tests/totals/test_dashboard.py holds it against the page."}
