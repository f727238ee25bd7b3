"""The public library of learning, open to all."""

from typing import Final

from notifications.learning.library import take_out
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody, opens
from tests.notifications.learning.told import published

LONG: Final = (
    "Examinations requested under one name were carried out for another, because the referral system offered "
    "the person seen last"
)


def filled(query: str = "", number: int = 3) -> Reach:
    """The list, of what was published for it."""

    def reach(visit: Visit) -> None:
        published(title=LONG, themes=("patient-identification", "workforce", "referral-scope"))
        published(modality="radiotherapy", sub_modality="", tiers=("", "", ""), equipment="", themes=())
        for _ in range(number - 2):
            published()
        visit.open("learning:list", query)

    return reach


def full(visit: Visit) -> None:
    """A case with everything, at length."""
    paragraphs = "\n\n".join("The system offered the person seen last. " * 6 for _ in range(3))
    made = published(title=LONG, system=paragraphs, actions=f"Unbroken{'x' * 90}. {paragraphs}")
    visit.open("learning:one", number=made.number, slug=made.slug)


def bare(visit: Visit) -> None:
    made = published(sub_modality="", tiers=("", "", ""), equipment="", themes=())
    visit.open("learning:one", number=made.number, slug=made.slug)


def withdrawn(visit: Visit) -> None:
    made = published()
    take_out(made.number)
    visit.open("learning:one", number=made.number, slug=made.slug)


ALL: Final = (
    "?q=lists&modality=diagnostic_imaging&cause=referrer&equipment=ct_scanner&theme=patient-identification"
)
STATES: Final = (
    State("learning:list", EMPTY, opens("learning:list"), nobody),
    State("learning:list", FILLED, filled(), nobody),
    State("learning:list", f"{FILLED}, all filters", filled(ALL), nobody),
    State("learning:list", f"{FILLED}, two pages", filled("?page=2", 45), nobody),
    State("learning:list", "nothing fits", filled("?q=nobody+wrote+this&theme=none-such"), nobody),
    State("learning:list", REFUSED, filled("?theme=%27"), nobody),
    State("learning:one", FILLED, full, nobody),
    State("learning:one", f"{FILLED}, told in general", bare, nobody),
    State("learning:one", "withdrawn", withdrawn, nobody),
)
NO_PAGE: Final = {"learning:feed": "Atom for programs"}
