"""The open data's pages and the e-mail alerts, open to all."""

import re
from typing import Final

from django.core.cache import cache

from enforcement.alerts.links import stop_address
from enforcement.alerts.models import Alert, AlertLetter, Subscriber
from enforcement.alerts.services import ask_for_alert, confirm
from enforcement.register.exports import FORMATS
from enforcement.register.services import remove_entry
from enforcement.snapshots.models import SnapshotFile
from enforcement.snapshots.services import make_snapshot, take_out_removed
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody, opens, sent
from tests.register.entries import entry

WHO: Final = "reader@example.org"
SEARCH: Final = "?type=improvement&year=2025&regulation=6(5)(b)"


def secret_of_a_question(visit: Visit) -> str:
    """Somebody asked, and has the letter."""
    cache.clear()
    AlertLetter.objects.all().delete()
    Subscriber.objects.all().delete()
    ask_for_alert(email=WHO, query="type=improvement&year=2025", client="journey")
    body = AlertLetter.objects.latest("pk").message.body
    found = re.search(r"/register-alerts/confirm/([^/]+)/", body)
    assert found is not None
    return found[1]


def begun(visit: Visit) -> None:
    visit.open("alerts:confirm", secret=secret_of_a_question(visit))
    visit.send()


def token(visit: Visit) -> str:
    """Of an alert that is confirmed."""
    confirm(secret=secret_of_a_question(visit))
    return stop_address(Alert.objects.latest("pk")).split("/")[-2]


def stopped(visit: Visit) -> None:
    visit.open("alerts:stop", token=token(visit))
    visit.send()


def with_entries(route: str, query: str = "") -> Reach:
    def reach(visit: Visit) -> None:
        entry()
        visit.open(route, query)

    return reach


def with_copies(visit: Visit) -> None:
    """Two copies, of which the former was made anew without an entry that was removed."""
    SnapshotFile.objects.all().delete()
    gone = entry()
    make_snapshot()
    remove_entry(gone.slug)
    entry()
    make_snapshot()
    take_out_removed()
    visit.open("snapshots:index")


STATES: Final = (
    State("register_open:download", EMPTY, opens("register_open:download"), nobody),
    State("register_open:download", FILLED, with_entries("register_open:download", SEARCH), nobody),
    State("register_open:download", REFUSED, with_entries("register_open:download", "?year=soon"), nobody),
    State("register_open:columns", FILLED, opens("register_open:columns"), nobody),
    State("snapshots:index", EMPTY, opens("snapshots:index"), nobody),
    State("snapshots:index", FILLED, with_copies, nobody),
    State("alerts:ask", EMPTY, opens("alerts:ask"), nobody),
    State("alerts:ask", FILLED, opens("alerts:ask", SEARCH), nobody),
    State("alerts:ask", REFUSED, sent("alerts:ask"), nobody),
    State("alerts:ask", f"{REFUSED}, filters that cannot be read", opens("alerts:ask", "?year=soon"), nobody),
    State("alerts:asked", FILLED, opens("alerts:asked"), nobody),
    State("alerts:confirm", FILLED, opens("alerts:confirm", secret=secret_of_a_question), nobody),
    State("alerts:confirm", "confirmed", begun, nobody),
    State("alerts:confirm", "a link that does not work", opens("alerts:confirm", secret="nothing"), nobody),
    State("alerts:stop", FILLED, opens("alerts:stop", token=token), nobody),
    State("alerts:stop", "stopped", stopped, nobody),
)
NO_PAGE: Final = {
    "register_open:file": f"a file: {', '.join(FORMATS)}",
    "register_open:csvw": "JSON for programs",
    "register_open:schema": "JSON for programs",
    "register_open:feed": "Atom for programs",
    "snapshots:index_json": "JSON for programs",
    "snapshots:checksums": "a text for sha256sum",
    "snapshots:changes": "JSON Lines for programs",
    "snapshots:file": "a file",
    "robots": "a text for search engines",
    "sitemap": "XML for search engines",
    "sitemap_part": "XML for search engines",
}
