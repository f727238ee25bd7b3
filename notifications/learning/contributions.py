"""What learning contributes to the platform's registries."""

from typing import Final

from notifications.learning import asides, desk, desk_home, past, queries, readers, redaction, reported
from notifications.learning.search import found_by
from notifications.learning.sitemap import STANDING
from notifications.queries import KIND
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.frontend.navigation import NAVIGATION, Entry
from regulator.frontend.sitemaps import SITEMAPS

EVENT_LABELS: Final = {
    "saved": "Learning case written",
    "proposed": "Learning case proposed",
    "returned": "Learning case given back",
    "published": "Learning case published",
    "withdrawn": "Learning case withdrawn",
    "discarded": "Learning case given up",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    NAVIGATION.register("learning", Entry("Learning", "learning:list", order=45))
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"learning.{name}", label)
    CASE_LISTS.register(desk.LIST, CaseList(queries.learning_of, KIND))
    CASE_LISTS.register(desk.RESTRICTIONS, CaseList(queries.restrictions_of, KIND))
    DESK_EXTRAS.register("learning.on_notifications", desk.ON_NOTIFICATIONS)
    HOME_PANELS.register("learning.waiting", desk_home.learning_waiting)
    mine = QueueMark("Learning case for me to approve", queries.waiting_for, of_reader=True)
    QUEUE_MARKS.register(desk_home.TO_APPROVE, mine)
    written = QueueMark("Learning case being written by me", queries.mine_to_write, of_reader=True)
    QUEUE_MARKS.register(desk_home.TO_WRITE, written)
    stays = QueueMark("Learning case public, notification no longer counts", queries.no_longer_counted)
    QUEUE_MARKS.register(desk_home.UNCOUNTED, stays)
    other = QueueMark("Learning case public, notification says otherwise since", queries.filed_otherwise)
    QUEUE_MARKS.register(desk_home.OTHERWISE, other)
    since = QueueMark("Learning case public, notification restricted since", queries.restricted_since)
    QUEUE_MARKS.register(desk_home.RESTRICTED, since)
    SEARCH_TEXTS.register("learning", found_by)
    SITEMAPS.register("learning", STANDING)
    asides.contribute()
    past.contribute()
    readers.contribute()
    redaction.contribute()
    reported.contribute()
