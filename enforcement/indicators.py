"""What enforcement contributes to risk: notices past the day for compliance, and prohibitions."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Q

from enforcement.binding import went_by
from enforcement.models import Notice
from regulator.risk.indicators import INDICATORS, RULES, Asked, Indicator, Rule

_UNDONE: Final = ("withdrawn", "cancelled", "abandoned")


def overdue(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """Notices whose day for compliance has passed without it, or passed before it came, within the window;
    not those that an appeal suspends over their day (2 queries)."""
    window = asked.window
    held = Notice.objects.filter(compliance_on__range=(window.start, window.end), **asked.only()).order_by()
    stated = held.exclude(case__status__in=_UNDONE).filter(compliance_on__lt=window.end)
    read = stated.select_related("case").only("type", "compliance_on", "complied_on", "case__employer")
    missed = [each for each in read.prefetch_related("appeals") if went_by(each, before=window.end)]
    for employer, number in Counter(each.case.employer_id for each in missed).items():
        yield employer, number, 1


def prohibited(asked: Asked) -> Iterable[tuple[int, int]]:
    """Prohibition notices served in the window that were not taken back (1 query)."""
    prohibition = Q(type=Notice.Type.PROHIBITION_IMMEDIATE) | Q(type=Notice.Type.PROHIBITION_DEFERRED)
    served = Notice.objects.filter(
        prohibition, served_on__range=(asked.window.start, asked.window.end), **asked.only()
    )
    standing = served.exclude(case__status__in=_UNDONE).order_by()
    return Counter(standing.values_list("case__employer_id", flat=True)).items()


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    meaning = "Notices that were not complied with by their day."
    INDICATORS.register(
        "enforcement.overdue", Indicator("overdue_actions", meaning, overdue, known_of_all=True)
    )
    RULES.register(
        "prohibition",
        Rule("Rule: a prohibition notice was served in the last 12 months ({number}).", prohibited),
    )
