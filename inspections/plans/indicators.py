"""What action plans contribute to risk: actions that were not done by their day."""

from collections import Counter
from collections.abc import Iterator

from inspections.plans.deadlines import PLAN_ACTION
from regulator.deadlines.models import Deadline
from regulator.risk.indicators import INDICATORS, Asked, Indicator


def overdue_actions(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """Actions of accepted plans whose day, as it was last moved, lies in the window and went by before they
    were done (1 query). As for notices, one that was done late counts for as long as its day is in the
    window: what is counted is missed days. One that was cancelled does not."""
    window = asked.window
    due = Deadline.objects.filter(kind=PLAN_ACTION, ended_at__isnull=True, **asked.only()).order_by()
    missed = due.filter(due_on__gte=window.start, due_on__lt=window.end)
    employers = Counter[int]()
    for employer, due_on, met_on in missed.values_list("case__employer_id", "due_on", "met_on"):
        employers[employer] += met_on is None or met_on > due_on
    for employer, number in employers.items():
        yield employer, number, 1


def contribute() -> None:
    """Register it. Called once, when the application is ready."""
    meaning = "Actions of inspections' plans that were not done by their day."
    INDICATORS.register(
        "plans.overdue", Indicator("overdue_actions", meaning, overdue_actions, known_of_all=True)
    )
