"""Choosing whom to inspect. Pure: candidates and terms in, places out; the same bytes in, the same places
out.

Four arms, in this order; each takes from whom the ones before have left:

* ``rule``: a rule asks for an immediate look and names itself; the highest score first, up to the places that
  there are for rules; certain. Whoever is left over is passed on to the other arms.
* ``time``: nobody has inspected them for longer than the terms allow, the longest (or never) first; certain.
* ``score``: the highest score within the candidate's own share of the split; certain.
* ``random``: a simple random sample, without replacement, of all who are left, whatever their share. Each has
  the same probability, so that the rate of what is found among them is that of those whom the score passes
  over (Bardsley and others, Quality and Safety in Health Care 2009;18:189: the top tenth beside a random
  tenth).

Chance is a hash: who is left is sorted by SHA-256 of the seed and the candidate's key, and the first are
taken. Anybody can do it again with the seed on record, in any language.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

Key = tuple[int, str]
"""Employer and modality: what is inspected."""
Stratum = tuple[str, str]
"""Modality and sector: what the split shares places among."""


class Arm(StrEnum):
    """What chose a place. ``CHOSEN`` is a person, after the draw; it has no probability."""

    RULE = "rule"
    TIME = "time"
    SCORE = "score"
    RANDOM = "random"
    CHOSEN = "chosen"


CERTAIN: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who could be inspected for what, as things stood on the day of the draw.

    ``score`` is ``None`` where nothing is known ("cannot tell"): such a candidate is reached by rule, by time
    and by chance, never by score. ``rule`` names what forces an immediate look. ``inspected_on`` is the last
    visit. ``is_underway`` says that an inspection of them is planned or open: they are not drawn again.
    """

    employer: int
    modality: str
    sector: str
    score: Fraction | None = None
    rule: str = ""
    inspected_on: date | None = None
    is_underway: bool = False

    @property
    def key(self) -> Key:
        return self.employer, self.modality

    @property
    def stratum(self) -> Stratum:
        return self.modality, self.sector


@dataclass(frozen=True, slots=True)
class Terms:
    """How many places there are and how they are shared.

    ``split`` are the places of the score, by modality and sector. ``by_rule`` are the most that rules may
    take, so that one that fits many leaves room for the others, and ``by_time`` the most that the arm of time
    may take, of those not inspected for ``floor_years`` or never. Whoever was inspected within ``rest_years``
    is left alone, but for a rule. ``seed`` is what chance hangs on.
    """

    on: date
    split: Mapping[Stratum, int]
    by_rule: int
    by_time: int
    by_chance: int
    rest_years: int
    floor_years: int
    seed: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One place: who, by which arm, and how probable it was that this arm took them given those before it."""

    candidate: Candidate
    arm: Arm
    probability: Fraction


def draw(candidates: Iterable[Candidate], terms: Terms) -> list[Drawn]:
    """The places, in the order in which the arms took them; within an arm the most urgent first.

    The order of ``candidates`` changes nothing. Raises ``ValueError`` for one who stands in it twice.
    """
    left = {each.key: each for each in sorted(candidates, key=lambda each: each.key)}
    given = [each for each in left.values() if not each.is_underway]
    return _Draw(terms, {each.key: each for each in given}).all()


@dataclass(slots=True)
class _Draw:
    terms: Terms
    left: dict[Key, Candidate]

    def all(self) -> list[Drawn]:
        drawn = self._take(self._forced()[: self.terms.by_rule], Arm.RULE)
        self.left = {key: each for key, each in self.left.items() if not self._rests(each)}
        drawn += self._take(self._neglected()[: self.terms.by_time], Arm.TIME)
        drawn += self._take(self._highest(), Arm.SCORE)
        return drawn + self._by_chance()

    def _take(self, chosen: list[Candidate], arm: Arm, probability: Fraction = CERTAIN) -> list[Drawn]:
        for each in chosen:
            del self.left[each.key]
        return [Drawn(each, arm, probability) for each in chosen]

    def _forced(self) -> list[Candidate]:
        return [each for each in self._ranked() if each.rule]

    def _neglected(self) -> list[Candidate]:
        """Those never inspected first, then the longest ago; among equals by chance."""
        before = years_before(self.terms.on, self.terms.floor_years)
        found = [each for each in self.left.values() if (each.inspected_on or date.min) <= before]
        return sorted(found, key=lambda each: (each.inspected_on or date.min, self._chance(each)))

    def _highest(self) -> list[Candidate]:
        chosen, room = list[Candidate](), dict(self.terms.split)
        for each in self._ranked():
            if each.score is not None and room.get(each.stratum, 0) > 0:
                room[each.stratum] -= 1
                chosen.append(each)
        return chosen

    def _by_chance(self) -> list[Drawn]:
        places = min(self.terms.by_chance, len(self.left))
        if not places:
            return []
        probability = Fraction(places, len(self.left))
        return self._take(sorted(self.left.values(), key=self._chance)[:places], Arm.RANDOM, probability)

    def _ranked(self) -> list[Candidate]:
        """The highest score first, whoever has none last; ties by chance."""
        return sorted(
            self.left.values(),
            key=lambda each: (each.score is None, -(each.score or Fraction(0)), self._chance(each)),
        )

    def _rests(self, each: Candidate) -> bool:
        return each.inspected_on is not None and each.inspected_on > years_before(
            self.terms.on, self.terms.rest_years
        )

    def _chance(self, each: Candidate) -> str:
        return chance(self.terms.seed, each.key)


def chance(seed: str, key: Key) -> str:
    """Where chance puts a candidate: SHA-256 (hex) of ``seed:employer:modality``."""
    return hashlib.sha256(f"{seed}:{key[0]}:{key[1]}".encode()).hexdigest()


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
