"""Correcting a submitted notification: the whole, a section, giving it up, and the earlier versions."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from notifications import services
from notifications.content import content_of
from notifications.models import Notification
from notifications.queries import correction_of, whole
from tests.factories import amended
from tests.journeys.stage import answer
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
    opens,
    overtaken,
    sent,
    typed,
)
from tests.journeys.states.following import WORDS, made, of, reference

DETAIL: Final = "notifications:detail"
AMEND: Final = "notifications:amend"
SECTION: Final = "notifications:amend_section"
STORY: Final = {"What happened?": WORDS}
WHY: Final = {"Why are you correcting it?": WORDS}


def in_hand(visit: Visit, notification: Notification, **changes: Any) -> None:
    """A correction is begun, and not sent."""
    stored = whole().get(pk=notification.pk)
    row = correction_of(stored)
    services.save_correction(
        notification=stored,
        by=visit.scene.cast.reporter,
        version=row.version if row else 1,
        content=replace(content_of(stored), **(changes or {"immediate_actions": "The list was closed."})),
    )


def amended_once(visit: Visit, notification: Notification) -> None:
    amended(notification, visit.scene.cast.reporter, immediate_actions="The list was closed.")


def twice_amended(visit: Visit, notification: Notification) -> None:
    by = visit.scene.cast.reporter
    amended_once(visit, notification)
    amended(notification, by, reason="The date was wrong.", discovered_on=date(2026, 3, 1))


def in_hand_elsewhere(visit: Visit) -> None:
    """A colleague saved a correction of the newest notification."""
    in_hand(visit, whole().latest("pk"), narrative="The list was for another room.")


def being_corrected(visit: Visit) -> str:
    """The reference of one with a correction in hand."""
    notification = made(visit, "submitted")
    in_hand(visit, notification)
    return str(notification.case.reference)


def dropping(visit: Visit) -> None:
    of("notifications:amend_drop", "submitted", in_hand)(visit)


def dropped_by_a_colleague(visit: Visit) -> None:
    dropping(visit)
    in_hand_elsewhere(visit)
    visit.send()
    visit.refused()


def sent_by_a_colleague(visit: Visit) -> None:
    of("notifications:amend", "submitted", in_hand)(visit)
    in_hand_elsewhere(visit)
    answer(visit.page, WHY)
    visit.send()
    visit.refused()


def version_of(then: Any, number: int) -> Reach:
    def reach(visit: Visit) -> None:
        notification = made(visit, "submitted")
        then(visit, notification)
        visit.open("notifications:version", reference=notification.case.reference, number=number)

    return reach


STATES: Final = (
    State(DETAIL, "corrected", of(DETAIL, "submitted", twice_amended)),
    State(DETAIL, "correction in hand", of(DETAIL, "submitted", in_hand)),
    State(AMEND, EMPTY, of(AMEND, "submitted")),
    State(AMEND, FILLED, of(AMEND, "submitted", in_hand)),
    State(
        AMEND,
        "something missing",
        of(AMEND, "submitted", lambda visit, made: in_hand(visit, made, number_exposed=None)),
    ),
    State(AMEND, "over", of(AMEND, "closed")),
    State(AMEND, REFUSED, sent(AMEND, reference=being_corrected)),
    State(AMEND, CONFLICT, sent_by_a_colleague),
    State(AMEND, TYPED, typed(AMEND, WHY, reference=being_corrected)),
    State(SECTION, FILLED, opens(SECTION, slug="circumstances", reference=reference("submitted"))),
    State(
        SECTION,
        REFUSED,
        sent(
            SECTION,
            {"When was it discovered?": date(2027, 1, 1)},
            slug="incident",
            reference=reference("submitted"),
        ),
    ),
    State(
        SECTION,
        CONFLICT,
        overtaken(SECTION, in_hand_elsewhere, STORY, slug="circumstances", reference=reference("submitted")),
    ),
    State(SECTION, TYPED, typed(SECTION, STORY, slug="circumstances", reference=reference("submitted"))),
    State("notifications:amend_drop", FILLED, dropping),
    State("notifications:amend_drop", CONFLICT, dropped_by_a_colleague),
    State("notifications:version", "one", version_of(amended_once, 1)),
    State("notifications:version", "the second of two", version_of(twice_amended, 2)),
)
