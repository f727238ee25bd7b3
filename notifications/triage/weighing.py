"""Eight inputs, each with points for each of its values; the sum picks the band. The points are data.

Worse never weighs less (``read_weights`` refuses such a file), and a dose that nobody could compare with the
criteria weighs more than one that just meets them: what is missing must not look safe.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum, IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

_WEIGHTS: Final = Path(__file__).resolve().parent.parent / "data" / "triage.json"


class Band(IntEnum):
    """The risk, with the numbers under which a case keeps it (``Case.Risk``)."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Dose(Enum):
    """What was given against the criteria of the day of the incident."""

    BELOW = "below"
    MET = "met"
    UNKNOWN = "unknown"
    FAR_ABOVE = "far_above"


class Person(Enum):
    """Who was exposed; the most vulnerable where several were."""

    ADULT = "adult"
    CHILD = "child"
    UNBORN = "unborn"


class People(Enum):
    ONE = "one"
    SEVERAL = "several"
    MANY = "many"


class Recurrence(Enum):
    """Like events at the same site in the 12 months before."""

    NONE = "none"
    ONCE = "once"
    REPEATED = "repeated"


class YesNo(Enum):
    NO = "no"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the band is weighed on. The values of each kind are written from the least to the gravest."""

    dose: Dose
    person: Person
    people: People
    tissue_reaction: YesNo
    serious_harm: YesNo
    wrong_person: YesNo
    recurrence: Recurrence
    late: YesNo

    def as_data(self) -> dict[str, str]:
        """By name, as JSON keeps them."""
        return {each.name: getattr(self, each.name).value for each in fields(self)}


KINDS: Final[dict[str, type[Enum]]] = {
    "dose": Dose,
    "person": Person,
    "people": People,
    "tissue_reaction": YesNo,
    "serious_harm": YesNo,
    "wrong_person": YesNo,
    "recurrence": Recurrence,
    "late": YesNo,
}
"""The values that each input can have."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of the points.

    A quantity of the criteria stands far above at so many times the value of the criterion
    (``far_above_times``), or from a value of its own on (``far_above_from``); no other quantity is a dose.
    """

    version: int
    source: str
    high: int
    medium: int
    points: Mapping[str, Mapping[str, int]]
    many_people: int
    repeated_from: int
    far_above_times: Mapping[str, Decimal]
    far_above_from: Mapping[str, Decimal]

    def of(self, name: str, value: str) -> int:
        return self.points[name][value]


@dataclass(frozen=True, slots=True)
class Reason:
    """One input that speaks for a higher risk."""

    name: str
    value: str
    points: int

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.name, self.value]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The band, its reasons from the gravest on, and the version of the weights that it rests on."""

    band: Band
    points: int
    reasons: tuple[Reason, ...]
    version: int

    @property
    def proposes_inspection(self) -> bool:
        """High risk proposes a reactive inspection; whether there is one is an inspector's to decide."""
        return self.band is Band.HIGH


_SENTENCES: Final = {
    ("dose", "met"): "The dose meets a criterion of the day.",
    ("dose", "unknown"): "The dose could not be compared with the criteria: something is missing.",
    ("dose", "far_above"): "The dose is far above a criterion of the day.",
    ("person", "child"): "A child was exposed.",
    ("person", "unborn"): "An unborn child or a breastfed infant was exposed.",
    ("people", "several"): "More than one person was exposed.",
    ("people", "many"): "Many people were exposed.",
    ("tissue_reaction", "yes"): "A tissue reaction was seen.",
    ("serious_harm", "yes"): "The harm lasts, or the exposure contributed to a death.",
    ("wrong_person", "yes"): "It reached the wrong person.",
    ("recurrence", "once"): "A like event was notified from this site in the 12 months before.",
    ("recurrence", "repeated"): "Like events were notified from this site more than once in 12 months.",
    ("late", "yes"): "It was notified later than the time limit allows.",
}


def weigh(inputs: Inputs, weights: Weights) -> Suggestion:
    """The band that the inputs add up to, with every input that weighs anything."""
    reasons = tuple(
        sorted(
            (
                Reason(name, value, weights.of(name, value))
                for name, value in inputs.as_data().items()
                if weights.of(name, value)
            ),
            key=lambda reason: -reason.points,
        )
    )
    points = sum(reason.points for reason in reasons)
    band = Band.HIGH if points >= weights.high else Band.MEDIUM if points >= weights.medium else Band.LOW
    return Suggestion(band, points, reasons, weights.version)


@cache
def read_weights(path: Path = _WEIGHTS) -> Weights:
    """The weights that the project ships. ``ValueError`` names what a file lacks, or where worse is less."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        weights = Weights(
            version=document["version"],
            source=document["source"],
            high=document["bands"]["high"],
            medium=document["bands"]["medium"],
            points=document["points"],
            many_people=document["many_people"],
            repeated_from=document["repeated_from"],
            far_above_times=_decimals(document["far_above_times_criterion"]),
            far_above_from=_decimals(document["far_above_from"]),
        )
    except KeyError as error:
        raise ValueError(f"{path.name}: {error} is missing") from error
    for name, kind in KINDS.items():
        wanted, given = [each.value for each in kind], weights.points.get(name, {})
        if set(given) != set(wanted):
            raise ValueError(f"{path.name}: {name} must have points for {', '.join(wanted)}")
        in_order = [given[value] for value in wanted]
        if in_order != sorted(in_order) or in_order[0] < 0:
            raise ValueError(f"{path.name}: {name}: what is worse weighs less")
    return weights


def _decimals(plain: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in plain.items()}
