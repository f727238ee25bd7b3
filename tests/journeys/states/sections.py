"""The sections of a draft, one by one."""

from datetime import date
from functools import partial
from typing import Final

from notifications.content import DraftContent
from regulator.organisations.models import Modality
from tests.factories import complete
from tests.journeys.stage import answer
from tests.journeys.states import CONFLICT, EMPTY, FILLED, REFUSED, TYPED, State, Visit, overtaken, typed
from tests.journeys.states.drafting import (
    BREACH,
    IMAGING,
    VOLUNTARY,
    Make,
    begun,
    of,
    ready,
    saved_by_a_colleague,
)

STORY: Final = {"What happened?": "The couch was moved 2 cm to the left.\nThen it was moved back."}
RADIOTHERAPY: Final = partial(DraftContent, modality=Modality.RADIOTHERAPY)
NUCLEAR_MEDICINE: Final = partial(DraftContent, modality=Modality.NUCLEAR_MEDICINE)
_REST: Final = ("circumstances", "telling", "lfpse")


def sections(name: str, content: Make, *slugs: str) -> list[State]:
    """A state for each of these sections of such a draft."""
    return [
        State("notifications:edit", f"{name}, {slug}", of("notifications:edit", content, slug=slug))
        for slug in slugs
    ]


def misdated(visit: Visit) -> None:
    """Everything in a section that a form can find wrong at once."""
    visit.open("notifications:edit", pk=begun(visit), slug="incident")
    incident = visit.page.get_by_role("group", name="When did it happen?")
    incident.get_by_label("Day").fill("31")
    incident.get_by_label("Month").fill("2")
    incident.get_by_label("Year").fill("26")
    answer(visit.page, {"When was it discovered?": date(2027, 1, 1)})
    visit.send()
    visit.refused()


def named(visit: Visit) -> None:
    visit.open("notifications:edit", pk=begun(visit), slug="circumstances")
    answer(visit.page, {"What happened?": "Mr Patel was exposed in place of another patient."})
    visit.send()
    visit.refused("identify somebody")


STATES: Final = (
    *sections(EMPTY, IMAGING, "incident", "people", "exposure", "criterion", *_REST),
    *sections(
        f"{EMPTY}, radiotherapy", partial(DraftContent, modality=Modality.RADIOTHERAPY), "exposure", "images"
    ),
    *sections(
        f"{EMPTY}, nuclear medicine", partial(DraftContent, modality=Modality.NUCLEAR_MEDICINE), "exposure"
    ),
    *sections(FILLED, complete, "incident", "people", "exposure", "criterion", *_REST),
    *sections(f"{FILLED}, licence breach", BREACH, "licence", "incident", "circumstances", "telling"),
    *sections(f"{FILLED}, voluntary", VOLUNTARY, "people", "criterion"),
    State("notifications:edit", f"{REFUSED}, no such day", misdated),
    State("notifications:edit", f"{REFUSED}, somebody is named", named),
    State(
        "notifications:edit",
        f"{CONFLICT}, same section",
        overtaken(
            "notifications:edit",
            lambda visit: saved_by_a_colleague(visit, narrative="The couch was moved the wrong way."),
            STORY,
            pk=ready,
            slug="circumstances",
        ),
    ),
    State(
        "notifications:edit",
        f"{CONFLICT}, another section",
        overtaken(
            "notifications:edit",
            lambda visit: saved_by_a_colleague(visit, contact_phone="01632 960001"),
            STORY,
            pk=ready,
            slug="circumstances",
        ),
    ),
    State(
        "notifications:edit",
        TYPED,
        typed("notifications:edit", STORY, pk=begun, slug="circumstances"),
    ),
)
