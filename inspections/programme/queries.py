"""The reads on a programme; each says how many SQL queries it takes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from inspections.models import Inspection
from inspections.programme.drawing import Arm, Drawn, draw
from inspections.programme.models import ARMS, Place, Programme
from inspections.programme.records import candidates_of, digest, terms_of
from regulator.accounts.models import User
from regulator.casework.mentions import unseen_by
from regulator.casework.models import Event
from regulator.organisations.models import EmployerType, Modality
from regulator.periods import Period, reporting_year_of


def places_of(programme: Programme) -> list[Place]:
    """Those that stand, in their order, with employers and inspections (1 query)."""
    return list(programme.places.standing().select_related("employer", "inspection__case"))


def log_of(programme: Programme) -> "QuerySet[Place]":
    """Every place that ever was on it, those taken off too (1 query): the selection log."""
    return programme.places.select_related("employer", "inspection__case").order_by("position", "pk")


def unseen_inspections(places: Iterable[Place], by: User) -> set[int]:
    """The keys of the restricted inspections of these places that ``by`` may not see, so that no page or file
    names them (docs/decisions/0013). One query where one is restricted; none otherwise."""
    return unseen_by(by, (place.inspection.case for place in places if place.inspection is not None))


def drawn_anew(programme: Programme) -> list[Drawn]:
    """The draw done once more from what is kept (no query)."""
    return draw(candidates_of(programme.snapshot), terms_of(programme.terms))


def is_as_drawn(programme: Programme) -> bool:
    """Whether what is kept is what was drawn from, and draws the places that are on the log, each by the same
    arm, whatever became of them since (1 query)."""
    if digest(programme.terms, programme.snapshot) != programme.input_sha256:
        return False
    again = sorted((*each.candidate.key, each.arm.value) for each in drawn_anew(programme))
    kept = programme.places.exclude(arm=Arm.CHOSEN).values_list("employer", "modality", "arm")
    return sorted(kept) == again


def reactive_opened(programme: Programme) -> int:
    """How many reactive inspections were opened in its year (1 query)."""
    year = year_of(programme)
    opened = Inspection.objects.filter(
        trigger=Inspection.Trigger.REACTIVE, case__created_at__date__range=(year.start, year.end)
    )
    return opened.count()


def year_of(programme: Programme) -> Period:
    """1 April to 31 March."""
    return reporting_year_of(programme.starts_on)


def history_of(programme: Programme) -> list[Event]:
    """What was done to it, the newest first (1 query)."""
    told = Event.objects.filter(type__startswith="programme.", payload__programme=programme.pk)
    return list(told.select_related("actor", "typed").order_by("-sequence"))


@dataclass(frozen=True, slots=True)
class Share:
    """One modality and sector: the places of the score that were meant for it, and who is on it by arm."""

    modality: str
    sector: str
    meant: int
    by_arm: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_arm)

    @property
    def by_arm_labelled(self) -> list[tuple[str, int]]:
        return list(zip(ARMS.values(), self.by_arm, strict=True))


def shares_of(programme: Programme, places: Sequence[Place]) -> list[Share]:
    """How the places are shared by modality and sector, against the split of the draw (no query)."""
    meant = terms_of(programme.terms).split
    found = Counter((place.modality, place.sector, place.arm) for place in places)
    strata = meant.keys() | {(modality, sector) for modality, sector, _ in found}
    return [
        Share(
            Modality(modality).label,
            EmployerType(sector).label,
            meant.get((modality, sector), 0),
            tuple(found[modality, sector, arm.value] for arm in ARMS),
        )
        for modality, sector in sorted(strata)
    ]


def expected_misses(places: Iterable[Place]) -> Decimal | None:
    """Of those whom the score chose, how many it expects to find nothing at: the sum of 1 - P. ``None`` where
    it chose none (no query)."""
    chosen = [1 - place.score for place in places if place.arm == Arm.SCORE and place.score is not None]
    return sum(chosen, Decimal(0)) if chosen else None
