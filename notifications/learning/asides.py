"""What stands beside an employer's questions: up to three published learning cases like its own."""

from typing import Final

from notifications.asides import ASIDES, Aside, Asked
from notifications.learning.queries import others_reported
from notifications.models import Notification

SECTIONS: Final = frozenset({"incident", "circumstances"})
"""The sections of a notification beside which they stand: where it says what was done and what happened."""
REPORT_SECTIONS: Final = frozenset({"learning"})


def contribute() -> None:
    ASIDES.register("learning", beside)


def beside(asked: Asked) -> list[Aside]:
    """At most three, nearest first (one query, none where nothing fits the page)."""
    wanted = REPORT_SECTIONS if asked.in_report else SECTIONS
    if asked.section not in wanted:
        return []
    notification: Notification = asked.notification
    cause = notification.reporter_cause
    found = others_reported(
        notification.case.modality,
        sub_modality=notification.sub_modality,
        tier3=cause.rollup if cause else "",
        tier1=cause.tier1 if cause else "",
    )
    return [Aside(each.title, each.get_absolute_url()) for each in found]
