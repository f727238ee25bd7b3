"""What guidance contributes: its events, letters and place in the navigation, its news to the digest, its
pages to those that readers speak of and to the sitemap, and its panel of the desk's home."""

from typing import Final

from notifications.guidance import queries
from notifications.guidance.desk_home import second_person
from notifications.guidance.letters import LETTERS as OURS
from notifications.guidance.models import Feedback
from notifications.guidance.pages import PAGES, PageKind
from notifications.guidance.sitemap import TOPICS
from notifications.guidance.sources import SOURCES, Source
from regulator.casework.desk import HOME_PANELS
from regulator.casework.kinds import EVENTS
from regulator.frontend.navigation import NAVIGATION, Audience, Entry
from regulator.frontend.sitemaps import SITEMAPS
from regulator.outbox.letters import LETTERS

_EVENTS: Final = {
    "drafted": "Version of guidance begun",
    "changed": "Draft of guidance changed",
    "sent": "Guidance sent to a second person",
    "taken_back": "Guidance taken back by a writer",
    "given_back": "Guidance given back",
    "approved": "Guidance approved",
    "discarded": "Draft of guidance discarded",
}


def contribute() -> None:
    for name, label in _EVENTS.items():
        EVENTS.register(f"guidance.{name}", label)
    for letter in OURS:
        LETTERS.register(letter.name, letter)
    SOURCES.register("guidance", Source("Guidance for employers", queries.news))
    kind = Feedback.Kind.GUIDANCE
    PAGES.register(kind.value, PageKind(kind.value, kind.label, queries.page_of, queries.titles_of))
    SITEMAPS.register("guidance", TOPICS)
    HOME_PANELS.register("guidance.second_person", second_person)
    readers = frozenset({Audience.PUBLIC, Audience.EMPLOYER})
    NAVIGATION.register("guidance", Entry("Guidance", "guidance:list", readers, 45))
