"""What concerns contribute to risk: how many were received of each employer."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Min

from inspections.concerns.models import Concern
from regulator.organisations.models import Employer
from regulator.risk.indicators import INDICATORS, Asked, Indicator


def concerns(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """Concerns received in the window and on record by its end, none of them recorded in error (three queries
    at most).

    That there was none is known only where concerns were on record before the window began: an employer is
    not safer for the time in which nobody kept a list. From then on every employer is answered.
    """
    window = asked.window
    known = Concern.objects.filter(recorded_on__lte=window.end).order_by()
    received = known.counting().filter(received_on__range=(window.start, window.end), **asked.only())
    numbers = Counter(received.values_list("case__employer_id", flat=True))
    first = known.aggregate(first=Min("recorded_on"))["first"]
    if first is not None and first <= window.start:
        everybody = Employer.objects.order_by().filter(
            **({} if asked.employer is None else {"pk": asked.employer})
        )
        numbers.update(dict.fromkeys(everybody.values_list("pk", flat=True), 0))
    for employer, number in numbers.items():
        yield employer, number, 1


def contribute() -> None:
    """Register it. Called once, when the application is ready."""
    meaning = "Concerns received in the last twelve months, but for those recorded in error."
    INDICATORS.register("concerns.received", Indicator("concerns", meaning, concerns))
