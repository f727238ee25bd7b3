"""Guidance, what readers say of pages, and the monthly digest."""

from itertools import count
from typing import Any, Final

from django.core.cache import cache

from notifications.guidance.links import stop_address
from notifications.guidance.models import Topic, Version, Wish
from notifications.guidance.services import wish_for_digest
from notifications.guidance.wording import Action
from tests.guidance.scene import ACTIONS, Room
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody, opens, sent
from tests.journeys.states.drafting import LONG

_NUMBERS: Final = count(1)
MORE: Final = (
    *ACTIONS[:1],
    Action("Keep the records so that they can be searched, and search them.", ("8(3)",)),
)


def shown(visit: Visit) -> Version:
    """A new topic in its second version."""
    room = Room()
    first = room.shown(title=f"Carers and comforters {next(_NUMBERS)}")
    return room.approved(room.next(first, actions=MORE))


def topic(visit: Visit) -> str:
    return shown(visit).topic.slug


def withdrawn(visit: Visit) -> str:
    room, made = Room(), shown(visit)
    room.approved(room.withdrawal(made))
    return made.topic.slug


def listed(query: str) -> Reach:
    def reach(visit: Visit) -> None:
        Room().shown(title=f"{LONG[:100]} {next(_NUMBERS)}")
        visit.open("guidance:list", query)

    return reach


def without_any(visit: Visit) -> None:
    Version.writers.through.objects.all().delete()
    Version.objects.all().delete()
    Topic.objects.all().delete()
    visit.open("guidance:list")


def asked(slug: Any, answers: Any = None, query: str = "") -> Reach:
    """The question about a page, as it opens or after these answers were refused."""

    def reach(visit: Visit) -> None:
        cache.clear()
        if answers is None:
            visit.open("feedback:give", query, kind="guidance", key=slug(visit))
            return
        sent("feedback:give", answers, kind="guidance", key=slug)(visit)

    return reach


def thanked(visit: Visit) -> None:
    visit.open("feedback:thanks", f"?kind=guidance&page={topic(visit)}")


def wished(visit: Visit) -> Wish:
    assert visit.user is not None
    Wish.objects.all().delete()
    return wish_for_digest(by=visit.user, modalities=["radiotherapy"])


def with_the_digest(visit: Visit) -> None:
    wished(visit)
    visit.open("digest:setting")


def without_the_digest(visit: Visit) -> None:
    Wish.objects.all().delete()
    visit.open("digest:setting")


def set_to(wanted: str) -> Reach:
    def reach(visit: Visit) -> None:
        without_the_digest(visit)
        visit.page.get_by_label(wanted, exact=True).check()
        visit.send()

    return reach


def neither(visit: Visit) -> None:
    """Sent without an answer, which takes a page that lost its radios: one of them is always chosen."""
    without_the_digest(visit)
    visit.page.evaluate("document.querySelectorAll('input[type=radio]').forEach(each => each.remove())")
    visit.send()
    visit.refused()


def token(visit: Visit) -> str:
    return stop_address(wished(visit)).split("/")[-2]


def stopped(visit: Visit) -> None:
    visit.open("digest:stop", token=token(visit))
    visit.send()


STATES: Final = (
    State("guidance:list", EMPTY, without_any, nobody),
    State("guidance:list", FILLED, listed(""), nobody),
    State("guidance:list", f"{FILLED}, filtered", listed("?theme=people&modality=nuclear_medicine"), nobody),
    State("guidance:list", f"{EMPTY}, filtered", listed("?theme=experts"), nobody),
    State("guidance:list", REFUSED, listed("?theme=weather"), nobody),
    State("guidance:topic", FILLED, opens("guidance:topic", slug=topic), nobody),
    State("guidance:topic", "withdrawn", opens("guidance:topic", slug=withdrawn), nobody),
    State("guidance:version", FILLED, opens("guidance:version", slug=topic, number=2), nobody),
    State("guidance:version", "replaced", opens("guidance:version", slug=topic, number=1), nobody),
    State("guidance:version", "withdrawn since", opens("guidance:version", slug=withdrawn, number=2), nobody),
    State("guidance:version", "the withdrawal", opens("guidance:version", slug=withdrawn, number=3), nobody),
    State("guidance:changes", FILLED, opens("guidance:changes", slug=topic, number=2), nobody),
    State("guidance:changes", "withdrawn", opens("guidance:changes", slug=withdrawn, number=3), nobody),
    State("feedback:give", EMPTY, asked(topic), nobody),
    State("feedback:give", FILLED, asked(topic, query="?useful=no"), nobody),
    State("feedback:give", REFUSED, asked(topic, {}), nobody),
    State(
        "feedback:give",
        f"{REFUSED}, it names somebody",
        asked(topic, {"What could be better? (optional)": "Ask Mr Patel."}),
        nobody,
    ),
    State("feedback:thanks", EMPTY, opens("feedback:thanks"), nobody),
    State("feedback:thanks", FILLED, thanked, nobody),
    State("digest:setting", EMPTY, without_the_digest),
    State("digest:setting", FILLED, with_the_digest),
    State("digest:setting", "saved", set_to("Yes")),
    State("digest:setting", REFUSED, neither),
    State("digest:stop", FILLED, opens("digest:stop", token=token)),
    State("digest:stop", "stopped", stopped),
    State("digest:stop", "a link that does not work", opens("digest:stop", token="nothing"), nobody),
)
NO_PAGE: Final = {"guidance:feed": "Atom for programs"}
