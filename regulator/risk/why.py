"""Why an employer stands where it does, in plain English. Pure.

The contribution of a component is logit P(either) less logit P(either without it): what leaving it out would
change. Every sentence is about reasons to look; none says that anything is wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = [
    "Component",
    "Standing",
    "label_of",
    "modality_in_words",
    "peers_in_words",
    "sentences",
]

_WORTH_TELLING: Final = 0.1
_MUCH: Final = 1.0
_MODALITIES: Final = {
    "diagnostic_imaging": "diagnostic imaging",
    "radiotherapy": "radiotherapy",
    "nuclear_medicine": "nuclear medicine",
}
_SECTORS: Final = {
    "nhs": "NHS",
    "independent": "independent",
    "small_practice": "small-practice",
    "other": "other",
}
_WORDS: Final = {
    "reporting": "How much it reports, and since when",
    "severity": "How many of its incidents are severe",
    "late_reports": "Investigation reports that came late",
    "late_notices": "Notifications that came late",
    "recurrence": "Incidents of one cause within a year of each other",
    "overdue_actions": "Actions past the day they were due on",
    "concerns": "Concerns that reached CQC",
    "breaches": "Breaches found at the last inspection",
    "time": "Time since the last inspection",
}
"""Each component by name. One that is not named here cannot be explained, and a test says so."""
_TOLD: Final = {
    "reporting": "how much it reports for what it does, and whether that fell",
    "severity": "how many of its incidents are severe",
    "late_reports": "{happened} of {of} investigation reports came late",
    "late_notices": "{happened} of {of} notifications came late",
    "recurrence": "{happened} of {of} incidents had a cause that was there in the year before",
    "overdue_actions": "notices and actions past the day they were due on: {happened}",
    "concerns": "concerns received in the last year: {happened}",
    "breaches": "breaches found at the last inspection: {happened}",
}


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a score: its two weights of evidence, what leaving it out would change, and the
    figures behind it."""

    name: str
    under: float
    poor: float
    contribution: float
    happened: int = 0
    of: int = 0

    @property
    def label(self) -> str:
        return label_of(self.name)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sentences are made of, for one employer. ``years`` is ``None`` for never inspected;
    ``next_one`` is what P(either) would be after one more minor report in the newest quarter."""

    observed: int
    expected: float
    usual: tuple[int, int]
    peers: tuple[str, ...]
    either: float
    next_one: float
    years: float | None
    modalities: tuple[str, ...]
    unknown: tuple[str, ...]
    covered: float
    few: bool
    rules: tuple[str, ...] = ()
    surges: tuple[str, ...] = ()


def label_of(name: str) -> str:
    """A component in words. Raises ``LookupError`` for one that has none."""
    try:
        return _WORDS[name]
    except KeyError:
        raise LookupError(f"the component {name!r} has no words") from None


def modality_in_words(modality: str) -> str:
    """As it stands in a sentence."""
    return _MODALITIES.get(modality, modality)


def peers_in_words(modality: str, sector: str) -> str:
    """A peer group: "NHS radiotherapy"."""
    return f"{_SECTORS.get(sector, sector)} {modality_in_words(modality)}"


def sentences(standing: Standing, components: Iterable[Component]) -> tuple[str, ...]:
    """The "why", the strongest first; then what would change it, and what is not known."""
    told = [*standing.rules, _counts(standing)]
    ranked = sorted(components, key=lambda each: (-abs(each.contribution), each.name))
    told += [_contribution(each, standing) for each in ranked if abs(each.contribution) >= _WORTH_TELLING]
    told += [f"Rose suddenly in {each}: shown, and not part of the score." for each in standing.surges]
    if standing.modalities and round(standing.next_one, 2) < round(standing.either, 2):
        told.append(
            "One more minor incident reported in the latest quarter would bring "
            f"{standing.either:.2f} to {standing.next_one:.2f}."
        )
    return (*told, *_doubts(standing))


def _counts(standing: Standing) -> str:
    if not standing.modalities:
        return "Nothing is known of what it does: no activity return, and no incident notified."
    peers = ", ".join(standing.peers)
    if standing.expected == 0 and standing.unknown:
        return f"{_incidents(standing.observed)} notified; how many to expect cannot be told."
    low, high = standing.usual
    return (
        f"{_incidents(standing.observed)} where {standing.expected:.1f} would be expected "
        f"(peers: {peers}; nine in ten of them would report {low} to {high})."
    )


def _incidents(number: int) -> str:
    return "1 incident" if number == 1 else f"{number} incidents"


def _contribution(each: Component, standing: Standing) -> str:
    way = "Raises" if each.contribution > 0 else "Lowers"
    much = " much" if abs(each.contribution) >= _MUCH else ""
    return f"{way} it{much} ({each.contribution:+.2f}): {_told(each, standing)}."


def _told(each: Component, standing: Standing) -> str:
    if each.name != "time":
        return _TOLD[each.name].format(happened=each.happened, of=each.of)
    if standing.years is None:
        return "never inspected"
    return f"last inspected {standing.years:.1f} years ago"


def _doubts(standing: Standing) -> list[str]:
    doubts = []
    if standing.unknown:
        where = " and ".join(standing.unknown)
        doubts.append(
            f"No activity return for {where}: held against what is typical of its peers, "
            "and no count speaks for it."
        )
    elif standing.modalities and standing.covered < 0.995:
        doubts.append(
            f"Activity was returned for {standing.covered:.0%} of the window; "
            "the rest is filled from its own returns."
        )
    if standing.few and standing.modalities:
        doubts.append("So few incidents are expected that their number says little: cannot tell.")
    return doubts
